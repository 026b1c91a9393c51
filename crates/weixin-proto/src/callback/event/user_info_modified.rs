//! `user_info_modified`: WeChat has changed somebody's profile, because it broke the rules.
//!
//! <https://developers.weixin.qq.com/miniprogram/security/basic/listen.html>

use serde::Serialize;

use crate::callback::{Body, Field, FieldError, Read};
use crate::{AppId, OpenId, UnionId};

/// WeChat has changed somebody's profile, because it broke the rules.
///
/// Of people who authorized within the last 30 days. Their stored nickname and avatar are to be fetched anew or
/// dropped.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct UserInfoModified {
    /// Whose data it is. The sender of the push is an account of WeChat.
    pub open_id: OpenId,
    /// The same person in the open-platform group.
    pub union_id: Option<UnionId>,
    /// The account.
    pub app_id: Option<AppId>,
}

impl Body for UserInfoModified {
    const NAMES: &'static [&'static str] = &["user_info_modified"];
}

impl Read for UserInfoModified {
    fn read(field: Field<'_>) -> Result<Self, FieldError> {
        Ok(Self {
            open_id: field.read_any(&["OpenID", "openid"])?,
            union_id: field.read_any(&["UnionID", "unionid"])?,
            app_id: field.read_any(&["AppID", "appid"])?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::UserInfoModified;
    use crate::callback::event::Event;
    use crate::callback::testing::event;
    use crate::callback::{Inbound, Kind, Limits};

    #[test]
    fn the_documented_push() {
        event(
            "user_info_modified",
            "<OpenID><![CDATA[oABCD]]></OpenID><AppID><![CDATA[wx1111111111111111]]></AppID>",
            &UserInfoModified { open_id: "oABCD".into(), union_id: None, app_id: Some("wx1111111111111111".into()) },
            r#"{"open_id":"oABCD","union_id":null,"app_id":"wx1111111111111111"}"#,
        );
    }

    #[test]
    fn nobody_in_particular_is_nobody() {
        let push = "<xml><MsgType>event</MsgType><Event>user_info_modified</Event><OpenID></OpenID></xml>";
        let inbound = Inbound::parse(push, &Limits::default()).unwrap();
        assert_eq!(inbound.kind, Kind::Event(Event::Other("user_info_modified".into())));
        assert_eq!(inbound.problem().unwrap().to_string(), "the field `OpenID` is missing");
    }
}
