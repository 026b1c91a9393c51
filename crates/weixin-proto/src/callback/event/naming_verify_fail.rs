//! `naming_verify_fail`: the name of the account was not verified.
//!
//! <https://developers.weixin.qq.com/doc/offiaccount/Account_Management/Wechat_Accreditation_Event_Push.html>

use serde::Serialize;

use crate::callback::{Body, Field, FieldError, Read};

/// The name of the account was not verified.
///
/// It has its rights but not the mark.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NamingVerifyFail {
    /// When, in seconds since 1970.
    pub fail_time: i64,
    /// Why.
    pub fail_reason: String,
}

impl Body for NamingVerifyFail {
    const NAMES: &'static [&'static str] = &["naming_verify_fail"];
}

impl Read for NamingVerifyFail {
    fn read(field: Field<'_>) -> Result<Self, FieldError> {
        Ok(Self { fail_time: field.read("FailTime")?, fail_reason: field.read("FailReason")? })
    }
}

#[cfg(test)]
mod tests {
    use super::NamingVerifyFail;
    use crate::callback::testing::event;

    #[test]
    fn the_documented_push() {
        event(
            "naming_verify_fail",
            "<FailTime>1442401122</FailTime><FailReason><![CDATA[by time]]></FailReason>",
            &NamingVerifyFail { fail_time: 1_442_401_122, fail_reason: "by time".into() },
            r#"{"fail_time":1442401122,"fail_reason":"by time"}"#,
        );
    }
}
