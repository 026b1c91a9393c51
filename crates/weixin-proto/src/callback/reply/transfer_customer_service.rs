//! `transfer_customer_service`: hands the message over to a human agent.
//!
//! <https://developers.weixin.qq.com/doc/offiaccount/Customer_Service/Forwarding_of_messages_to_service_center.html>

use serde::{Deserialize, Serialize};

use super::error::check_id;
use super::{Body, Field, FieldError, ReplyError, Sink};

/// Hands the message over to a human agent. Only messages can be handed over, not events.
///
/// The one reply that mini programs know, too.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TransferCustomerService {
    /// A certain agent (`name@account`). One who is not online leaves the message waiting.
    #[serde(default)]
    pub kf_account: Option<String>,
}

impl Body for TransferCustomerService {
    const NAME: &'static str = "transfer_customer_service";

    fn check(&self) -> Result<(), ReplyError> {
        self.kf_account.as_deref().map_or(Ok(()), |account| check_id("kf_account", account))
    }

    fn write(&self, out: &mut dyn Sink) {
        if let Some(account) = &self.kf_account {
            out.within("TransInfo", &|out| out.text("KfAccount", account));
        }
    }

    fn read(field: Field<'_>) -> Result<Self, FieldError> {
        let kf_account = field.child("TransInfo").map(|info| info.read("KfAccount")).transpose()?;
        Ok(Self { kf_account: kf_account.flatten() })
    }
}

#[cfg(test)]
mod tests {
    use super::TransferCustomerService;
    use crate::callback::reply::ReplyProblem;
    use crate::callback::reply::tests::{answer_to, refused, round};

    #[test]
    fn the_documented_xml_and_json() {
        round(
            &TransferCustomerService { kf_account: Some("test1@test".into()) }.into(),
            "<MsgType><![CDATA[transfer_customer_service]]></MsgType>\
             <TransInfo><KfAccount><![CDATA[test1@test]]></KfAccount></TransInfo>",
            r#""MsgType":"transfer_customer_service","TransInfo":{"KfAccount":"test1@test"}"#,
            r#"{"type":"transfer_customer_service","kf_account":"test1@test"}"#,
        );
        round(
            &TransferCustomerService::default().into(),
            "<MsgType><![CDATA[transfer_customer_service]]></MsgType>",
            r#""MsgType":"transfer_customer_service""#,
            r#"{"type":"transfer_customer_service","kf_account":null}"#,
        );
    }

    #[test]
    fn an_agent_has_a_name() {
        let nobody = TransferCustomerService { kf_account: Some(String::new()) };
        assert_eq!(refused(nobody), ("kf_account".into(), ReplyProblem::Empty));
    }

    #[test]
    fn an_event_is_not_handed_over() {
        let transfer = TransferCustomerService::default;
        assert_eq!(answer_to("<MsgType>text</MsgType><Content>a</Content>", transfer()), Ok(()));
        assert_eq!(
            answer_to("<MsgType>event</MsgType><Event>CLICK</Event>", transfer()),
            Err(("type".into(), ReplyProblem::MessagesOnly))
        );
    }
}
