//! `kf_switch_session`: an agent handed somebody over to another one.
//!
//! <https://developers.weixin.qq.com/doc/offiaccount/Customer_Service/Session_control.html>

use serde::Serialize;

use crate::callback::{Body, Field, FieldError, Read};

/// An agent handed somebody over to another one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct KfSwitchSession {
    /// The agent before.
    pub from_kf_account: String,
    /// The agent from now on.
    pub to_kf_account: String,
}

impl Body for KfSwitchSession {
    const NAMES: &'static [&'static str] = &["kf_switch_session"];
}

impl Read for KfSwitchSession {
    fn read(field: Field<'_>) -> Result<Self, FieldError> {
        Ok(Self { from_kf_account: field.read("FromKfAccount")?, to_kf_account: field.read("ToKfAccount")? })
    }
}

#[cfg(test)]
mod tests {
    use super::KfSwitchSession;
    use crate::callback::testing::event;

    #[test]
    fn the_documented_push() {
        event(
            "kf_switch_session",
            "<FromKfAccount><![CDATA[test1@test]]></FromKfAccount>\
             <ToKfAccount><![CDATA[test2@test]]></ToKfAccount>",
            &KfSwitchSession { from_kf_account: "test1@test".into(), to_kf_account: "test2@test".into() },
            r#"{"from_kf_account":"test1@test","to_kf_account":"test2@test"}"#,
        );
    }
}
