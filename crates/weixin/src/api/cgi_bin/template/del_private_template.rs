//! `POST /cgi-bin/template/del_private_template`
//!
//! Deletes a template of the account.
//!
//! <https://developers.weixin.qq.com/doc/offiaccount/Message_Management/Template_Message_Interface.html>

use serde::Serialize;
use weixin_proto::TemplateId;

use crate::api::Done;
use crate::endpoint::{Auth, Encoding, Endpoint, Method, Spec};

/// Deletes a template.
#[derive(Debug, Clone, Serialize)]
pub struct DeleteTemplate {
    /// Its id.
    pub template_id: TemplateId,
}

impl Endpoint for DeleteTemplate {
    const SPEC: Spec = Spec {
        method: Method::Post,
        path: "/cgi-bin/template/del_private_template",
        auth: Auth::AccessToken,
        encoding: Encoding::Json,
        repeatable: false,
        doc: "https://developers.weixin.qq.com/doc/offiaccount/Message_Management/Template_Message_Interface.html",
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
        let request = DeleteTemplate { template_id: "Dyvp3-Ff0cnail_CDSzk1fIc6-9lOkxsQE7exTJbwUE".into() };
        assert_eq!(line(&request), "POST /cgi-bin/template/del_private_template?access_token=ACCESS_TOKEN");
        assert_eq!(body(&request), json!({"template_id": "Dyvp3-Ff0cnail_CDSzk1fIc6-9lOkxsQE7exTJbwUE"}));
        answer(&request, r#"{"errcode":0,"errmsg":"ok"}"#).unwrap();
        assert_nothing_is_no_success(&request);
    }
}
