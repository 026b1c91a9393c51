//! `weapp_audit_success`: a version of a mini program was approved.
//!
//! <https://developers.weixin.qq.com/doc/oplatform/Third-party_Platforms/2.0/api/code/audit_event.html>

use serde::Serialize;

use crate::callback::{Body, Field, FieldError, Read};

/// A version of a mini program was approved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WeappAuditSuccess {
    /// When, in seconds since 1970.
    pub succ_time: Option<i64>,
}

impl Body for WeappAuditSuccess {
    const NAMES: &'static [&'static str] = &["weapp_audit_success"];
}

impl Read for WeappAuditSuccess {
    fn read(field: Field<'_>) -> Result<Self, FieldError> {
        Ok(Self { succ_time: field.read("SuccTime")? })
    }
}

#[cfg(test)]
mod tests {
    use super::WeappAuditSuccess;
    use crate::callback::testing::event;

    #[test]
    fn the_documented_push() {
        event(
            "weapp_audit_success",
            "<SuccTime>1488856741</SuccTime>",
            &WeappAuditSuccess { succ_time: Some(1_488_856_741) },
            r#"{"succ_time":1488856741}"#,
        );
    }
}
