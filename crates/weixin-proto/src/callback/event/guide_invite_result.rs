//! `guide_invite_result_event`: somebody who was asked to be a shopping guide has answered.
//!
//! WeChat's page about it is gone; the fields are as they have been seen.

use serde::Serialize;

use crate::OpenId;
use crate::callback::{Body, Field, FieldError, Read};

/// Somebody who was asked to be a shopping guide has answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct GuideInviteResult {
    /// The guide, by WeChat name.
    pub guide_account: Option<String>,
    /// The guide, by openid.
    pub guide_openid: Option<OpenId>,
    /// What they answered.
    pub invite_result: i64,
}

impl Body for GuideInviteResult {
    const NAMES: &'static [&'static str] = &["guide_invite_result_event"];
}

impl Read for GuideInviteResult {
    fn read(field: Field<'_>) -> Result<Self, FieldError> {
        let invite = field.inside("GuideInviteEvent")?;
        Ok(Self {
            guide_account: invite.read("guide_account")?,
            guide_openid: invite.read("guide_openid")?,
            invite_result: invite.read("invite_result")?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::GuideInviteResult;
    use crate::callback::testing::event;

    #[test]
    fn the_documented_push() {
        event(
            "guide_invite_result_event",
            "<GuideInviteEvent><guide_account><![CDATA[guide1]]></guide_account>\
             <guide_openid><![CDATA[oGUIDE]]></guide_openid><invite_result>1</invite_result>\
             </GuideInviteEvent>",
            &GuideInviteResult {
                guide_account: Some("guide1".into()),
                guide_openid: Some("oGUIDE".into()),
                invite_result: 1,
            },
            r#"{"guide_account":"guide1","guide_openid":"oGUIDE","invite_result":1}"#,
        );
    }
}
