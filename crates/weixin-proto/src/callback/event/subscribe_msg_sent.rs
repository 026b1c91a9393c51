//! `subscribe_msg_sent_event`: what became of a subscription message.
//!
//! In XML the items are in an element of their own; in JSON they are at the top, and a single one is no array.
//!
//! <https://developers.weixin.qq.com/miniprogram/dev/framework/open-ability/subscribe-message.html>

use serde::Serialize;

use crate::TemplateId;
use crate::callback::words::words;
use crate::callback::{Body, Field, FieldError, MsgId, Read};

/// What became of a subscription message.
///
/// Failures are pushed only for faults of the system after the message was accepted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SubscribeMsgSent {
    /// One for each message.
    pub list: Vec<SentResult>,
}

/// What became of one message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SentResult {
    /// The template.
    pub template_id: TemplateId,
    /// The `msgid` that sending it gave; beyond 2^53.
    pub msg_id: MsgId,
    /// 0 when it was delivered.
    pub error_code: i64,
    /// The same in words.
    pub error_status: SentStatus,
}

words! {
    /// How a subscription message ended.
    SentStatus {
        /// It was delivered.
        Success = "success",
    }
}

impl Body for SubscribeMsgSent {
    const NAMES: &'static [&'static str] = &["subscribe_msg_sent_event"];
}

impl Read for SubscribeMsgSent {
    fn read(field: Field<'_>) -> Result<Self, FieldError> {
        Ok(Self { list: field.unwrapped("SubscribeMsgSentEvent").read("List")? })
    }
}

impl Read for SentResult {
    fn read(item: Field<'_>) -> Result<Self, FieldError> {
        Ok(Self {
            template_id: item.read("TemplateId")?,
            msg_id: item.read("MsgID")?,
            error_code: item.read("ErrorCode")?,
            error_status: item.read("ErrorStatus")?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{SentResult, SentStatus, SubscribeMsgSent};
    use crate::callback::MsgId;
    use crate::callback::testing::{event, json};

    fn one() -> SentResult {
        SentResult {
            template_id: "TPL1".into(),
            msg_id: MsgId(1_700_827_132_819_554_304),
            error_code: 0,
            error_status: SentStatus::Success,
        }
    }

    fn other() -> SentResult {
        SentResult {
            template_id: "TPL2".into(),
            msg_id: MsgId(1_864_323_726_461_255_681),
            error_code: 1003,
            error_status: SentStatus::Other("system error".into()),
        }
    }

    #[test]
    fn the_documented_xml() {
        event(
            "subscribe_msg_sent_event",
            "<SubscribeMsgSentEvent><List><TemplateId><![CDATA[TPL1]]></TemplateId>\
             <MsgID>1700827132819554304</MsgID><ErrorCode>0</ErrorCode>\
             <ErrorStatus><![CDATA[success]]></ErrorStatus></List><List>\
             <TemplateId><![CDATA[TPL2]]></TemplateId><MsgID>1864323726461255681</MsgID>\
             <ErrorCode>1003</ErrorCode><ErrorStatus><![CDATA[system error]]></ErrorStatus>\
             </List></SubscribeMsgSentEvent>",
            &SubscribeMsgSent { list: vec![one(), other()] },
            r#"{"list":[{"template_id":"TPL1","msg_id":"1700827132819554304","error_code":0,"error_status":"success"},{"template_id":"TPL2","msg_id":"1864323726461255681","error_code":1003,"error_status":"system error"}]}"#,
        );
    }

    #[test]
    fn the_documented_json() {
        let push = |list: &str| {
            format!(
                r#"{{"ToUserName":"gh_1","FromUserName":"o1","CreateTime":"1620973045","MsgType":"event","Event":"subscribe_msg_sent_event","List":{list}}}"#
            )
        };
        let item = r#"{"TemplateId":"TPL1","MsgID":"1700827132819554304","ErrorCode":"0","ErrorStatus":"success"}"#;
        json(&push(item), &SubscribeMsgSent { list: vec![one()] });
        json(&push(&format!("[{item}]")), &SubscribeMsgSent { list: vec![one()] });
        json(&push(&format!("[{item},{item}]")), &SubscribeMsgSent { list: vec![one(), one()] });
        json(&push("[]"), &SubscribeMsgSent { list: vec![] });
    }
}
