//! `qualification_verify_success`: the account was verified; its rights are there now.
//!
//! <https://developers.weixin.qq.com/doc/offiaccount/Account_Management/Wechat_Accreditation_Event_Push.html>

use serde::Serialize;

use crate::callback::{Body, Field, FieldError, Read};

/// The account was verified; its rights are there now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct QualificationVerifySuccess {
    /// Until when, in seconds since 1970.
    pub expired_time: i64,
}

impl Body for QualificationVerifySuccess {
    const NAMES: &'static [&'static str] = &["qualification_verify_success"];
}

impl Read for QualificationVerifySuccess {
    fn read(field: Field<'_>) -> Result<Self, FieldError> {
        Ok(Self { expired_time: field.read("ExpiredTime")? })
    }
}

#[cfg(test)]
mod tests {
    use super::QualificationVerifySuccess;
    use crate::callback::testing::event;

    #[test]
    fn the_documented_push() {
        event(
            "qualification_verify_success",
            "<ExpiredTime>1442401156</ExpiredTime>",
            &QualificationVerifySuccess { expired_time: 1_442_401_156 },
            r#"{"expired_time":1442401156}"#,
        );
    }
}
