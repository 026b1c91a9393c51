//! `wxa_punish_event`: WeChat has punished a mini program.
//!
//! <https://developers.weixin.qq.com/miniprogram/dev/server/event_push/platform/Penalty_for_Violation.html>

use serde::Serialize;

use crate::AppId;
use crate::callback::{Body, Field, FieldError, Read};

/// WeChat has punished a mini program.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WxaPunish {
    /// 1 a warning, 2 functions banned, 3 taken down, 4 the account banned, 5 or 10 pages banned.
    pub event_type: i64,
    /// Names this punishment.
    pub punish_id: String,
    /// The mini program.
    pub app_id: Option<AppId>,
    /// When, in seconds since 1970.
    pub punish_time: Option<i64>,
    /// Why.
    pub illegal_reason: Option<String>,
    /// What was against the rules. One text by the table of the documentation, a list by its sample.
    pub illegal_content: Vec<String>,
    /// Which rule.
    pub rule_name: Option<String>,
    /// Where the rule stands.
    pub rule_url: Option<String>,
    /// How to set it right or appeal.
    pub adjust_guide_url: Option<String>,
    /// More, different for every `event_type`: a text of JSON.
    pub detail: Option<String>,
}

impl Body for WxaPunish {
    const NAMES: &'static [&'static str] = &["wxa_punish_event"];
}

impl Read for WxaPunish {
    fn read(field: Field<'_>) -> Result<Self, FieldError> {
        Ok(Self {
            event_type: field.read("event_type")?,
            punish_id: field.read("punish_id")?,
            app_id: field.read("appid")?,
            punish_time: field.read("punish_time")?,
            illegal_reason: field.read("illegal_reason")?,
            illegal_content: field.read("illegal_content")?,
            rule_name: field.read("rule_name")?,
            rule_url: field.read("rule_url")?,
            adjust_guide_url: field.read("adjust_guide_url")?,
            detail: field.read("detail")?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::WxaPunish;
    use crate::callback::testing::{event, json};

    fn punished(illegal_content: &[&str]) -> WxaPunish {
        WxaPunish {
            event_type: 2,
            punish_id: "P1".into(),
            app_id: Some("wx2222222222222222".into()),
            punish_time: Some(1_700_000_000),
            illegal_reason: Some("违规".into()),
            illegal_content: illegal_content.iter().map(|&text| text.to_owned()).collect(),
            rule_name: Some("规范".into()),
            rule_url: Some("http://a.cn/1".into()),
            adjust_guide_url: None,
            detail: Some(r#"{"banned_days":[7]}"#.into()),
        }
    }

    #[test]
    fn the_documented_push() {
        event(
            "wxa_punish_event",
            "<event_type>2</event_type><punish_id>P1</punish_id><appid>wx2222222222222222</appid>\
             <punish_time>1700000000</punish_time><illegal_reason><![CDATA[违规]]></illegal_reason>\
             <illegal_content><![CDATA[甲]]></illegal_content><illegal_content><![CDATA[乙]]></illegal_content>\
             <rule_name><![CDATA[规范]]></rule_name><rule_url><![CDATA[http://a.cn/1]]></rule_url>\
             <detail><![CDATA[{\"banned_days\":[7]}]]></detail>",
            &punished(&["甲", "乙"]),
            r#"{"event_type":2,"punish_id":"P1","app_id":"wx2222222222222222","punish_time":1700000000,"illegal_reason":"违规","illegal_content":["甲","乙"],"rule_name":"规范","rule_url":"http://a.cn/1","adjust_guide_url":null,"detail":"{\"banned_days\":[7]}"}"#,
        );
    }

    #[test]
    fn one_content_and_several_in_json() {
        for (content, expected) in [(r#""甲""#, vec!["甲"]), (r#"["甲","乙"]"#, vec!["甲", "乙"]), ("[]", vec![])]
        {
            let push = format!(
                r#"{{"MsgType":"event","Event":"wxa_punish_event","event_type":2,"punish_id":"P1","appid":"wx2222222222222222",
                "punish_time":1700000000,"illegal_reason":"违规","illegal_content":{content},"rule_name":"规范",
                "rule_url":"http://a.cn/1","adjust_guide_url":"","detail":"{{\"banned_days\":[7]}}"}}"#
            );
            json(&push, &punished(&expected));
        }
    }
}
