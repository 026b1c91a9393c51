//! `user_authorization_cancellation`: somebody closed their WeChat account.
//!
//! <https://developers.weixin.qq.com/miniprogram/security/basic/listen.html>

use serde::Serialize;

use crate::callback::{Body, Field, FieldError, Read};
use crate::{AppId, OpenId, UnionId};

/// Somebody closed their WeChat account.
///
/// Their data have to be deleted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct UserAuthorizationCancellation {
    /// Whose data it is. The sender of the push is an account of WeChat.
    pub open_id: OpenId,
    /// The same person in the open-platform group.
    pub union_id: Option<UnionId>,
    /// The account.
    pub app_id: Option<AppId>,
    /// The plugin in which they had authorized.
    pub plugin_id: Option<AppId>,
    /// The person as that plugin sees them.
    pub open_pid: Option<String>,
}

impl Body for UserAuthorizationCancellation {
    const NAMES: &'static [&'static str] = &["user_authorization_cancellation"];
}

impl Read for UserAuthorizationCancellation {
    fn read(field: Field<'_>) -> Result<Self, FieldError> {
        Ok(Self {
            open_id: field.read_any(&["OpenID", "openid"])?,
            union_id: field.read_any(&["UnionID", "unionid"])?,
            app_id: field.read_any(&["AppID", "appid"])?,
            plugin_id: field.read("PluginID")?,
            open_pid: field.read("OpenPID")?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::UserAuthorizationCancellation;
    use crate::callback::event::Event;
    use crate::callback::testing::event;
    use crate::callback::{Inbound, Kind, Limits};

    #[test]
    fn the_documented_push() {
        event(
            "user_authorization_cancellation",
            "<OpenID><![CDATA[oABCD]]></OpenID><AppID><![CDATA[wx1111111111111111]]></AppID>",
            &UserAuthorizationCancellation {
                open_id: "oABCD".into(),
                union_id: None,
                app_id: Some("wx1111111111111111".into()),
                plugin_id: None,
                open_pid: None,
            },
            r#"{"open_id":"oABCD","union_id":null,"app_id":"wx1111111111111111","plugin_id":null,"open_pid":null}"#,
        );
    }

    #[test]
    fn nobody_in_particular_is_nobody() {
        let push = "<xml><MsgType>event</MsgType><Event>user_authorization_cancellation</Event><OpenID></OpenID></xml>";
        let inbound = Inbound::parse(push, &Limits::default()).unwrap();
        assert_eq!(inbound.kind, Kind::Event(Event::Other("user_authorization_cancellation".into())));
        assert_eq!(inbound.problem().unwrap().to_string(), "the field `OpenID` is missing");
    }
}
