//! Leave to send somebody messages of a template: one row per advisor, openid and template.
//!
//! WeChat tells nobody how many messages are left. They are counted twice, by what clients say and by WeChat's events, and the
//! larger number counts; only a refusal of WeChat itself ([`spent`](StoredSubscription::spent)) stops sending.

mod event;
mod list_subscriptions;
mod save_subscription;
mod take_leave;

pub use event::{SubscriptionChange, SubscriptionEvent};
pub use list_subscriptions::{ListSubscriptions, SubscriptionPage};
pub use save_subscription::{SaveSubscription, SavedSubscription};

pub(super) use event::{apply, sort_arrivals};
pub(super) use take_leave::take_leave;

use crate::{Row, StoreError};

/// The serial key of what is owed to one person: one message after another. All of them begin like that of nobody; a blind index
/// is of one mini program.
pub(super) fn recipient_key(openid_index: &str) -> String {
    ["subscribe:", openid_index].concat()
}

/// A subscription as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredSubscription {
    /// Our id of it.
    pub id: String,
    /// The mini program.
    pub app_id: String,
    /// For which advisor.
    pub advisor_id: String,
    /// Which messages.
    pub template_id: String,
    /// Blind index of the openid.
    pub openid_index: String,
    /// The openid, sealed.
    pub openid: Vec<u8>,
    /// Whether the client says that they are wanted.
    pub subscribed: bool,
    /// Whether WeChat said that none is left, with no new leave since.
    pub spent: bool,
    /// How many are left, as far as can be counted.
    pub credits: i64,
    /// What the client keeps with it, sealed.
    pub data: Option<Vec<u8>>,
    /// When it was last subscribed, epoch milliseconds.
    pub subscribed_at: Option<i64>,
    /// When it was last called off, epoch milliseconds.
    pub unsubscribed_at: Option<i64>,
    /// When it was first heard of, epoch milliseconds.
    pub created_at: i64,
    /// When anything about it changed last, epoch milliseconds.
    pub updated_at: i64,
}

/// The columns [`StoredSubscription::read`] reads, in its order.
macro_rules! columns {
    () => {
        "id, app_id, advisor_id, template_id, openid_index, openid, subscribed, spent, given_by_calls, given_by_events, \
         used, data, subscribed_at, unsubscribed_at, created_at, updated_at"
    };
}
use columns;

impl StoredSubscription {
    /// Whether a message may be sent.
    #[must_use]
    pub const fn is_active(&self) -> bool {
        self.subscribed && !self.spent
    }

    fn read(row: &mut Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.text()?,
            app_id: row.text()?,
            advisor_id: row.text()?,
            template_id: row.text()?,
            openid_index: row.text()?,
            openid: row.bytes()?,
            subscribed: row.flag()?,
            spent: row.flag()?,
            credits: {
                let (calls, events, used) = (row.integer()?, row.integer()?, row.integer()?);
                calls.max(events).saturating_sub(used).max(0)
            },
            data: row.opt_bytes()?,
            subscribed_at: row.opt_integer()?,
            unsubscribed_at: row.opt_integer()?,
            created_at: row.integer()?,
            updated_at: row.integer()?,
        })
    }
}
