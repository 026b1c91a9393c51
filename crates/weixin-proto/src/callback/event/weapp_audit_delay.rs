//! `weapp_audit_delay`: the decision about a version of a mini program takes longer.
//!
//! <https://developers.weixin.qq.com/doc/oplatform/Third-party_Platforms/2.0/api/code/audit_event.html>

use serde::Serialize;

use crate::callback::{Body, Field, FieldError, Read};

/// The decision about a version of a mini program takes longer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WeappAuditDelay {
    /// When that was decided, in seconds since 1970.
    pub delay_time: Option<i64>,
    /// Why.
    pub reason: Option<String>,
}

impl Body for WeappAuditDelay {
    const NAMES: &'static [&'static str] = &["weapp_audit_delay"];
}

impl Read for WeappAuditDelay {
    fn read(field: Field<'_>) -> Result<Self, FieldError> {
        Ok(Self { delay_time: field.read("DelayTime")?, reason: field.read("Reason")? })
    }
}

#[cfg(test)]
mod tests {
    use super::WeappAuditDelay;
    use crate::callback::testing::event;

    #[test]
    fn the_documented_push() {
        event(
            "weapp_audit_delay",
            "<DelayTime>1488856591</DelayTime><Reason><![CDATA[为了更好的服务小程序]]></Reason>",
            &WeappAuditDelay { delay_time: Some(1_488_856_591), reason: Some("为了更好的服务小程序".into()) },
            r#"{"delay_time":1488856591,"reason":"为了更好的服务小程序"}"#,
        );
    }
}
