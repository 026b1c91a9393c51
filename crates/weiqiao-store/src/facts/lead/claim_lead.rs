//! An advisor takes a lead out of the public pool: the first one wins.

use super::history::{NewLeadHistory, add};
use super::{StoredLead, columns, find};
use crate::facts::advisor::is_known;
use crate::facts::audit::{NewAudit, append};
use crate::value::params;
use crate::{Command, StoreError, StoreErrorKind, Transaction};

const CLAIM: &str = concat!(
    "UPDATE lead SET assigned_to = $2, version = version + 1, updated_at = $3 WHERE id = $1 AND assigned_to IS NULL RETURNING ",
    columns!()
);

const WAS_IN_POOL: &str =
    "SELECT count(*) FROM lead_history WHERE lead_id = $1 AND to_advisor IS NULL AND from_advisor IS NOT NULL";

/// Who is faster than we can look is not waited for longer than this.
const TRIES: u32 = 3;

/// Gives a lead of the public pool to an advisor.
#[derive(Debug, Clone)]
pub struct ClaimLead {
    /// Its id.
    pub id: String,
    /// Whose it becomes.
    pub advisor_id: String,
    /// What is noted in its history.
    pub history: NewLeadHistory,
    /// What is noted in the chain.
    pub audit: NewAudit,
    /// Now, epoch milliseconds.
    pub now: i64,
}

/// Whose the lead is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LeadClaimed {
    /// The advisor's, from now on.
    Claimed(Box<StoredLead>),
    /// The advisor's, as it was before.
    Already(Box<StoredLead>),
    /// Somebody else's.
    Taken {
        /// Whose.
        by: String,
        /// Whether it was in the pool before, for everybody to see.
        was_in_pool: bool,
    },
    /// There is no such lead.
    Unknown,
    /// Its mini program does not know the advisor.
    AdvisorUnknown,
}

impl Command for ClaimLead {
    const NAME: &'static str = "lead.claim";
    type Output = LeadClaimed;

    async fn run<T: Transaction>(&self, tx: &mut T) -> Result<LeadClaimed, StoreError> {
        let Self { id, advisor_id, now, .. } = self;
        for _ in 0..TRIES {
            let Some(lead) = find(tx, id).await? else { return Ok(LeadClaimed::Unknown) };
            match lead.assigned_to.clone() {
                Some(by) if by == *advisor_id => return Ok(LeadClaimed::Already(Box::new(lead))),
                Some(by) => {
                    let was_in_pool = tx.query_one(WAS_IN_POOL, params![id]).await?.integer()? > 0;
                    return Ok(LeadClaimed::Taken { by, was_in_pool });
                }
                None => {}
            }
            if !is_known(tx, &lead.app_id, advisor_id).await? {
                return Ok(LeadClaimed::AdvisorUnknown);
            }
            if let Some(mut row) = tx.query_opt(CLAIM, params![id, advisor_id, *now]).await? {
                let lead = StoredLead::read(&mut row)?;
                add(tx, id, &self.history, *now).await?;
                append(tx, &self.audit).await?;
                return Ok(LeadClaimed::Claimed(Box::new(lead)));
            }
            // Somebody was faster: look whose it is now.
        }
        Err(StoreError::new(StoreErrorKind::Conflict, "the lead changes hands all the time"))
    }
}
