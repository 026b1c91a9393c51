//! Callbacks: what WeChat pushes to us, and what we answer.
//!
//! ```
//! use weixin_proto::callback::message::Message;
//! use weixin_proto::callback::reply::{Address, Reply};
//! use weixin_proto::callback::{Kind, Query, Receiver};
//!
//! let receiver = Receiver::plain("wx1111111111111111".into(), "AAAAA".into());
//! let query = Query {
//!     signature: "899cf89e464efb63f54ddac96b0a0a235f53aa78".into(),
//!     timestamp: "1714037059".into(),
//!     nonce: "486452656".into(),
//!     ..Query::default()
//! };
//! let body = b"<xml><ToUserName>gh_97417a04a28d</ToUserName><FromUserName>oABCD</FromUserName>\
//!              <CreateTime>1714037059</CreateTime><MsgType>text</MsgType><Content>hello</Content><MsgId>1</MsgId></xml>";
//! let opened = receiver.open(&query, body, 1_714_037_060).unwrap();
//! let Kind::Message(Message::Text(text)) = &opened.inbound.kind else { panic!("a text was sent") };
//! let reply = Reply::text(format!("you said {}", text.content));
//! let answer = reply.write(&Address::answering(&opened.inbound, 1_714_037_060), opened.format()).unwrap();
//! let answer = receiver.seal(&opened, answer, 1_714_037_060, &query.nonce, [7; 16]).unwrap();
//! assert!(answer.contains("<Content><![CDATA[you said hello]]></Content>"));
//! ```
//!
//! # Map
//!
//! | module | holds |
//! |---|---|
//! | here | [`Receiver`]: verify, decrypt, parse; [`Inbound`]: one push; [`Fields`]: its fields, of any kind |
//! | [`message`] | one file per type of message |
//! | [`event`] | one file per event |
//! | [`reply`] | one file per type of reply |
//!
//! A type or event nobody has described here is no error: it arrives as `Other` with all its fields readable. So does
//! a known one with a field missing that its meaning needs; [`Inbound::problem`] then names the field.
//!
//! # As JSON
//!
//! [`Inbound`] serializes to what webhooks get. Names are in snake case, derived from WeChat's (`EventKey` is
//! `event_key`); ids of messages are texts, because they do not fit the numbers of JavaScript; what is absent is
//! `null`.
//!
//! ```json
//! {"type": "event", "event": "CLICK", "to": "gh_97417a04a28d", "from": "oABCD", "create_time": 1714037059,
//!  "known": true, "data": {"event_key": "V1001"}}
//! ```
//!
//! `event` is spelled as in WeChat's documentation, whatever the push had. What is not known has `"known": false` and
//! in `data` its own fields under WeChat's names.
//!
//! # How to add the next one
//!
//! An event is one file under `event/`, one `pub mod` line and one line in the list of `event/mod.rs`; take the nearest
//! neighbour as a pattern. A message likewise under `message/`.

mod body;
mod dedup;
mod envelope;
pub mod event;
mod fields;
mod inbound;
pub mod message;
mod msg_id;
mod query;
mod receiver;
mod refused;
pub mod reply;
#[cfg(test)]
mod testing;
mod words;

pub use body::{Body, Of};
pub use dedup::DedupKey;
pub use envelope::{Envelope, SealedReply};
pub use fields::{Draft, Field, FieldError, Fields, Format, FromField, Limits, Malformation, Malformed, Problem, Read};
pub use inbound::{Article, Inbound, Kind, ParseError};
pub use msg_id::MsgId;
pub use query::Query;
pub use receiver::{Mode, Opened, Receiver};
pub use refused::{Reason, Refused};
