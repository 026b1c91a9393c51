//! `wxa_nickname_audit`: a new name of a mini program was decided on.
//!
//! <https://developers.weixin.qq.com/doc/oplatform/Third-party_Platforms/2.0/api/Mini_Program_Basic_Info/wxa_nickname_audit.html>

use serde::Serialize;

use crate::callback::{Body, Field, FieldError, Read};

/// A new name of a mini program was decided on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WxaNicknameAudit {
    /// 2 refused, 3 approved.
    pub ret: i64,
    /// The new name.
    pub nickname: Option<String>,
    /// Why it was refused.
    pub reason: Option<String>,
}

impl Body for WxaNicknameAudit {
    const NAMES: &'static [&'static str] = &["wxa_nickname_audit"];
}

impl Read for WxaNicknameAudit {
    fn read(field: Field<'_>) -> Result<Self, FieldError> {
        Ok(Self { ret: field.read("ret")?, nickname: field.read("nickname")?, reason: field.read("reason")? })
    }
}

#[cfg(test)]
mod tests {
    use super::WxaNicknameAudit;
    use crate::callback::testing::event;

    #[test]
    fn the_documented_push() {
        event(
            "wxa_nickname_audit",
            "<ret>2</ret><nickname><![CDATA[昵称]]></nickname><reason><![CDATA[驳回原因]]></reason>",
            &WxaNicknameAudit { ret: 2, nickname: Some("昵称".into()), reason: Some("驳回原因".into()) },
            r#"{"ret":2,"nickname":"昵称","reason":"驳回原因"}"#,
        );
    }
}
