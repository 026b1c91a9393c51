//! `annual_renew`: the verification of the account has to be renewed.
//!
//! <https://developers.weixin.qq.com/doc/offiaccount/Account_Management/Wechat_Accreditation_Event_Push.html>

use serde::Serialize;

use crate::callback::{Body, Field, FieldError, Read};

/// The verification of the account has to be renewed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AnnualRenew {
    /// When it ends, in seconds since 1970.
    pub expired_time: i64,
}

impl Body for AnnualRenew {
    const NAMES: &'static [&'static str] = &["annual_renew"];
}

impl Read for AnnualRenew {
    fn read(field: Field<'_>) -> Result<Self, FieldError> {
        Ok(Self { expired_time: field.read("ExpiredTime")? })
    }
}

#[cfg(test)]
mod tests {
    use super::AnnualRenew;
    use crate::callback::testing::event;

    #[test]
    fn the_documented_push() {
        event(
            "annual_renew",
            "<ExpiredTime>1442401156</ExpiredTime>",
            &AnnualRenew { expired_time: 1_442_401_156 },
            r#"{"expired_time":1442401156}"#,
        );
    }
}
