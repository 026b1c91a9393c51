//! What people received: messages of accounts, as the phone shows them.

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The way a message came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// The answer to a callback.
    Reply,
    /// A customer-service message.
    CustomerService,
    /// A template message, the one-time subscription included.
    Template,
    /// A subscription notification.
    Subscription,
    /// A line of WeChat's own: the account did not answer.
    System,
}

/// One message somebody received.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ReceivedMessage {
    /// Counts up from 1 over all people; begins again after a reset.
    pub id: u64,
    /// Emulated time, epoch milliseconds.
    pub at_ms: i64,
    /// Who received it: the person's id.
    pub persona: String,
    /// Who sent it: the account's handle.
    pub account: String,
    /// The way it came.
    pub channel: Channel,
    /// `text`, `image`, `news` …; `template` or `subscribe` for notifications.
    #[serde(rename = "type")]
    pub kind: String,
    /// What WeChat's own JSON has under the type's name, for instance `{"content":"hello"}`.
    pub content: Value,
    /// WeChat's number of the message, where it gives one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub msg_id: Option<u64>,
    /// The member of staff a customer-service message came from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kf_account: Option<String>,
}

/// Messages kept; the oldest are dropped.
const KEPT: usize = 1000;

/// Everything everybody received, oldest first.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Inbox {
    next: u64,
    messages: VecDeque<ReceivedMessage>,
}

impl Inbox {
    /// Puts a message on somebody's phone; its id is given here.
    pub(crate) fn deliver(&mut self, mut message: ReceivedMessage) -> u64 {
        self.next += 1;
        message.id = self.next;
        self.messages.push_back(message);
        if self.messages.len() > KEPT {
            self.messages.pop_front();
        }
        self.next
    }

    /// The id of the newest message; 0 when there was none.
    pub(crate) fn newest(&self) -> u64 {
        self.next
    }

    /// Messages after an id, of one person (everybody when `None`), oldest first.
    pub(crate) fn find<'a>(
        &'a self,
        persona: Option<&'a str>,
        after: u64,
    ) -> impl Iterator<Item = &'a ReceivedMessage> {
        let from = self.messages.partition_point(|message| message.id <= after);
        self.messages.range(from..).filter(move |message| persona.is_none_or(|persona| persona == message.persona))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn text(persona: &str) -> ReceivedMessage {
        ReceivedMessage {
            id: 0,
            at_ms: 5,
            persona: persona.to_owned(),
            account: "official".to_owned(),
            channel: Channel::CustomerService,
            kind: "text".to_owned(),
            content: json!({ "content": "hello" }),
            msg_id: None,
            kf_account: None,
        }
    }

    #[test]
    fn messages_are_found_by_person_and_after_an_id() {
        let mut inbox = Inbox::default();
        let ids: Vec<u64> = ["a", "b", "a"].map(|persona| inbox.deliver(text(persona))).to_vec();
        assert_eq!(ids, [1, 2, 3]);
        let of = |persona, after| inbox.find(persona, after).map(|message| message.id).collect::<Vec<_>>();
        assert_eq!(of(Some("a"), 0), [1, 3]);
        assert_eq!(of(Some("a"), 1), [3]);
        assert_eq!(of(None, 1), [2, 3]);
        assert!(of(Some("a"), 3).is_empty());
    }

    #[test]
    fn the_oldest_are_dropped_and_ids_go_on() {
        let mut inbox = Inbox::default();
        for _ in 0..=KEPT {
            inbox.deliver(text("a"));
        }
        assert_eq!(inbox.find(None, 0).next().map(|message| message.id), Some(2));
        assert_eq!(inbox.newest(), 1001);
    }
}
