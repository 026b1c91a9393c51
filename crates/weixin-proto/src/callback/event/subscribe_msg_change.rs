//! `subscribe_msg_change_event`: somebody changed their mind about certain messages, on the page where they are managed.
//!
//! In XML the items are in an element of their own; in JSON they are at the top, and a single one is no array.
//!
//! <https://developers.weixin.qq.com/miniprogram/dev/framework/open-ability/subscribe-message.html>

use serde::Serialize;

use crate::TemplateId;
use crate::callback::words::words;
use crate::callback::{Body, Field, FieldError, Read};

/// Somebody changed their mind about certain messages, on the page where they are managed.
///
/// Only a `reject` is pushed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SubscribeMsgChange {
    /// One for each template.
    pub list: Vec<ChangedMind>,
}

/// The new mind about one template.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ChangedMind {
    /// The template.
    pub template_id: TemplateId,
    /// What they want now.
    pub subscribe_status_string: ChangeStatus,
}

words! {
    /// What somebody wants now.
    ChangeStatus {
        /// No such messages any more.
        Reject = "reject",
        /// Such messages again. Not documented as pushed.
        Accept = "accept",
    }
}

impl Body for SubscribeMsgChange {
    const NAMES: &'static [&'static str] = &["subscribe_msg_change_event"];
}

impl Read for SubscribeMsgChange {
    fn read(field: Field<'_>) -> Result<Self, FieldError> {
        Ok(Self { list: field.unwrapped("SubscribeMsgChangeEvent").read("List")? })
    }
}

impl Read for ChangedMind {
    fn read(item: Field<'_>) -> Result<Self, FieldError> {
        Ok(Self { template_id: item.read("TemplateId")?, subscribe_status_string: item.read("SubscribeStatusString")? })
    }
}

#[cfg(test)]
mod tests {
    use super::{ChangeStatus, ChangedMind, SubscribeMsgChange};
    use crate::callback::testing::{event, json};

    fn one() -> ChangedMind {
        ChangedMind { template_id: "TPL1".into(), subscribe_status_string: ChangeStatus::Reject }
    }

    fn other() -> ChangedMind {
        ChangedMind { template_id: "TPL2".into(), subscribe_status_string: ChangeStatus::Accept }
    }

    #[test]
    fn the_documented_xml() {
        event(
            "subscribe_msg_change_event",
            "<SubscribeMsgChangeEvent><List><TemplateId><![CDATA[TPL1]]></TemplateId>\
             <SubscribeStatusString><![CDATA[reject]]></SubscribeStatusString></List><List>\
             <TemplateId><![CDATA[TPL2]]></TemplateId>\
             <SubscribeStatusString><![CDATA[accept]]></SubscribeStatusString>\
             </List></SubscribeMsgChangeEvent>",
            &SubscribeMsgChange { list: vec![one(), other()] },
            r#"{"list":[{"template_id":"TPL1","subscribe_status_string":"reject"},{"template_id":"TPL2","subscribe_status_string":"accept"}]}"#,
        );
    }

    #[test]
    fn the_documented_json() {
        let push = |list: &str| {
            format!(
                r#"{{"ToUserName":"gh_1","FromUserName":"o1","CreateTime":"1620973045","MsgType":"event","Event":"subscribe_msg_change_event","List":{list}}}"#
            )
        };
        let item = r#"{"TemplateId":"TPL1","SubscribeStatusString":"reject"}"#;
        json(&push(item), &SubscribeMsgChange { list: vec![one()] });
        json(&push(&format!("[{item}]")), &SubscribeMsgChange { list: vec![one()] });
        json(&push(&format!("[{item},{item}]")), &SubscribeMsgChange { list: vec![one(), one()] });
        json(&push("[]"), &SubscribeMsgChange { list: vec![] });
    }
}
