//! `notify_service_msg_send_result`: a service card could not be sent.
//!
//! <https://developers.weixin.qq.com/miniprogram/dev/framework/open-ability/subscribe-message.html>

use serde::Serialize;

use crate::OpenId;
use crate::callback::{Body, Field, FieldError, Read};

/// A service card could not be sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NotifyServiceMsgSendResult {
    /// To whom.
    pub open_id: Option<OpenId>,
    /// The order or the code it was sent for.
    pub notify_code: Option<String>,
    /// The kind of card.
    pub notify_type: Option<i64>,
    /// The state it was to have.
    pub card_status: Option<i64>,
    /// Why: -10001, -10002, -1003, -1004 or -1005.
    pub fail_ret: Option<i64>,
    /// The same in words.
    pub fail_msg: Option<String>,
}

impl Body for NotifyServiceMsgSendResult {
    const NAMES: &'static [&'static str] = &["notify_service_msg_send_result"];
}

impl Read for NotifyServiceMsgSendResult {
    fn read(field: Field<'_>) -> Result<Self, FieldError> {
        Ok(Self {
            open_id: field.read_any(&["openid", "OpenID"])?,
            notify_code: field.read("notify_code")?,
            notify_type: field.read("notify_type")?,
            card_status: field.read("card_status")?,
            fail_ret: field.read("fail_ret")?,
            fail_msg: field.read("fail_msg")?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::NotifyServiceMsgSendResult;
    use crate::callback::testing::event;

    #[test]
    fn the_documented_push() {
        event(
            "notify_service_msg_send_result",
            "<openid><![CDATA[oABCD]]></openid><notify_code><![CDATA[C1]]></notify_code>\
             <notify_type>2001</notify_type><card_status>1</card_status><fail_ret>-10001</fail_ret>\
             <fail_msg><![CDATA[fail]]></fail_msg>",
            &NotifyServiceMsgSendResult {
                open_id: Some("oABCD".into()),
                notify_code: Some("C1".into()),
                notify_type: Some(2001),
                card_status: Some(1),
                fail_ret: Some(-10001),
                fail_msg: Some("fail".into()),
            },
            r#"{"open_id":"oABCD","notify_code":"C1","notify_type":2001,"card_status":1,"fail_ret":-10001,"fail_msg":"fail"}"#,
        );
    }
}
