//! `POST /wxaapi/newtmpl/addtemplate`
//!
//! Takes a template from the library of subscriptions.
//!
//! <https://developers.weixin.qq.com/doc/offiaccount/Subscription_Messages/api.html>

use serde::{Deserialize, Serialize};
use weixin_proto::TemplateId;

use crate::endpoint::{Auth, Encoding, Endpoint, Method, Spec};
use crate::wire;

/// Takes a template from the library.
#[derive(Debug, Clone, Serialize)]
pub struct AddSubscriptionTemplate {
    /// Its number in the library.
    pub tid: String,
    /// The keywords it is to have, in order: two to five of their numbers.
    #[serde(rename = "kidList")]
    pub kid_list: Vec<u32>,
    /// What it is used for, at most 15 characters.
    #[serde(rename = "sceneDesc", skip_serializing_if = "Option::is_none")]
    pub scene_desc: Option<String>,
}

/// The template of the account.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct AddedSubscriptionTemplate {
    /// Its id, for this account only.
    #[serde(rename = "priTmplId", deserialize_with = "wire::filled_id")]
    pub template_id: TemplateId,
}

impl Endpoint for AddSubscriptionTemplate {
    const SPEC: Spec = Spec {
        method: Method::Post,
        path: "/wxaapi/newtmpl/addtemplate",
        auth: Auth::AccessToken,
        encoding: Encoding::Json,
        repeatable: false,
        doc: "https://developers.weixin.qq.com/doc/offiaccount/Subscription_Messages/api.html",
    };
    type Response = AddedSubscriptionTemplate;
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::api::testing::{answer, assert_nothing_is_no_success, body, line};

    #[test]
    fn the_documented_call() {
        let scene_desc = Some("测试数据".to_owned());
        let request = AddSubscriptionTemplate { tid: "401".into(), kid_list: vec![1, 2], scene_desc };
        assert_eq!(line(&request), "POST /wxaapi/newtmpl/addtemplate?access_token=ACCESS_TOKEN");
        assert_eq!(body(&request), json!({"tid": "401", "kidList": [1, 2], "sceneDesc": "测试数据"}));
        let added = r#"{"errmsg":"ok","errcode":0,"priTmplId":"9Aw5ZV1j9xdWTFEkqCpZ7jWySL7aGN6rQom4gXINfJs"}"#;
        assert_eq!(answer(&request, added).unwrap().template_id.as_str().len(), 43);
        assert_nothing_is_no_success(&request);
    }
}
