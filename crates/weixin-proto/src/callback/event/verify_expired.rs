//! `verify_expired`: the verification of the account has ended.
//!
//! <https://developers.weixin.qq.com/doc/offiaccount/Account_Management/Wechat_Accreditation_Event_Push.html>

use serde::Serialize;

use crate::callback::{Body, Field, FieldError, Read};

/// The verification of the account has ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct VerifyExpired {
    /// When it ended, in seconds since 1970.
    pub expired_time: i64,
}

impl Body for VerifyExpired {
    const NAMES: &'static [&'static str] = &["verify_expired"];
}

impl Read for VerifyExpired {
    fn read(field: Field<'_>) -> Result<Self, FieldError> {
        Ok(Self { expired_time: field.read("ExpiredTime")? })
    }
}

#[cfg(test)]
mod tests {
    use super::VerifyExpired;
    use crate::callback::testing::event;

    #[test]
    fn the_documented_push() {
        event(
            "verify_expired",
            "<ExpiredTime>1442401156</ExpiredTime>",
            &VerifyExpired { expired_time: 1_442_401_156 },
            r#"{"expired_time":1442401156}"#,
        );
    }
}
