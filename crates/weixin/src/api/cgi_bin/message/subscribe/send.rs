//! `POST /cgi-bin/message/subscribe/send`
//!
//! Sends a notification of a mini program to somebody who agreed to it. Each agreement to a one-time template is good for one
//! message; without one it is 43101. Whether it arrived is told by the event `subscribe_msg_sent_event`.
//!
//! <https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/mp-message-management/subscribe-message/sendMessage.html>

use serde::{Deserialize, Serialize};
use weixin_proto::json::de;
use weixin_proto::{OpenId, TemplateId};

use crate::api::cgi_bin::message::TemplateData;
use crate::endpoint::{Auth, Encoding, Endpoint, Method, Spec};

/// Sends a notification of a mini program.
#[derive(Debug, Clone, Serialize)]
pub struct SendMiniSubscription {
    /// Who agreed.
    pub touser: OpenId,
    /// The template they agreed to.
    pub template_id: TemplateId,
    /// The page a tap opens, query allowed; `None`: a tap does nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub page: Option<String>,
    /// Which version of the mini program a tap opens.
    pub miniprogram_state: MiniProgramState,
    /// The language of the card's own words.
    pub lang: MessageLanguage,
    /// The values, one for each key of the template. One that breaks the rule of its kind is 47003, naming its key.
    pub data: TemplateData,
}

/// Which version of a mini program is opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum MiniProgramState {
    /// The released one.
    #[default]
    Formal,
    /// The one on trial.
    Trial,
    /// The one in development.
    Developer,
}

/// The language of a card's own words, as "details" and "from".
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[non_exhaustive]
pub enum MessageLanguage {
    /// Simplified Chinese.
    #[default]
    #[serde(rename = "zh_CN")]
    SimplifiedChinese,
    /// English.
    #[serde(rename = "en_US")]
    English,
    /// Traditional Chinese of Hong Kong.
    #[serde(rename = "zh_HK")]
    HongKong,
    /// Traditional Chinese of Taiwan.
    #[serde(rename = "zh_TW")]
    Taiwan,
}

/// WeChat took the message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub struct MiniSubscriptionSent {
    #[serde(rename = "errcode", deserialize_with = "de::int")]
    _errcode: i64,
    /// The number `subscribe_msg_sent_event` names it by. Not in WeChat's table, but in its answers; larger than
    /// JavaScript counts.
    #[serde(default, deserialize_with = "de::opt_int")]
    pub msgid: Option<i64>,
}

impl Endpoint for SendMiniSubscription {
    const SPEC: Spec = Spec {
        method: Method::Post,
        path: "/cgi-bin/message/subscribe/send",
        auth: Auth::AccessToken,
        encoding: Encoding::Json,
        repeatable: false,
        doc: "https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/mp-message-management/subscribe-message/sendMessage.html",
    };
    type Response = MiniSubscriptionSent;
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::api::testing::{answer, assert_nothing_is_no_success, body, line};

    #[test]
    fn the_documented_call() {
        let data = [("number01", "339208499"), ("date01", "2015年01月05日"), ("site01", "TIT创意园")];
        let request = SendMiniSubscription {
            touser: "OPENID".into(),
            template_id: "TEMPLATE_ID".into(),
            page: Some("index?foo=bar".into()),
            miniprogram_state: MiniProgramState::Developer,
            lang: MessageLanguage::SimplifiedChinese,
            data: data.map(|(key, value)| (key.to_owned(), value.into())).into(),
        };
        assert_eq!(line(&request), "POST /cgi-bin/message/subscribe/send?access_token=ACCESS_TOKEN");
        assert_eq!(
            body(&request),
            json!({"touser": "OPENID", "template_id": "TEMPLATE_ID", "page": "index?foo=bar",
                "miniprogram_state": "developer", "lang": "zh_CN",
                "data": {"number01": {"value": "339208499"}, "date01": {"value": "2015年01月05日"},
                    "site01": {"value": "TIT创意园"}}})
        );
        assert!(body(&SendMiniSubscription { page: None, ..request.clone() }).get("page").is_none());
        assert_eq!(answer(&request, r#"{"errcode":0,"errmsg":"ok"}"#).unwrap().msgid, None);
        let sent = answer(&request, r#"{"errcode":0,"errmsg":"ok","msgid":3248682510344192008}"#).unwrap();
        assert_eq!(sent.msgid, Some(3_248_682_510_344_192_008));
        let words = [MessageLanguage::English, MessageLanguage::HongKong, MessageLanguage::Taiwan];
        assert_eq!(json!(words), json!(["en_US", "zh_HK", "zh_TW"]));
        assert_eq!(json!([MiniProgramState::Formal, MiniProgramState::Trial]), json!(["formal", "trial"]));
        assert_nothing_is_no_success(&request);
    }
}
