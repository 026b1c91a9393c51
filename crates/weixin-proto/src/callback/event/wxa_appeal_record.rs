//! `wxa_appeal_record`: an appeal was made or decided; for the platform that manages the mini program.
//!
//! <https://developers.weixin.qq.com/doc/oplatform/Third-party_Platforms/2.0/api/records/record_event.html>

use serde::Serialize;

use crate::AppId;
use crate::callback::{Body, Field, FieldError, Read};

/// An appeal was made or decided; for the platform that manages the mini program.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WxaAppealRecord {
    /// Names this appeal.
    pub appeal_record_id: i64,
    /// The mini program.
    pub app_id: Option<AppId>,
    /// When it was made, in seconds since 1970.
    pub appeal_time: Option<i64>,
    /// How often there has been one.
    pub appeal_count: Option<i64>,
    /// Who made it: 0 the owner, 1 the platform.
    pub appeal_from: Option<i64>,
    /// 1 being looked at, 2 granted, 3 refused, 4 withdrawn.
    pub appeal_status: i64,
    /// When it was decided, in seconds since 1970.
    pub audit_time: Option<i64>,
    /// Why it was decided so.
    pub audit_reason: Option<String>,
    /// What the punishment was for.
    pub punish_description: Option<String>,
    /// What it is about, and what was said about it.
    pub material: Vec<AppealMaterial>,
}

/// One thing an appeal is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AppealMaterial {
    /// What was against the rules.
    pub content: Option<String>,
    /// Where it was.
    pub content_url: Option<String>,
    /// What the appeal says about it.
    pub reason: Option<String>,
    /// Temporary media that prove it.
    pub proof_material_id: Vec<String>,
}

impl Body for WxaAppealRecord {
    const NAMES: &'static [&'static str] = &["wxa_appeal_record"];
}

impl Read for WxaAppealRecord {
    fn read(field: Field<'_>) -> Result<Self, FieldError> {
        Ok(Self {
            appeal_record_id: field.read("appeal_record_id")?,
            app_id: field.read("appid")?,
            appeal_time: field.read("appeal_time")?,
            appeal_count: field.read("appeal_count")?,
            appeal_from: field.read("appeal_from")?,
            appeal_status: field.read("appeal_status")?,
            audit_time: field.read("audit_time")?,
            audit_reason: field.read("audit_reason")?,
            punish_description: field.read("punish_description")?,
            material: field.read("material")?,
        })
    }
}

impl Read for AppealMaterial {
    fn read(item: Field<'_>) -> Result<Self, FieldError> {
        let (illegal, appeal) = (item.unwrapped("illegal_material"), item.unwrapped("appeal_material"));
        Ok(Self {
            content: illegal.read("content")?,
            content_url: illegal.read("content_url")?,
            reason: appeal.read("reason")?,
            proof_material_id: appeal.read("proof_material_id")?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{AppealMaterial, WxaAppealRecord};
    use crate::callback::testing::event;

    #[test]
    fn the_documented_push() {
        event(
            "wxa_appeal_record",
            "<appeal_record_id>4111001</appeal_record_id><appid>wx2222222222222222</appid>\
             <appeal_time>1600055800</appeal_time><appeal_count>1</appeal_count><appeal_from>0</appeal_from>\
             <appeal_status>1</appeal_status><punish_description>涉嫌欺诈</punish_description>\
             <material><illegal_material><content>违规内容</content><content_url>http://a.cn/1</content_url>\
             </illegal_material><appeal_material><reason>申诉理由</reason><proof_material_id>M1</proof_material_id>\
             <proof_material_id>M2</proof_material_id></appeal_material></material>\
             <material><appeal_material><reason>又</reason></appeal_material></material>",
            &WxaAppealRecord {
                appeal_record_id: 4_111_001,
                app_id: Some("wx2222222222222222".into()),
                appeal_time: Some(1_600_055_800),
                appeal_count: Some(1),
                appeal_from: Some(0),
                appeal_status: 1,
                audit_time: None,
                audit_reason: None,
                punish_description: Some("涉嫌欺诈".into()),
                material: vec![
                    AppealMaterial {
                        content: Some("违规内容".into()),
                        content_url: Some("http://a.cn/1".into()),
                        reason: Some("申诉理由".into()),
                        proof_material_id: vec!["M1".into(), "M2".into()],
                    },
                    AppealMaterial {
                        content: None,
                        content_url: None,
                        reason: Some("又".into()),
                        proof_material_id: vec![],
                    },
                ],
            },
            r#"{"appeal_record_id":4111001,"app_id":"wx2222222222222222","appeal_time":1600055800,"appeal_count":1,"appeal_from":0,"appeal_status":1,"audit_time":null,"audit_reason":null,"punish_description":"涉嫌欺诈","material":[{"content":"违规内容","content_url":"http://a.cn/1","reason":"申诉理由","proof_material_id":["M1","M2"]},{"content":null,"content_url":null,"reason":"又","proof_material_id":[]}]}"#,
        );
    }
}
