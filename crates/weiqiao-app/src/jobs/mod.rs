//! Work that is done later: one file per kind, with what is to be done, how often and how long it is tried, and the doing.
//!
//! A job is planned with [`App::plan_job`](crate::App::plan_job) and written down by the command that makes it necessary
//! ([`insert_jobs`](weiqiao_store::facts::job::insert_jobs)); after the commit,
//! [`App::wake_worker`](crate::App::wake_worker) saves waiting for the next look. The engine is [`worker`](crate::worker).
//!
//! # How to add the next kind
//!
//! One file with a type that implements [`JobKind`], one `pub mod` line, and one line in [`catalogue`].

pub mod customer_message;
pub mod direct_message;
mod kind;
mod outcome;
mod plan;
mod policy;
pub mod subscribe_message;
pub mod webhook;

pub use kind::{JobEntry, JobKind, Task, Wanted};
pub use outcome::{Hold, Outcome};
pub use plan::Plan;
pub use policy::{OnUncertain, Policy, SCHEDULE};

pub(crate) use kind::Work;
pub(crate) use outcome::Step;
pub(crate) use plan::{TOPIC, answer_place, payload_place};

/// Every kind this program can do.
#[must_use]
pub fn catalogue() -> Vec<JobEntry> {
    vec![
        JobEntry::of::<webhook::DeliverWebhook>(),
        JobEntry::of::<customer_message::SendCustomerMessage>(),
        JobEntry::of::<subscribe_message::SendSubscribeMessage>(),
        JobEntry::of::<direct_message::DirectMessage>(),
    ]
}
