//! `POST /cgi-bin/message/template/send`
//!
//! Sends a template message to a follower. Whether it arrived is told by the event `TEMPLATESENDJOBFINISH`.
//!
//! <https://developers.weixin.qq.com/doc/offiaccount/Message_Management/Template_Message_Interface.html>

use serde::{Deserialize, Serialize};
use weixin_proto::json::de;
use weixin_proto::{OpenId, TemplateId};

use crate::api::cgi_bin::message::{MiniProgramTarget, TemplateData};
use crate::endpoint::{Auth, Encoding, Endpoint, Method, Spec};

/// Sends a template message.
#[derive(Debug, Clone, Serialize)]
pub struct SendTemplateMessage {
    /// The follower.
    pub touser: OpenId,
    /// The template.
    pub template_id: TemplateId,
    /// Where a tap leads, unless it leads into a mini program.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// The mini program a tap leads into; old clients take `url`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub miniprogram: Option<MiniProgramTarget>,
    /// The same text for the same follower is sent once within ten minutes, so the call may be repeated by hand.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_msg_id: Option<String>,
    /// The values.
    pub data: TemplateData,
}

/// WeChat took it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub struct SentTemplateMessage {
    /// Its number, as the event has it.
    #[serde(rename = "msgid", deserialize_with = "de::uint")]
    pub msg_id: u64,
}

impl Endpoint for SendTemplateMessage {
    const SPEC: Spec = Spec {
        method: Method::Post,
        path: "/cgi-bin/message/template/send",
        auth: Auth::AccessToken,
        encoding: Encoding::Json,
        repeatable: false,
        doc: "https://developers.weixin.qq.com/doc/offiaccount/Message_Management/Template_Message_Interface.html",
    };
    type Response = SentTemplateMessage;
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::api::testing::{answer, assert_nothing_is_no_success, body, line};

    fn request() -> SendTemplateMessage {
        let data = [("first", "恭喜你购买成功！"), ("keyword1", "巧克力")];
        SendTemplateMessage {
            touser: "OPENID".into(),
            template_id: "ngqIpbwh8bUfcSsECmogfXcV14J0tQlEpBO27izEYtY".into(),
            url: Some("http://weixin.qq.com/download".into()),
            miniprogram: None,
            client_msg_id: None,
            data: data.map(|(key, value)| (key.to_owned(), value.into())).into(),
        }
    }

    #[test]
    fn the_documented_call() {
        assert_eq!(line(&request()), "POST /cgi-bin/message/template/send?access_token=ACCESS_TOKEN");
        assert_eq!(
            body(&request()),
            json!({"touser": "OPENID", "template_id": "ngqIpbwh8bUfcSsECmogfXcV14J0tQlEpBO27izEYtY",
                "url": "http://weixin.qq.com/download",
                "data": {"first": {"value": "恭喜你购买成功！"}, "keyword1": {"value": "巧克力"}}})
        );
        let target =
            MiniProgramTarget { app_id: "xiaochengxuappid12345".into(), page_path: Some("index?foo=bar".into()) };
        let full = SendTemplateMessage { miniprogram: Some(target), client_msg_id: Some("MSG_1".into()), ..request() };
        let full = body(&full);
        assert_eq!(full["miniprogram"], json!({"appid": "xiaochengxuappid12345", "pagepath": "index?foo=bar"}));
        assert_eq!(full["client_msg_id"], "MSG_1");
        let sent = answer(&request(), r#"{"errcode":0,"errmsg":"ok","msgid":3248682510344192008}"#).unwrap();
        assert_eq!(sent.msg_id, 3_248_682_510_344_192_008);
        assert_nothing_is_no_success(&request());
    }
}
