//! What WeChat pushed, once however often it is delivered, and what was answered.
//!
//! A push that is decided at once is one commit: [`AcceptCallback`]. One whose answer takes time is two:
//! [`BeginCallback`] with a lease, [`FinishCallback`] with the answer; whoever finds the lease over goes on with
//! [`TakeOverCallback`]. What is decided while no delivery waits is held for a copy: [`ClaimReply`] gives it to one,
//! [`SendHeld`] sends it late; one of the two, once.
//!
//! | in a row that is `deciding` | says |
//! |---|---|
//! | `reply` | it is decided and held, until `lease_until` |
//! | `response_ms` without `reply` | a delivery was answered `success` meanwhile: what is decided is late |

mod accept_callback;
mod begin_callback;
mod effect;
mod find_inbox;
mod finish_callback;
mod held;
mod list_inbox;
mod list_recent;
mod list_undecided;
mod sweep_inbox;

pub use accept_callback::AcceptCallback;
pub use begin_callback::BeginCallback;
pub use effect::Effect;
pub use find_inbox::{FindDecision, FindInbox, StoredPush};
pub use finish_callback::{FinishCallback, Finished, Late, Patience, RenewCallback, TakeOverCallback};
pub use held::{AcknowledgeCallback, ClaimReply, SendHeld};
pub use list_inbox::{InboxPage, ListInbox};
pub use list_recent::{ListRecent, RecentPush};
pub use list_undecided::ListUndecided;
pub use sweep_inbox::SweepInbox;

use crate::facts::job::NewJob;
use crate::{Row, StoreError};

/// A push that was verified.
#[derive(Debug, Clone)]
pub struct NewPush {
    /// The id its row gets when it is new.
    pub id: String,
    /// The account's appid.
    pub app_id: String,
    /// The account's name.
    pub account: String,
    /// What copies of it have in common.
    pub dedup_key: String,
    /// What was pushed, sealed.
    pub body: Vec<u8>,
    /// `message`, `event`, `info` or `other`.
    pub kind: &'static str,
    /// The type of message, `event` for events.
    pub msg_type: String,
    /// The name of the event.
    pub event: Option<String>,
    /// Blind index of the sender.
    pub who: Option<String>,
    /// How it came, such as `safe xml`.
    pub form: String,
    /// When it happened, epoch milliseconds by WeChat's clock.
    pub sent_at: i64,
    /// Now, epoch milliseconds.
    pub received_at: i64,
}

/// What was decided.
#[derive(Debug, Clone, Default)]
pub struct Outcome {
    /// What is answered, sealed; `None`: nothing.
    pub reply: Option<Vec<u8>>,
    /// Who decided: `rule:<id>`, `webhook:<id>`, `handler`, `nobody`.
    pub decided_by: String,
    /// When, epoch milliseconds.
    pub decided_at: i64,
    /// How long it took, in milliseconds.
    pub response_ms: i64,
    /// What follows from it.
    pub jobs: Vec<NewJob>,
}

/// What became of a delivery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Receipt {
    /// It is the first of its push.
    New,
    /// There was one before.
    Again {
        /// The row of the first.
        id: String,
        /// How far it is.
        decision: Decision,
    },
}

/// How far the decision about a push is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// Decided; the answer, sealed, when there is one.
    Done(Option<Vec<u8>>),
    /// Decided while nobody waited: the answer, sealed, for a copy that [claims](ClaimReply) it.
    Held(Vec<u8>),
    /// Somebody is deciding, until this lease ends, epoch milliseconds.
    Deciding {
        /// When others may go on.
        lease_until: i64,
    },
}

impl Decision {
    fn read(row: &mut Row) -> Result<Self, StoreError> {
        let (state, reply, lease_until) = (row.text()?, row.opt_bytes()?, row.integer()?);
        Ok(match reply {
            reply if state == "done" => Self::Done(reply),
            Some(reply) => Self::Held(reply),
            None => Self::Deciding { lease_until },
        })
    }
}

/// What is known about a push without opening it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedPush {
    /// Our id of it.
    pub id: String,
    /// The account's appid.
    pub app_id: String,
    /// The account's name.
    pub account: String,
    /// Whether it is decided, and what was decided is given or sent.
    pub done: bool,
    /// Whether something was answered.
    pub replied: bool,
    /// `message`, `event`, `info` or `other`.
    pub kind: String,
    /// The type of message, `event` for events.
    pub msg_type: String,
    /// The name of the event.
    pub event: Option<String>,
    /// Blind index of the sender.
    pub who: Option<String>,
    /// How it came.
    pub form: String,
    /// When it happened, epoch milliseconds by WeChat's clock.
    pub sent_at: i64,
    /// When it came, epoch milliseconds.
    pub received_at: i64,
    /// When it was decided, epoch milliseconds.
    pub decided_at: Option<i64>,
    /// Who decided.
    pub decided_by: Option<String>,
    /// How long the decision took, in milliseconds.
    pub response_ms: Option<i64>,
    /// How often it was delivered.
    pub copies: i64,
}

/// The columns [`ListedPush::read`] reads, in its order.
macro_rules! columns {
    () => {
        "id, app_id, account, state, CASE WHEN state = 'done' AND reply IS NOT NULL THEN CAST(1 AS BIGINT) ELSE CAST(0 AS BIGINT) END, kind, \
         msg_type, event, who, form, sent_at, received_at, decided_at, decided_by, response_ms, copies"
    };
}
use columns;

impl ListedPush {
    fn read(row: &mut Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.text()?,
            app_id: row.text()?,
            account: row.text()?,
            done: row.text()? == "done",
            replied: row.flag()?,
            kind: row.text()?,
            msg_type: row.text()?,
            event: row.opt_text()?,
            who: row.opt_text()?,
            form: row.text()?,
            sent_at: row.integer()?,
            received_at: row.integer()?,
            decided_at: row.opt_integer()?,
            decided_by: row.opt_text()?,
            response_ms: row.opt_integer()?,
            copies: row.integer()?,
        })
    }
}
