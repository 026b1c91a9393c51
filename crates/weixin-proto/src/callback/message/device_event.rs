//! `device_event`: something happened to a device.
//!
//! <https://iot.weixin.qq.com/wiki/new/index.html>

use serde::Serialize;

use crate::OpenId;
use crate::callback::{Body, Field, FieldError, Read};

/// Something happened to a device.
///
/// A message by its `MsgType`, although it has an `Event`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DeviceEvent {
    /// `bind`, `unbind`, `subscribe_status` or `unsubscribe_status`.
    pub event: String,
    /// The original id of the device's account.
    pub device_type: String,
    /// Which device; the id was given by its maker.
    pub device_id: String,
    /// About its state: 0 no more wanted, 1 still wanted, 2 wanted.
    pub op_type: Option<i64>,
    /// Data, Base64.
    pub content: Option<String>,
    /// Belongs into the answer.
    pub session_id: Option<String>,
    /// Whose device it is.
    pub open_id: Option<OpenId>,
}

impl Body for DeviceEvent {
    const NAMES: &'static [&'static str] = &["device_event"];
}

impl Read for DeviceEvent {
    fn read(field: Field<'_>) -> Result<Self, FieldError> {
        Ok(Self {
            event: field.read("Event")?,
            device_type: field.read("DeviceType")?,
            device_id: field.read("DeviceID")?,
            op_type: field.read("OpType")?,
            content: field.read("Content")?,
            session_id: field.read("SessionID")?,
            open_id: field.read("OpenID")?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::DeviceEvent;
    use crate::callback::testing::message;

    #[test]
    fn the_documented_push() {
        message(
            "device_event",
            "<Event><![CDATA[bind]]></Event><DeviceType><![CDATA[gh_1]]></DeviceType>\
             <DeviceID><![CDATA[D1]]></DeviceID><Content><![CDATA[aGVsbG8=]]></Content>\
             <SessionID><![CDATA[42]]></SessionID><OpenID><![CDATA[oABCD]]></OpenID>",
            &DeviceEvent {
                event: "bind".into(),
                device_type: "gh_1".into(),
                device_id: "D1".into(),
                op_type: None,
                content: Some("aGVsbG8=".into()),
                session_id: Some("42".into()),
                open_id: Some("oABCD".into()),
            },
            r#"{"event":"bind","device_type":"gh_1","device_id":"D1","op_type":null,"content":"aGVsbG8=","session_id":"42","open_id":"oABCD"}"#,
        );
    }
}
