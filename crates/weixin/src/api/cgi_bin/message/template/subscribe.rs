//! `POST /cgi-bin/message/template/subscribe`
//!
//! Sends the one message somebody agreed to on the page of a one-time subscription; they need not follow.
//!
//! <https://developers.weixin.qq.com/doc/offiaccount/Message_Management/One-time_subscription_info.html>

use serde::Serialize;
use weixin_proto::{OpenId, TemplateId};

use crate::api::Done;
use crate::api::cgi_bin::message::MiniProgramTarget;
use crate::endpoint::{Auth, Encoding, Endpoint, Method, Spec};

/// Sends a one-time message.
#[derive(Debug, Clone, Serialize)]
pub struct SendOneTimeMessage {
    /// Who agreed to it.
    pub touser: OpenId,
    /// The template they agreed to.
    pub template_id: TemplateId,
    /// Where a tap leads, unless it leads into a mini program.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// The mini program a tap leads into.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub miniprogram: Option<MiniProgramTarget>,
    /// The scene they agreed in, 0 to 10000.
    pub scene: String,
    /// At most 15 characters (40062).
    pub title: String,
    /// What it says.
    pub data: OneTimeData,
}

/// The one field of a one-time message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OneTimeData {
    /// That field.
    pub content: OneTimeContent,
}

/// What a one-time message says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OneTimeContent {
    /// At most 200 characters.
    pub value: String,
    /// As `#rrggbb`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub color: Option<String>,
}

impl Endpoint for SendOneTimeMessage {
    const SPEC: Spec = Spec {
        method: Method::Post,
        path: "/cgi-bin/message/template/subscribe",
        auth: Auth::AccessToken,
        encoding: Encoding::Json,
        repeatable: false,
        doc: "https://developers.weixin.qq.com/doc/offiaccount/Message_Management/One-time_subscription_info.html",
    };
    type Response = Done;
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::api::testing::{answer, assert_nothing_is_no_success, body, line};

    #[test]
    fn the_documented_call() {
        let request = SendOneTimeMessage {
            touser: "OPENID".into(),
            template_id: "TEMPLATE_ID".into(),
            url: Some("URL".into()),
            miniprogram: None,
            scene: "SCENE".into(),
            title: "TITLE".into(),
            data: OneTimeData { content: OneTimeContent { value: "VALUE".into(), color: Some("COLOR".into()) } },
        };
        assert_eq!(line(&request), "POST /cgi-bin/message/template/subscribe?access_token=ACCESS_TOKEN");
        assert_eq!(
            body(&request),
            json!({"touser": "OPENID", "template_id": "TEMPLATE_ID", "url": "URL", "scene": "SCENE", "title": "TITLE",
                "data": {"content": {"value": "VALUE", "color": "COLOR"}}})
        );
        answer(&request, r#"{"errcode":0,"errmsg":"ok"}"#).unwrap();
        assert_nothing_is_no_success(&request);
    }
}
