//! A person changes an endpoint.

use super::EndpointSettings;
use crate::value::{json, params};
use crate::{Command, StoreError, Transaction};

/// Whoever switches it on again begins anew.
const UPDATE: &str = "UPDATE webhook_endpoint SET name = $3, url = $4, account = $5, events = $6, enabled = $7, \
    synchronous = $8, failing_since = CASE WHEN enabled = 0 AND CAST($7 AS BIGINT) = 1 THEN NULL ELSE failing_since END, \
    disabled_reason = CASE WHEN CAST($7 AS BIGINT) = 1 THEN NULL ELSE disabled_reason END, version = version + 1, \
    updated_at = $9 WHERE id = $1 AND version = $2";

const EXISTS: &str = "SELECT version FROM webhook_endpoint WHERE id = $1";

/// Replaces what a person has set.
#[derive(Debug, Clone)]
pub struct UpdateEndpoint {
    /// Which one.
    pub id: String,
    /// The version the change is based on.
    pub version: i64,
    /// The new settings.
    pub settings: EndpointSettings,
    /// Now, epoch milliseconds.
    pub now: i64,
}

/// What came of a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EndpointChange {
    /// It is so now.
    Done,
    /// Somebody else changed it in between.
    Changed,
    /// There is no such endpoint.
    Unknown,
}

impl Command for UpdateEndpoint {
    const NAME: &'static str = "webhook.update_endpoint";
    type Output = EndpointChange;

    async fn run<T: Transaction>(&self, tx: &mut T) -> Result<EndpointChange, StoreError> {
        let EndpointSettings { name, url, account, events, enabled, synchronous } = &self.settings;
        let row = params![&self.id, self.version, name, url, account, json(events)?, *enabled, *synchronous, self.now,];
        if tx.execute(UPDATE, row).await? == 1 {
            return Ok(EndpointChange::Done);
        }
        let found = tx.query_opt(EXISTS, params![&self.id]).await?;
        Ok(if found.is_some() { EndpointChange::Changed } else { EndpointChange::Unknown })
    }
}
