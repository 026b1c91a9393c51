//! What WeChat pushes: verified, decided, written down, answered.
//!
//! ```text
//! delivery ─ open ─ rules fit, or nobody takes time ─ AcceptCallback (one commit) ────────────── answer
//!                 └ a webhook or a handler takes time ─ BeginCallback ─ decide ≤ 4.5 s ─ FinishCallback ─ answer
//!                                                        ├ `success` was said: a customer-service message
//!                                                        └ all hung up: held for a copy, or sent after 15 s
//! ```
//!
//! A copy of a push that was seen gets the answer of the first and changes nothing, in parallel and over all instances.
//! Nothing is acknowledged before it is written down.

mod decide_slowly;
mod effects;
mod late;
mod receive;
mod recover;
mod refusal;
mod stored;
mod verify_echo;
mod wait;
mod webhooks;

use std::net::IpAddr;

use tokio::time::Instant;
use weixin_proto::callback::Query;

pub use receive::{receive, refuse_too_long};
pub use recover::recover_callbacks;
pub use refusal::CallbackRefusal;
pub use verify_echo::verify_echo;

pub(crate) use stored::{body_place, reply_place, who};

/// One delivery of a push. Of one push there may be several.
#[derive(Debug, Clone)]
pub struct Delivery<'a> {
    /// The account in the path; `None`: the default one.
    pub account: Option<&'a str>,
    /// The query, decoded.
    pub query: &'a Query<'a>,
    /// The body as it came.
    pub body: &'a [u8],
    /// Where it came from, seen through the proxies.
    pub source: Option<IpAddr>,
    /// When it came.
    pub begun: Instant,
}

/// What is answered to a delivery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallbackAnswer {
    /// The body, encrypted when the push was.
    pub body: String,
    /// What the body is.
    pub form: AnswerForm,
}

/// What the body of an answer is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AnswerForm {
    /// `success`: there is nothing to say.
    Text,
    /// A reply or its envelope.
    Xml,
    /// The same for a mini program set to JSON.
    Json,
}

impl CallbackAnswer {
    /// Received, and nothing to say. Never encrypted.
    #[must_use]
    pub fn success() -> Self {
        Self { body: "success".to_owned(), form: AnswerForm::Text }
    }
}
