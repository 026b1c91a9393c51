//! `wxa_illegal_record`: a mini program broke the rules; for the platform that manages it.
//!
//! <https://developers.weixin.qq.com/doc/oplatform/Third-party_Platforms/2.0/api/records/getillegalrecords.html>

use serde::Serialize;

use crate::AppId;
use crate::callback::{Body, Field, FieldError, Read};

/// A mini program broke the rules; for the platform that manages it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WxaIllegalRecord {
    /// Names this record.
    pub illegal_record_id: String,
    /// The mini program.
    pub app_id: Option<AppId>,
    /// When it was punished, in seconds since 1970.
    pub create_time: Option<i64>,
    /// Why.
    pub illegal_reason: Option<String>,
    /// What was against the rules.
    pub illegal_content: Option<String>,
    /// Where the rule stands.
    pub rule_url: Option<String>,
    /// Which rule.
    pub rule_name: Option<String>,
}

impl Body for WxaIllegalRecord {
    const NAMES: &'static [&'static str] = &["wxa_illegal_record"];
}

impl Read for WxaIllegalRecord {
    fn read(field: Field<'_>) -> Result<Self, FieldError> {
        Ok(Self {
            illegal_record_id: field.read("illegal_record_id")?,
            app_id: field.read("appid")?,
            create_time: field.read("create_time")?,
            illegal_reason: field.read("illegal_reason")?,
            illegal_content: field.read("illegal_content")?,
            rule_url: field.read("rule_url")?,
            rule_name: field.read("rule_name")?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::WxaIllegalRecord;
    use crate::callback::testing::event;

    #[test]
    fn the_documented_push() {
        event(
            "wxa_illegal_record",
            "<illegal_record_id><![CDATA[2_11100]]></illegal_record_id>\
             <appid><![CDATA[wx2222222222222222]]></appid><create_time>1600051800</create_time>\
             <illegal_reason><![CDATA[内容低俗]]></illegal_reason>\
             <illegal_content><![CDATA[违规内容]]></illegal_content>\
             <rule_url><![CDATA[http://a.cn/1]]></rule_url><rule_name><![CDATA[规范]]></rule_name>",
            &WxaIllegalRecord {
                illegal_record_id: "2_11100".into(),
                app_id: Some("wx2222222222222222".into()),
                create_time: Some(1_600_051_800),
                illegal_reason: Some("内容低俗".into()),
                illegal_content: Some("违规内容".into()),
                rule_url: Some("http://a.cn/1".into()),
                rule_name: Some("规范".into()),
            },
            r#"{"illegal_record_id":"2_11100","app_id":"wx2222222222222222","create_time":1600051800,"illegal_reason":"内容低俗","illegal_content":"违规内容","rule_url":"http://a.cn/1","rule_name":"规范"}"#,
        );
    }
}
