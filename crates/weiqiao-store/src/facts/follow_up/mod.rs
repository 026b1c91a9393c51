//! What staff did about a lead with its customer: a call, a visit, what was agreed.

mod add_follow_up;
mod list_follow_ups;

pub use add_follow_up::{AddFollowUp, NewFollowUp};
pub use list_follow_ups::{FollowUpPage, ListFollowUps};

use crate::facts::lead::LeadActor;
use crate::{Row, StoreError};

/// A follow-up as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredFollowUp {
    /// Our id of it.
    pub id: String,
    /// The lead it is about.
    pub lead_id: String,
    /// The lead's mini program.
    pub app_id: String,
    /// How: `call`, `wechat` …
    pub kind: String,
    /// What was said, sealed; nothing when it is to be forgotten.
    pub text: Option<Vec<u8>>,
    /// When to go on, epoch milliseconds.
    pub next_at: Option<i64>,
    /// When it was written down, epoch milliseconds.
    pub created_at: i64,
    /// Who wrote it.
    pub actor: LeadActor,
}

impl StoredFollowUp {
    fn read(mut row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.text()?,
            lead_id: row.text()?,
            app_id: row.text()?,
            kind: row.text()?,
            text: row.opt_bytes()?,
            next_at: row.opt_integer()?,
            created_at: row.integer()?,
            actor: LeadActor::read(&mut row)?,
        })
    }
}
