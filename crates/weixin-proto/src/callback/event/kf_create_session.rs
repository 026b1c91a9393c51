//! `kf_create_session`: an agent began to serve somebody.
//!
//! <https://developers.weixin.qq.com/doc/offiaccount/Customer_Service/Session_control.html>

use serde::Serialize;

use crate::callback::{Body, Field, FieldError, Read};

/// An agent began to serve somebody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct KfCreateSession {
    /// The agent.
    pub kf_account: String,
}

impl Body for KfCreateSession {
    const NAMES: &'static [&'static str] = &["kf_create_session"];
}

impl Read for KfCreateSession {
    fn read(field: Field<'_>) -> Result<Self, FieldError> {
        Ok(Self { kf_account: field.read("KfAccount")? })
    }
}

#[cfg(test)]
mod tests {
    use super::KfCreateSession;
    use crate::callback::testing::event;

    #[test]
    fn the_documented_push() {
        event(
            "kf_create_session",
            "<KfAccount><![CDATA[test1@test]]></KfAccount>",
            &KfCreateSession { kf_account: "test1@test".into() },
            r#"{"kf_account":"test1@test"}"#,
        );
    }
}
