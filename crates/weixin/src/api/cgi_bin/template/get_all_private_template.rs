//! `GET /cgi-bin/template/get_all_private_template`
//!
//! Lists the templates of the account.
//!
//! <https://developers.weixin.qq.com/doc/offiaccount/Message_Management/Template_Message_Interface.html>

use serde::{Deserialize, Serialize};
use weixin_proto::TemplateId;
use weixin_proto::json::de;

use crate::endpoint::{Auth, Encoding, Endpoint, Method, Spec};

/// Asks for the templates.
#[derive(Debug, Clone, Copy, Default, Serialize)]
pub struct ListTemplates {}

/// The templates of the account.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct TemplateList {
    /// At most 25.
    #[serde(deserialize_with = "de::list")]
    pub template_list: Vec<Template>,
}

/// One template.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Template {
    /// Its id, for this account only.
    pub template_id: TemplateId,
    /// What it is called.
    #[serde(default, deserialize_with = "de::text")]
    pub title: String,
    /// The class of its industry.
    #[serde(default, deserialize_with = "de::text")]
    pub primary_industry: String,
    /// Its industry.
    #[serde(default, deserialize_with = "de::text")]
    pub deputy_industry: String,
    /// Its text, with places as `{{thing1.DATA}}`.
    #[serde(deserialize_with = "de::string")]
    pub content: String,
    /// Its text with examples in the places.
    #[serde(default, deserialize_with = "de::text")]
    pub example: String,
}

impl Template {
    /// The keys of its places, in order.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.content.split("{{").skip(1).filter_map(|rest| rest.split_once(".DATA}}")).map(|(key, _)| key.trim())
    }
}

impl Endpoint for ListTemplates {
    const SPEC: Spec = Spec {
        method: Method::Get,
        path: "/cgi-bin/template/get_all_private_template",
        auth: Auth::AccessToken,
        encoding: Encoding::None,
        repeatable: true,
        doc: "https://developers.weixin.qq.com/doc/offiaccount/Message_Management/Template_Message_Interface.html",
    };
    type Response = TemplateList;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::testing::{answer, assert_nothing_is_no_success, line};

    #[test]
    fn the_documented_call() {
        let request = ListTemplates {};
        assert_eq!(line(&request), "GET /cgi-bin/template/get_all_private_template?access_token=ACCESS_TOKEN");
        let list = answer(
            &request,
            r#"{"template_list":[{"template_id":"iPk5sOIt5X_flOVKn5GrTFpncEYTojx6ddbt8WYoV5s","title":"领取奖金提醒",
                "primary_industry":"IT科技","deputy_industry":"互联网|电子商务",
                "content":"{{result.DATA}}\n\n领奖金额:{{withdrawMoney.DATA}}\n{{remark.DATA}}","example":"您已提交领奖申请"}]}"#,
        )
        .unwrap();
        assert_eq!(list.template_list[0].keys().collect::<Vec<_>>(), ["result", "withdrawMoney", "remark"]);
        assert_eq!(list.template_list[0].deputy_industry, "互联网|电子商务");
        assert_nothing_is_no_success(&request);
    }
}
