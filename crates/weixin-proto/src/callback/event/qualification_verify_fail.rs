//! `qualification_verify_fail`: the account was not verified.
//!
//! <https://developers.weixin.qq.com/doc/offiaccount/Account_Management/Wechat_Accreditation_Event_Push.html>

use serde::Serialize;

use crate::callback::{Body, Field, FieldError, Read};

/// The account was not verified.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct QualificationVerifyFail {
    /// When, in seconds since 1970.
    pub fail_time: i64,
    /// Why.
    pub fail_reason: String,
}

impl Body for QualificationVerifyFail {
    const NAMES: &'static [&'static str] = &["qualification_verify_fail"];
}

impl Read for QualificationVerifyFail {
    fn read(field: Field<'_>) -> Result<Self, FieldError> {
        Ok(Self { fail_time: field.read("FailTime")?, fail_reason: field.read("FailReason")? })
    }
}

#[cfg(test)]
mod tests {
    use super::QualificationVerifyFail;
    use crate::callback::testing::event;

    #[test]
    fn the_documented_push() {
        event(
            "qualification_verify_fail",
            "<FailTime>1442401122</FailTime><FailReason><![CDATA[by time]]></FailReason>",
            &QualificationVerifyFail { fail_time: 1_442_401_122, fail_reason: "by time".into() },
            r#"{"fail_time":1442401122,"fail_reason":"by time"}"#,
        );
    }
}
