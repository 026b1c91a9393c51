//! Staff change a lead: whose it is, how promising, what they note.

use super::history::{NewLeadHistory, add};
use super::{LeadScope, StoredLead, columns};
use crate::facts::advisor::is_known;
use crate::facts::audit::{NewAudit, append};
use crate::value::params;
use crate::{Command, StoreError, Transaction};

const CHANGE: &str = concat!(
    "UPDATE lead SET assigned_to = $3, level = $4, contract_status = $5, name = coalesce($6, name), \
     note = coalesce($7, note), version = version + 1, updated_at = $8 WHERE id = $1 AND version = $2 \
     AND (CAST($9 AS TEXT) IS NULL OR assigned_to = $9 OR (CAST($10 AS BIGINT) = 1 AND assigned_to IS NULL)) RETURNING ",
    columns!()
);

/// What staff may change about a lead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeadState {
    /// Whose it is.
    pub assigned_to: Option<String>,
    /// How promising it is.
    pub level: String,
    /// How far the contract is.
    pub contract_status: String,
    /// The name, sealed; nothing: as it is.
    pub name: Option<Vec<u8>>,
    /// What staff note, sealed; nothing: as it is.
    pub note: Option<Vec<u8>>,
}

/// Changes a lead as it was read; not when it is another one by now.
#[derive(Debug, Clone)]
pub struct ChangeLead {
    /// The lead, as it was read.
    pub seen: StoredLead,
    /// Whose leads the caller may change.
    pub scope: LeadScope,
    /// How it is to be.
    pub to: LeadState,
    /// Whether the advisor it is given to has to be known.
    pub known_advisor: bool,
    /// What is noted in its history.
    pub history: NewLeadHistory,
    /// What is noted in the chain.
    pub audit: NewAudit,
    /// Now, epoch milliseconds.
    pub now: i64,
}

/// Whether a lead was changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LeadChanged {
    /// It was.
    Changed(Box<StoredLead>),
    /// It is another one by now, or not the caller's any more.
    Stale,
    /// Nobody knows the advisor it is given to.
    AdvisorUnknown,
}

impl Command for ChangeLead {
    const NAME: &'static str = "lead.change";
    type Output = LeadChanged;

    async fn run<T: Transaction>(&self, tx: &mut T) -> Result<LeadChanged, StoreError> {
        let Self { seen, to, now, .. } = self;
        if let Some(advisor) = to.assigned_to.as_ref().filter(|_| self.known_advisor)
            && !is_known(tx, &seen.app_id, advisor).await?
        {
            return Ok(LeadChanged::AdvisorUnknown);
        }
        let (advisor, pool) = self.scope.values();
        let row = params![
            &seen.id,
            seen.version,
            &to.assigned_to,
            &to.level,
            &to.contract_status,
            to.name.as_ref(),
            to.note.as_ref(),
            *now,
            advisor,
            pool,
        ];
        let Some(mut row) = tx.query_opt(CHANGE, row).await? else { return Ok(LeadChanged::Stale) };
        let lead = StoredLead::read(&mut row)?;
        add(tx, &lead.id, &self.history, *now).await?;
        append(tx, &self.audit).await?;
        Ok(LeadChanged::Changed(Box::new(lead)))
    }
}
