//! `scancode_waitmsg`: something was scanned by a menu button; the chat waits for an answer.
//!
//! <https://developers.weixin.qq.com/doc/offiaccount/Custom_Menus/Custom_Menu_Push_Events.html>

use serde::Serialize;

use crate::callback::{Body, Field, FieldError, Read};

/// Something was scanned by a menu button; the chat waits for an answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ScancodeWaitmsg {
    /// The `key` of the button.
    pub event_key: String,
    /// `qrcode`, or `barcode`.
    pub scan_type: String,
    /// What it says; of a bar code its kind in front, as in `EAN_13,6901234567892`.
    pub scan_result: String,
}

impl Body for ScancodeWaitmsg {
    const NAMES: &'static [&'static str] = &["scancode_waitmsg"];
}

impl Read for ScancodeWaitmsg {
    fn read(field: Field<'_>) -> Result<Self, FieldError> {
        let info = field.inside("ScanCodeInfo")?;
        Ok(Self {
            event_key: field.read("EventKey")?,
            scan_type: info.read("ScanType")?,
            scan_result: info.read("ScanResult")?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::ScancodeWaitmsg;
    use crate::callback::testing::event;

    #[test]
    fn the_documented_push() {
        event(
            "scancode_waitmsg",
            "<EventKey><![CDATA[6]]></EventKey><ScanCodeInfo><ScanType><![CDATA[qrcode]]></ScanType>\
             <ScanResult><![CDATA[1]]></ScanResult></ScanCodeInfo>",
            &ScancodeWaitmsg { event_key: "6".into(), scan_type: "qrcode".into(), scan_result: "1".into() },
            r#"{"event_key":"6","scan_type":"qrcode","scan_result":"1"}"#,
        );
    }
}
