//! Another place for events to go.

use super::EndpointSettings;
use crate::value::{json, params};
use crate::{Command, StoreError, Transaction};

/// There is room for so many and no more: every event is matched with all of them.
const ADD: &str = "INSERT INTO webhook_endpoint (id, name, url, account, events, enabled, synchronous, secret, version, \
    created_at, updated_at) SELECT $1, $2, $3, CAST($4 AS TEXT), $5, $6, $7, $8, 1, $9, $9 \
    WHERE (SELECT count(*) FROM webhook_endpoint) < $10";

/// Stores a new endpoint.
#[derive(Debug, Clone)]
pub struct CreateEndpoint {
    /// The new id.
    pub id: String,
    /// What a person has set.
    pub settings: EndpointSettings,
    /// What deliveries are signed with, sealed.
    pub secret: Vec<u8>,
    /// How many there may be.
    pub most: u32,
    /// Now, epoch milliseconds.
    pub now: i64,
}

impl Command for CreateEndpoint {
    const NAME: &'static str = "webhook.create_endpoint";
    /// Whether there was room.
    type Output = bool;

    async fn run<T: Transaction>(&self, tx: &mut T) -> Result<bool, StoreError> {
        let EndpointSettings { name, url, account, events, enabled, synchronous } = &self.settings;
        let row = params![
            &self.id,
            name,
            url,
            account,
            json(events)?,
            *enabled,
            *synchronous,
            &self.secret,
            self.now,
            i64::from(self.most),
        ];
        Ok(tx.execute(ADD, row).await? == 1)
    }
}
