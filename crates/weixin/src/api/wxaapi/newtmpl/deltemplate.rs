//! `POST /wxaapi/newtmpl/deltemplate`
//!
//! Deletes a template of the account.
//!
//! <https://developers.weixin.qq.com/doc/offiaccount/Subscription_Messages/api.html>

use serde::Serialize;
use weixin_proto::TemplateId;

use crate::api::Done;
use crate::endpoint::{Auth, Encoding, Endpoint, Method, Spec};

/// Deletes a template.
#[derive(Debug, Clone, Serialize)]
pub struct DeleteSubscriptionTemplate {
    /// Its id.
    #[serde(rename = "priTmplId")]
    pub template_id: TemplateId,
}

impl Endpoint for DeleteSubscriptionTemplate {
    const SPEC: Spec = Spec {
        method: Method::Post,
        path: "/wxaapi/newtmpl/deltemplate",
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
        let template_id = "9Aw5ZV1j9xdWTFEkqCpZ7jWySL7aGN6rQom4gXINfJs".into();
        let request = DeleteSubscriptionTemplate { template_id };
        assert_eq!(line(&request), "POST /wxaapi/newtmpl/deltemplate?access_token=ACCESS_TOKEN");
        assert_eq!(body(&request), json!({"priTmplId": "9Aw5ZV1j9xdWTFEkqCpZ7jWySL7aGN6rQom4gXINfJs"}));
        answer(&request, r#"{"errcode":0,"errmsg":"ok"}"#).unwrap();
        assert_nothing_is_no_success(&request);
    }
}
