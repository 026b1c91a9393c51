//! `kf_close_session`: an agent no longer serves somebody.
//!
//! <https://developers.weixin.qq.com/doc/offiaccount/Customer_Service/Session_control.html>

use serde::Serialize;

use crate::callback::{Body, Field, FieldError, Read};

/// An agent no longer serves somebody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct KfCloseSession {
    /// The agent.
    pub kf_account: String,
    /// Why; seen, not documented.
    pub close_type: Option<String>,
}

impl Body for KfCloseSession {
    const NAMES: &'static [&'static str] = &["kf_close_session"];
}

impl Read for KfCloseSession {
    fn read(field: Field<'_>) -> Result<Self, FieldError> {
        Ok(Self { kf_account: field.read("KfAccount")?, close_type: field.read("CloseType")? })
    }
}

#[cfg(test)]
mod tests {
    use super::KfCloseSession;
    use crate::callback::testing::event;

    #[test]
    fn the_documented_push() {
        event(
            "kf_close_session",
            "<KfAccount><![CDATA[test1@test]]></KfAccount>",
            &KfCloseSession { kf_account: "test1@test".into(), close_type: None },
            r#"{"kf_account":"test1@test","close_type":null}"#,
        );
    }
}
