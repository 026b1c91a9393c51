//! `GET /wxaapi/newtmpl/gettemplate`
//!
//! Lists the templates of the account people can subscribe to.
//!
//! <https://developers.weixin.qq.com/doc/offiaccount/Subscription_Messages/api.html>

use serde::{Deserialize, Serialize};
use weixin_proto::TemplateId;
use weixin_proto::json::de;

use crate::endpoint::{Auth, Encoding, Endpoint, Method, Spec};

/// Asks for the templates.
#[derive(Debug, Clone, Copy, Default, Serialize)]
pub struct ListSubscriptionTemplates {}

/// The templates of the account.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct SubscriptionTemplates {
    /// These.
    #[serde(deserialize_with = "de::list")]
    pub data: Vec<SubscriptionTemplate>,
}

/// One template.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SubscriptionTemplate {
    /// Its id, for this account only.
    #[serde(rename = "priTmplId")]
    pub template_id: TemplateId,
    /// Its name.
    #[serde(deserialize_with = "de::string")]
    pub title: String,
    /// Its text, with places as `{{thing1.DATA}}`.
    #[serde(deserialize_with = "de::string")]
    pub content: String,
    /// Its text with examples in the places.
    #[serde(default, deserialize_with = "de::text")]
    pub example: String,
    /// 2: agreed to once for each message; 3: for good.
    #[serde(rename = "type", deserialize_with = "de::int")]
    pub kind: i64,
    /// What values of `enum_string…` may be.
    #[serde(default)]
    pub keyword_enum_value_list: Vec<EnumValues>,
}

/// The values one key may have.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct EnumValues {
    /// The key with its ending, as `enum_string2.DATA`.
    pub keyword_code: String,
    /// The values.
    pub enum_value_list: Vec<String>,
}

impl Endpoint for ListSubscriptionTemplates {
    const SPEC: Spec = Spec {
        method: Method::Get,
        path: "/wxaapi/newtmpl/gettemplate",
        auth: Auth::AccessToken,
        encoding: Encoding::None,
        repeatable: true,
        doc: "https://developers.weixin.qq.com/doc/offiaccount/Subscription_Messages/api.html",
    };
    type Response = SubscriptionTemplates;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::testing::{answer, assert_nothing_is_no_success, line};

    #[test]
    fn the_documented_call() {
        let request = ListSubscriptionTemplates {};
        assert_eq!(line(&request), "GET /wxaapi/newtmpl/gettemplate?access_token=ACCESS_TOKEN");
        let templates = answer(
            &request,
            r#"{"errcode":0,"errmsg":"ok","data":[
                {"priTmplId":"A","title":"报名结果通知","content":"会议时间:{{date2.DATA}}\n","example":"会议时间:2016年8月8日\n","type":2},
                {"priTmplId":"B","title":"洗衣机故障提醒","content":"所在位置:{{enum_string2.DATA}}\n","example":"所在位置:客厅\n",
                "keywordEnumValueList":[{"enumValueList":["客厅","餐厅"],"keywordCode":"enum_string2.DATA"}],"type":3}]}"#,
        )
        .unwrap();
        assert_eq!((templates.data[0].kind, templates.data[0].keyword_enum_value_list.len()), (2, 0));
        assert_eq!(templates.data[1].keyword_enum_value_list[0].enum_value_list, ["客厅", "餐厅"]);
        assert_nothing_is_no_success(&request);
    }
}
