//! `POST /wxa/msg_sec_check`
//!
//! Whether a text may be published (version 2). A risky text is no error: look at the verdict. 4,000 calls a minute.
//!
//! <https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/sec-center/sec-check/msgSecCheck.html>

use std::fmt;

use serde::{Deserialize, Serialize};
use weixin_proto::OpenId;
use weixin_proto::json::de;

use super::{ContentScene, Suggestion, Verdict};
use crate::endpoint::{Auth, Encoding, Endpoint, Method, Spec};

/// Asks about a text. `Debug` does not show it.
#[derive(Clone, Serialize)]
pub struct CheckText {
    /// The text, at most 2,500 characters.
    pub content: String,
    /// Where it is to appear.
    pub scene: ContentScene,
    /// Who wrote it; they must have used the mini program in the last two hours (61010).
    pub openid: OpenId,
    /// Its heading.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// The name of who wrote it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nickname: Option<String>,
    /// Words a person describes themselves with, for [`ContentScene::Profile`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signature: Option<String>,
    version: u8,
}

impl CheckText {
    /// A text of this person for this place.
    #[must_use]
    pub fn new(content: impl Into<String>, scene: ContentScene, openid: OpenId) -> Self {
        Self { content: content.into(), scene, openid, title: None, nickname: None, signature: None, version: 2 }
    }
}

impl fmt::Debug for CheckText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CheckText").field("openid", &self.openid).field("scene", &self.scene).finish_non_exhaustive()
    }
}

/// The verdict about a text.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct TextChecked {
    /// The number of this check.
    #[serde(default)]
    pub trace_id: String,
    /// What WeChat advises in all.
    pub result: Verdict,
    /// What each of its methods found.
    #[serde(default)]
    pub detail: Vec<TextCheckDetail>,
}

/// What one method found.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct TextCheckDetail {
    /// `content_model` or `keyword`.
    pub strategy: String,
    /// The rest means something only when this is 0.
    #[serde(deserialize_with = "de::int")]
    pub errcode: i64,
    /// Its advice.
    #[serde(default)]
    pub suggest: Option<Suggestion>,
    /// Why; numbers as in [`Verdict::label`].
    #[serde(default, deserialize_with = "de::opt_int")]
    pub label: Option<i64>,
    /// How sure it is, 0–100.
    #[serde(default, deserialize_with = "de::opt_int")]
    pub prob: Option<i64>,
    /// How bad it is.
    #[serde(default, deserialize_with = "de::opt_int")]
    pub level: Option<i64>,
    /// The word on the account's own list that it met.
    #[serde(default)]
    pub keyword: Option<String>,
}

impl Endpoint for CheckText {
    const SPEC: Spec = Spec {
        method: Method::Post,
        path: "/wxa/msg_sec_check",
        auth: Auth::AccessToken,
        encoding: Encoding::Json,
        repeatable: true,
        doc: "https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/sec-center/sec-check/msgSecCheck.html",
    };
    type Response = TextChecked;
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::api::testing::{answer, assert_nothing_is_no_success, body, line};

    #[test]
    fn the_documented_call() {
        let request = CheckText {
            title: Some("标题".into()),
            ..CheckText::new("hello world!", ContentScene::Comment, "OPENID".into())
        };
        assert_eq!(line(&request), "POST /wxa/msg_sec_check?access_token=ACCESS_TOKEN");
        assert_eq!(
            body(&request),
            json!({"content": "hello world!", "version": 2, "scene": 2, "openid": "OPENID", "title": "标题"})
        );
        assert!(!format!("{request:?}").contains("hello"));
        let found = r#"{"errcode":0,"errmsg":"ok","result":{"suggest":"risky","label":20001},"detail":[
            {"strategy":"content_model","errcode":0,"suggest":"risky","label":20006,"prob":90},
            {"strategy":"keyword","errcode":0,"suggest":"pass","label":20006,"level":20,"keyword":"命中的关键词1"},
            {"strategy":"new_method","errcode":-1,"suggest":"ponder"}],
            "trace_id":"60ae120f-371d5872-7941a05b"}"#;
        let checked = answer(&request, found).unwrap();
        assert_eq!((checked.result.suggest, checked.result.label), (Suggestion::Risky, 20001));
        assert_eq!((checked.detail[0].prob, checked.detail[1].level), (Some(90), Some(20)));
        assert_eq!(checked.detail[2].suggest, Some(Suggestion::Unknown));
        let scenes = [ContentScene::Profile, ContentScene::Comment, ContentScene::Forum, ContentScene::Log];
        assert_eq!(json!(scenes), json!([1, 2, 3, 4]));
        assert!(answer(&request, r#"{"errcode":0,"errmsg":"ok"}"#).is_err(), "no verdict is no pass");
        assert_nothing_is_no_success(&request);
    }
}
