//! `POST /cgi-bin/message/subscribe/bizsend`
//!
//! Sends a notification somebody has subscribed to. Whether it arrived is told by the event `subscribe_msg_sent_event`.
//!
//! <https://developers.weixin.qq.com/doc/offiaccount/Subscription_Messages/api.html>

use serde::Serialize;
use weixin_proto::{OpenId, TemplateId};

use crate::api::Done;
use crate::api::cgi_bin::message::{MiniProgramTarget, TemplateData};
use crate::endpoint::{Auth, Encoding, Endpoint, Method, Spec};

/// Sends a notification.
#[derive(Debug, Clone, Serialize)]
pub struct SendSubscription {
    /// Who subscribed.
    pub touser: OpenId,
    /// The template they subscribed to.
    pub template_id: TemplateId,
    /// The page a tap leads to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub page: Option<String>,
    /// The mini program a tap leads into.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub miniprogram: Option<MiniProgramTarget>,
    /// The values.
    pub data: TemplateData,
}

impl Endpoint for SendSubscription {
    const SPEC: Spec = Spec {
        method: Method::Post,
        path: "/cgi-bin/message/subscribe/bizsend",
        auth: Auth::AccessToken,
        encoding: Encoding::Json,
        repeatable: false,
        doc: "https://developers.weixin.qq.com/doc/offiaccount/Subscription_Messages/api.html",
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
        let data = [("name1", "广州腾讯科技有限公司"), ("thing8", "广州腾讯科技有限公司"), ("time7", "2019年8月8日")];
        let request = SendSubscription {
            touser: "OPENID".into(),
            template_id: "TEMPLATEID".into(),
            page: Some("mp.weixin.qq.com".into()),
            miniprogram: Some(MiniProgramTarget { app_id: "APPID".into(), page_path: Some("index?foo=bar".into()) }),
            data: data.map(|(key, value)| (key.to_owned(), value.into())).into(),
        };
        assert_eq!(line(&request), "POST /cgi-bin/message/subscribe/bizsend?access_token=ACCESS_TOKEN");
        assert_eq!(
            body(&request),
            json!({"touser": "OPENID", "template_id": "TEMPLATEID", "page": "mp.weixin.qq.com",
                "miniprogram": {"appid": "APPID", "pagepath": "index?foo=bar"},
                "data": {"name1": {"value": "广州腾讯科技有限公司"}, "thing8": {"value": "广州腾讯科技有限公司"},
                    "time7": {"value": "2019年8月8日"}}})
        );
        answer(&request, r#"{"errcode":0,"errmsg":"ok"}"#).unwrap();
        assert_nothing_is_no_success(&request);
    }
}
