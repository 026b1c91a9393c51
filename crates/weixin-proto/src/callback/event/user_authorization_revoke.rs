//! `user_authorization_revoke`: somebody withdrew what they had allowed.
//!
//! <https://developers.weixin.qq.com/miniprogram/security/basic/listen.html>

use serde::Serialize;

use crate::callback::{Body, Field, FieldError, Read};
use crate::{AppId, OpenId, UnionId};

/// Somebody withdrew what they had allowed.
///
/// The data concerned have to be deleted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct UserAuthorizationRevoke {
    /// Whose data it is. The sender of the push is an account of WeChat.
    pub open_id: OpenId,
    /// The same person in the open-platform group.
    pub union_id: Option<UnionId>,
    /// The account.
    pub app_id: Option<AppId>,
    /// What. Mini programs: 1 licence plate, 2 address, 3 invoice, 4 Bluetooth, 5 microphone, 6 nickname and
    /// avatar, 7 camera, 8 phone number, 12 WeRun steps, 13 location, 14 chosen picture or video, 15 chosen
    /// file, 16 e-mail, 18 chosen place, 19 nickname from the keyboard, 20 avatar from the chooser. Official
    /// accounts: 201 address, 202 invoice, 203 card, 204 microphone, 205 nickname and avatar, 206 location,
    /// 207 chosen picture or video.
    pub revoke_info: Option<String>,
    /// The plugin in which it was allowed.
    pub plugin_id: Option<AppId>,
    /// The person as that plugin sees them.
    pub open_pid: Option<String>,
}

impl Body for UserAuthorizationRevoke {
    const NAMES: &'static [&'static str] = &["user_authorization_revoke"];
}

impl Read for UserAuthorizationRevoke {
    fn read(field: Field<'_>) -> Result<Self, FieldError> {
        Ok(Self {
            open_id: field.read_any(&["OpenID", "openid"])?,
            union_id: field.read_any(&["UnionID", "unionid"])?,
            app_id: field.read_any(&["AppID", "appid"])?,
            revoke_info: field.read("RevokeInfo")?,
            plugin_id: field.read("PluginID")?,
            open_pid: field.read("OpenPID")?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::UserAuthorizationRevoke;
    use crate::callback::event::Event;
    use crate::callback::testing::event;
    use crate::callback::{Inbound, Kind, Limits};

    #[test]
    fn the_documented_push() {
        event(
            "user_authorization_revoke",
            "<OpenID><![CDATA[oABCD]]></OpenID><AppID><![CDATA[wx1111111111111111]]></AppID>\
             <RevokeInfo><![CDATA[201]]></RevokeInfo>",
            &UserAuthorizationRevoke {
                open_id: "oABCD".into(),
                union_id: None,
                app_id: Some("wx1111111111111111".into()),
                revoke_info: Some("201".into()),
                plugin_id: None,
                open_pid: None,
            },
            r#"{"open_id":"oABCD","union_id":null,"app_id":"wx1111111111111111","revoke_info":"201","plugin_id":null,"open_pid":null}"#,
        );
    }

    #[test]
    fn nobody_in_particular_is_nobody() {
        let push = "<xml><MsgType>event</MsgType><Event>user_authorization_revoke</Event><OpenID></OpenID></xml>";
        let inbound = Inbound::parse(push, &Limits::default()).unwrap();
        assert_eq!(inbound.kind, Kind::Event(Event::Other("user_authorization_revoke".into())));
        assert_eq!(inbound.problem().unwrap().to_string(), "the field `OpenID` is missing");
    }
}
