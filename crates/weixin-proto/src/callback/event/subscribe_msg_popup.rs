//! `subscribe_msg_popup_event`: somebody was asked whether they want certain messages, and answered.
//!
//! In XML the items are in an element of their own; in JSON they are at the top, and a single one is no array.
//!
//! <https://developers.weixin.qq.com/miniprogram/dev/framework/open-ability/subscribe-message.html>

use serde::Serialize;

use crate::TemplateId;
use crate::callback::words::words;
use crate::callback::{Body, Field, FieldError, Read};

/// Somebody was asked whether they want certain messages, and answered.
///
/// Every `accept` of a one-time template is leave to send one message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SubscribeMsgPopup {
    /// One answer for each template that was shown.
    pub list: Vec<PopupAnswer>,
}

/// The answer about one template.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PopupAnswer {
    /// The template.
    pub template_id: TemplateId,
    /// Yes or no.
    pub subscribe_status_string: PopupStatus,
    /// Where: 0 in a mini program, 1 on a web page, 2 in an article.
    pub popup_scene: Option<i64>,
}

words! {
    /// Yes or no.
    PopupStatus {
        /// They want one.
        Accept = "accept",
        /// They do not.
        Reject = "reject",
    }
}

impl Body for SubscribeMsgPopup {
    const NAMES: &'static [&'static str] = &["subscribe_msg_popup_event"];
}

impl Read for SubscribeMsgPopup {
    fn read(field: Field<'_>) -> Result<Self, FieldError> {
        Ok(Self { list: field.unwrapped("SubscribeMsgPopupEvent").read("List")? })
    }
}

impl Read for PopupAnswer {
    fn read(item: Field<'_>) -> Result<Self, FieldError> {
        Ok(Self {
            template_id: item.read("TemplateId")?,
            subscribe_status_string: item.read("SubscribeStatusString")?,
            popup_scene: item.read("PopupScene")?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{PopupAnswer, PopupStatus, SubscribeMsgPopup};
    use crate::callback::testing::{event, json};

    fn one() -> PopupAnswer {
        PopupAnswer { template_id: "TPL1".into(), subscribe_status_string: PopupStatus::Accept, popup_scene: Some(2) }
    }

    fn other() -> PopupAnswer {
        PopupAnswer { template_id: "TPL2".into(), subscribe_status_string: PopupStatus::Reject, popup_scene: Some(0) }
    }

    #[test]
    fn the_documented_xml() {
        event(
            "subscribe_msg_popup_event",
            "<SubscribeMsgPopupEvent><List><TemplateId><![CDATA[TPL1]]></TemplateId>\
             <SubscribeStatusString><![CDATA[accept]]></SubscribeStatusString><PopupScene>2</PopupScene>\
             </List><List><TemplateId><![CDATA[TPL2]]></TemplateId>\
             <SubscribeStatusString><![CDATA[reject]]></SubscribeStatusString><PopupScene>0</PopupScene>\
             </List></SubscribeMsgPopupEvent>",
            &SubscribeMsgPopup { list: vec![one(), other()] },
            r#"{"list":[{"template_id":"TPL1","subscribe_status_string":"accept","popup_scene":2},{"template_id":"TPL2","subscribe_status_string":"reject","popup_scene":0}]}"#,
        );
    }

    #[test]
    fn the_documented_json() {
        let push = |list: &str| {
            format!(
                r#"{{"ToUserName":"gh_1","FromUserName":"o1","CreateTime":"1620973045","MsgType":"event","Event":"subscribe_msg_popup_event","List":{list}}}"#
            )
        };
        let item = r#"{"TemplateId":"TPL1","SubscribeStatusString":"accept","PopupScene":"2"}"#;
        json(&push(item), &SubscribeMsgPopup { list: vec![one()] });
        json(&push(&format!("[{item}]")), &SubscribeMsgPopup { list: vec![one()] });
        json(&push(&format!("[{item},{item}]")), &SubscribeMsgPopup { list: vec![one(), one()] });
        json(&push("[]"), &SubscribeMsgPopup { list: vec![] });
    }
}
