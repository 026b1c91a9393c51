//! `weapp_audit_fail`: a version of a mini program was refused.
//!
//! <https://developers.weixin.qq.com/doc/oplatform/Third-party_Platforms/2.0/api/code/audit_event.html>

use serde::Serialize;

use crate::callback::{Body, Field, FieldError, Read};

/// A version of a mini program was refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WeappAuditFail {
    /// When, in seconds since 1970.
    pub fail_time: Option<i64>,
    /// Why; may hold `<br>`.
    pub reason: Option<String>,
    /// Pictures of it: permanent media ids with `|` between them.
    pub screen_shot: Option<String>,
}

impl Body for WeappAuditFail {
    const NAMES: &'static [&'static str] = &["weapp_audit_fail"];
}

impl Read for WeappAuditFail {
    fn read(field: Field<'_>) -> Result<Self, FieldError> {
        Ok(Self {
            fail_time: field.read("FailTime")?,
            reason: field.read("Reason")?,
            screen_shot: field.read("ScreenShot")?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::WeappAuditFail;
    use crate::callback::testing::event;

    #[test]
    fn the_documented_push() {
        event(
            "weapp_audit_fail",
            "<FailTime>1488856591</FailTime><Reason><![CDATA[1:账号信息不符合规范:<br>]]></Reason>\
             <ScreenShot><![CDATA[M1|M2]]></ScreenShot>",
            &WeappAuditFail {
                fail_time: Some(1_488_856_591),
                reason: Some("1:账号信息不符合规范:<br>".into()),
                screen_shot: Some("M1|M2".into()),
            },
            r#"{"fail_time":1488856591,"reason":"1:账号信息不符合规范:<br>","screen_shot":"M1|M2"}"#,
        );
    }
}
