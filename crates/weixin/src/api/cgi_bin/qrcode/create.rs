//! `POST /cgi-bin/qrcode/create`
//!
//! A QR code with a scene: whoever scans it tells the account which, in a `SCAN` or `subscribe` event.
//!
//! <https://developers.weixin.qq.com/doc/offiaccount/Account_Management/Generating_a_Parametric_QR_Code.html>

use percent_encoding::utf8_percent_encode;
use serde::{Deserialize, Serialize};
use weixin_proto::json::de;

use crate::Bases;
use crate::client::COMPONENT;
use crate::endpoint::{Auth, Encoding, Endpoint, Method, Spec};

/// Makes a QR code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CreateQrCode {
    #[serde(skip_serializing_if = "Option::is_none")]
    expire_seconds: Option<i64>,
    action_name: &'static str,
    action_info: ActionInfo,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct ActionInfo {
    scene: QrScene,
}

/// What a QR code tells the account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub enum QrScene {
    /// A number other than 0; of a permanent code at most 100,000 (40129).
    #[serde(rename = "scene_id")]
    Number(u32),
    /// 1 to 64 characters (40129).
    #[serde(rename = "scene_str")]
    Text(String),
}

impl CreateQrCode {
    /// A code that lives for so many seconds: at most 2,592,000, thirty days; a minute when `None`.
    #[must_use]
    pub fn temporary(scene: QrScene, expire_seconds: Option<i64>) -> Self {
        let action_name = if matches!(scene, QrScene::Number(_)) { "QR_SCENE" } else { "QR_STR_SCENE" };
        Self { expire_seconds, action_name, action_info: ActionInfo { scene } }
    }

    /// A code for good. An account has at most 100,000 (45029).
    #[must_use]
    pub fn permanent(scene: QrScene) -> Self {
        let action_name = if matches!(scene, QrScene::Number(_)) { "QR_LIMIT_SCENE" } else { "QR_LIMIT_STR_SCENE" };
        Self { expire_seconds: None, action_name, action_info: ActionInfo { scene } }
    }
}

/// A QR code.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct QrCode {
    /// Opens the picture, see [`QrCode::image_url`].
    #[serde(deserialize_with = "de::string")]
    pub ticket: String,
    /// How many seconds the code lives; `None`: for good.
    #[serde(default, deserialize_with = "de::opt_int")]
    pub expire_seconds: Option<i64>,
    /// What the picture says; draw it yourself instead of fetching WeChat's.
    #[serde(default, deserialize_with = "de::text")]
    pub url: String,
}

impl QrCode {
    /// Where WeChat shows the picture, a JPEG; anybody may open it. A dead ticket answers 404.
    #[must_use]
    pub fn image_url(&self, bases: &Bases) -> String {
        qr_image_url(bases, &self.ticket)
    }
}

/// Where WeChat shows the picture of a ticket.
#[must_use]
pub fn qr_image_url(bases: &Bases, ticket: &str) -> String {
    let base = bases.mp().as_str().trim_end_matches('/');
    format!("{base}/cgi-bin/showqrcode?ticket={}", utf8_percent_encode(ticket, COMPONENT))
}

impl Endpoint for CreateQrCode {
    const SPEC: Spec = Spec {
        method: Method::Post,
        path: "/cgi-bin/qrcode/create",
        auth: Auth::AccessToken,
        encoding: Encoding::Json,
        repeatable: false,
        doc: "https://developers.weixin.qq.com/doc/offiaccount/Account_Management/Generating_a_Parametric_QR_Code.html",
    };
    type Response = QrCode;
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::Client;
    use crate::api::testing::{answer, assert_nothing_is_no_success, body, line};

    #[test]
    fn the_documented_call() {
        let request = CreateQrCode::temporary(QrScene::Number(123), Some(604_800));
        assert_eq!(line(&request), "POST /cgi-bin/qrcode/create?access_token=ACCESS_TOKEN");
        assert_eq!(
            body(&request),
            json!({"expire_seconds": 604_800, "action_name": "QR_SCENE", "action_info": {"scene": {"scene_id": 123}}})
        );
        let code = answer(
            &request,
            r#"{"ticket":"gQH47joAAAAAAAAAASxodHRwOi8vd2VpeGluLnFxLmNvbS9xL2taZ2Z3TVRtNzJXV1Brb3ZhYmJJAAIEZ23sUwMEmm3sUw==",
                "expire_seconds":60,"url":"http://weixin.qq.com/q/kZgfwMTm72WWPkovabbI"}"#,
        )
        .unwrap();
        assert_eq!((code.expire_seconds, code.url.as_str()), (Some(60), "http://weixin.qq.com/q/kZgfwMTm72WWPkovabbI"));
        let bases = Client::builder().build().unwrap().bases().clone();
        assert_eq!(
            code.image_url(&bases),
            "https://mp.weixin.qq.com/cgi-bin/showqrcode?ticket=\
             gQH47joAAAAAAAAAASxodHRwOi8vd2VpeGluLnFxLmNvbS9xL2taZ2Z3TVRtNzJXV1Brb3ZhYmJJAAIEZ23sUwMEmm3sUw%3D%3D"
        );
        assert_nothing_is_no_success(&request);
    }

    #[test]
    fn scene_and_life_decide_the_action() {
        let text = || QrScene::Text("test".into());
        for (request, expected) in [
            (CreateQrCode::temporary(text(), None), ("QR_STR_SCENE", json!({"scene_str": "test"}))),
            (CreateQrCode::permanent(text()), ("QR_LIMIT_STR_SCENE", json!({"scene_str": "test"}))),
            (CreateQrCode::permanent(QrScene::Number(7)), ("QR_LIMIT_SCENE", json!({"scene_id": 7}))),
        ] {
            let (action_name, scene) = expected;
            assert_eq!(body(&request), json!({"action_name": action_name, "action_info": {"scene": scene}}));
        }
        let kept =
            answer(&CreateQrCode::permanent(text()), r#"{"ticket":"gQ==","url":"http://weixin.qq.com/q/x"}"#).unwrap();
        assert_eq!(kept.expire_seconds, None);
    }
}
