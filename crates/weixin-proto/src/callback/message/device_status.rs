//! `device_status`: somebody wants to know a device's state, or no longer.
//!
//! <https://iot.weixin.qq.com/wiki/new/index.html>

use serde::Serialize;

use crate::OpenId;
use crate::callback::{Body, Field, FieldError, Read};

/// Somebody wants to know a device's state, or no longer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DeviceStatus {
    /// The original id of the device's account.
    pub device_type: String,
    /// Which device; the id was given by its maker.
    pub device_id: String,
    /// 0 no more wanted, 1 still wanted, 2 wanted.
    pub op_type: Option<i64>,
    /// Whose device it is.
    pub open_id: Option<OpenId>,
}

impl Body for DeviceStatus {
    const NAMES: &'static [&'static str] = &["device_status"];
}

impl Read for DeviceStatus {
    fn read(field: Field<'_>) -> Result<Self, FieldError> {
        Ok(Self {
            device_type: field.read("DeviceType")?,
            device_id: field.read("DeviceID")?,
            op_type: field.read("OpType")?,
            open_id: field.read("OpenID")?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::DeviceStatus;
    use crate::callback::testing::message;

    #[test]
    fn the_documented_push() {
        message(
            "device_status",
            "<DeviceType><![CDATA[gh_1]]></DeviceType><DeviceID><![CDATA[D1]]></DeviceID>\
             <OpType>2</OpType><OpenID><![CDATA[oABCD]]></OpenID>",
            &DeviceStatus {
                device_type: "gh_1".into(),
                device_id: "D1".into(),
                op_type: Some(2),
                open_id: Some("oABCD".into()),
            },
            r#"{"device_type":"gh_1","device_id":"D1","op_type":2,"open_id":"oABCD"}"#,
        );
    }
}
