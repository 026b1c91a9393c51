//! `device_text`: a device sent data.
//!
//! <https://iot.weixin.qq.com/wiki/new/index.html>

use serde::Serialize;

use crate::OpenId;
use crate::callback::{Body, Field, FieldError, Read};

/// A device sent data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DeviceText {
    /// The original id of the device's account.
    pub device_type: String,
    /// Which device; the id was given by its maker.
    pub device_id: String,
    /// The data, Base64.
    pub content: String,
    /// Belongs into the answer.
    pub session_id: Option<String>,
    /// Whose device it is.
    pub open_id: Option<OpenId>,
}

impl Body for DeviceText {
    const NAMES: &'static [&'static str] = &["device_text"];
}

impl Read for DeviceText {
    fn read(field: Field<'_>) -> Result<Self, FieldError> {
        Ok(Self {
            device_type: field.read("DeviceType")?,
            device_id: field.read("DeviceID")?,
            content: field.read("Content")?,
            session_id: field.read("SessionID")?,
            open_id: field.read("OpenID")?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::DeviceText;
    use crate::callback::testing::message;

    #[test]
    fn the_documented_push() {
        message(
            "device_text",
            "<DeviceType><![CDATA[gh_1]]></DeviceType><DeviceID><![CDATA[D1]]></DeviceID>\
             <Content><![CDATA[aGVsbG8=]]></Content><SessionID><![CDATA[42]]></SessionID>\
             <OpenID><![CDATA[oABCD]]></OpenID>",
            &DeviceText {
                device_type: "gh_1".into(),
                device_id: "D1".into(),
                content: "aGVsbG8=".into(),
                session_id: Some("42".into()),
                open_id: Some("oABCD".into()),
            },
            r#"{"device_type":"gh_1","device_id":"D1","content":"aGVsbG8=","session_id":"42","open_id":"oABCD"}"#,
        );
    }
}
