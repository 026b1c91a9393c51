//! Somebody followed up.

use crate::facts::audit::{NewAudit, append};
use crate::facts::lead::LeadScope;
use crate::value::params;
use crate::{Command, StoreError, Transaction};

/// What is planned last is what counts. Who loses the lead meanwhile writes nothing.
const FOLLOWED: &str = "UPDATE lead SET followed_at = $2, next_at = $3 WHERE id = $1 AND app_id = $4 \
    AND (CAST($5 AS TEXT) IS NULL OR assigned_to = $5 OR (CAST($6 AS BIGINT) = 1 AND assigned_to IS NULL))";

const ADD: &str = "INSERT INTO follow_up (id, lead_id, app_id, kind, text, next_at, actor_kind, actor_id, created_at) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";

/// What is written down.
#[derive(Debug, Clone)]
pub struct NewFollowUp {
    /// Its id.
    pub id: String,
    /// The lead it is about.
    pub lead_id: String,
    /// The lead's mini program.
    pub app_id: String,
    /// How.
    pub kind: &'static str,
    /// What was said, sealed for the row of this id.
    pub text: Vec<u8>,
    /// When to go on, epoch milliseconds.
    pub next_at: Option<i64>,
    /// Who writes: `staff`, `key` …
    pub actor_kind: &'static str,
    /// Our id of them.
    pub actor_id: String,
}

/// Writes down what was done about a lead.
#[derive(Debug, Clone)]
pub struct AddFollowUp {
    /// What.
    pub follow_up: NewFollowUp,
    /// Whose leads the caller may change.
    pub scope: LeadScope,
    /// What is noted in the chain.
    pub audit: NewAudit,
    /// Now, epoch milliseconds.
    pub now: i64,
}

impl Command for AddFollowUp {
    const NAME: &'static str = "follow_up.add";
    /// Whether the caller has such a lead.
    type Output = bool;

    async fn run<T: Transaction>(&self, tx: &mut T) -> Result<bool, StoreError> {
        let NewFollowUp { id, lead_id, app_id, kind, text, next_at, actor_kind, actor_id } = &self.follow_up;
        let (advisor, pool) = self.scope.values();
        let followed = params![lead_id, self.now, *next_at, app_id, advisor, pool];
        if tx.execute(FOLLOWED, followed).await? == 0 {
            return Ok(false);
        }
        let row = params![id, lead_id, app_id, *kind, text, *next_at, *actor_kind, actor_id, self.now];
        tx.execute(ADD, row).await?;
        append(tx, &self.audit).await?;
        Ok(true)
    }
}
