//! Advisors: who they are, and what they want to be told.

mod list;
mod save_advisor;
mod subscribe;

pub use list::{ListedAdvisor, ListedSubscription, SubscriptionFilter, list_advisors, list_subscriptions};
pub use save_advisor::{AdvisorInput, save_advisor};
pub use subscribe::{Subscribe, Subscription, subscribe};

pub(crate) use subscribe::{open_openid, openid_place, unknown};
