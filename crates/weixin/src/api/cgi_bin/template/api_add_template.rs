//! `POST /cgi-bin/template/api_add_template`
//!
//! Takes a template from the library of categories. An account has 25 at most (45026).
//!
//! <https://developers.weixin.qq.com/doc/offiaccount/Message_Management/Template_Message_Interface.html>

use serde::{Deserialize, Serialize};
use weixin_proto::TemplateId;

use crate::endpoint::{Auth, Encoding, Endpoint, Method, Spec};
use crate::wire;

/// Takes a template from the library.
#[derive(Debug, Clone, Serialize)]
pub struct AddTemplate {
    /// Its number in the library.
    pub template_id_short: String,
    /// The names of the keywords it is to have, in order.
    pub keyword_name_list: Vec<String>,
}

/// The template of the account.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct AddedTemplate {
    /// Its id, for this account only.
    #[serde(deserialize_with = "wire::filled_id")]
    pub template_id: TemplateId,
}

impl Endpoint for AddTemplate {
    const SPEC: Spec = Spec {
        method: Method::Post,
        path: "/cgi-bin/template/api_add_template",
        auth: Auth::AccessToken,
        encoding: Encoding::Json,
        repeatable: false,
        doc: "https://developers.weixin.qq.com/doc/offiaccount/Message_Management/Template_Message_Interface.html",
    };
    type Response = AddedTemplate;
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::api::testing::{answer, assert_nothing_is_no_success, body, line};

    #[test]
    fn the_documented_call() {
        let request =
            AddTemplate { template_id_short: "TM00015".into(), keyword_name_list: vec!["订单编号".into()] };
        assert_eq!(line(&request), "POST /cgi-bin/template/api_add_template?access_token=ACCESS_TOKEN");
        assert_eq!(body(&request), json!({"template_id_short": "TM00015", "keyword_name_list": ["订单编号"]}));
        let added = r#"{"errcode":0,"errmsg":"ok","template_id":"Doclyl5uP7Aciu-qZ7mJNPtWkbkYnWBWVja26EGbNyk"}"#;
        assert_eq!(answer(&request, added).unwrap().template_id.as_str().len(), 43);
        assert_nothing_is_no_success(&request);
    }
}
