//! What customers did.

mod list_actions;
mod submit_action;

pub use list_actions::{ActionPage, ListActions};
pub use submit_action::{NewAction, SubmitAction, SubmittedAction};

use crate::{Row, StoreError};

/// An action as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredAction {
    /// Our id of it.
    pub id: String,
    /// The mini program.
    pub app_id: String,
    /// For which advisor.
    pub advisor_id: String,
    /// What it was: `view_resume` …
    pub kind: String,
    /// Everything else, sealed; nothing when it is to be forgotten.
    pub detail: Option<Vec<u8>>,
    /// The lead it belongs to.
    pub lead_id: Option<String>,
    /// Whether it made that lead.
    pub lead_created: bool,
    /// Whether the advisor was told.
    pub notified: bool,
    /// When, epoch milliseconds.
    pub created_at: i64,
}

/// The columns [`StoredAction::read`] reads, in its order.
macro_rules! columns {
    () => {
        "id, app_id, advisor_id, kind, detail, lead_id, lead_created, notified, created_at"
    };
}
use columns;

impl StoredAction {
    fn read(row: &mut Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.text()?,
            app_id: row.text()?,
            advisor_id: row.text()?,
            kind: row.text()?,
            detail: row.opt_bytes()?,
            lead_id: row.opt_text()?,
            lead_created: row.flag()?,
            notified: row.flag()?,
            created_at: row.integer()?,
        })
    }
}
