//! `naming_verify_success`: the name of the account was verified; it bears the mark now.
//!
//! <https://developers.weixin.qq.com/doc/offiaccount/Account_Management/Wechat_Accreditation_Event_Push.html>

use serde::Serialize;

use crate::callback::{Body, Field, FieldError, Read};

/// The name of the account was verified; it bears the mark now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NamingVerifySuccess {
    /// Until when, in seconds since 1970.
    pub expired_time: i64,
}

impl Body for NamingVerifySuccess {
    const NAMES: &'static [&'static str] = &["naming_verify_success"];
}

impl Read for NamingVerifySuccess {
    fn read(field: Field<'_>) -> Result<Self, FieldError> {
        Ok(Self { expired_time: field.read("ExpiredTime")? })
    }
}

#[cfg(test)]
mod tests {
    use super::NamingVerifySuccess;
    use crate::callback::testing::event;

    #[test]
    fn the_documented_push() {
        event(
            "naming_verify_success",
            "<ExpiredTime>1442401156</ExpiredTime>",
            &NamingVerifySuccess { expired_time: 1_442_401_156 },
            r#"{"expired_time":1442401156}"#,
        );
    }
}
