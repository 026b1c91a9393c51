//! Where callbacks are sent on to.
//!
//! Addresses and secrets are sealed by the application under the endpoint's id. A change names the version it is based on,
//! so that of two people who edit one endpoint the second is told.

mod create_endpoint;
mod delete_endpoint;
mod find_endpoint;
mod list_endpoints;
mod record_delivery;
mod rotate_endpoint_secret;
mod update_endpoint;

pub use create_endpoint::CreateEndpoint;
pub use delete_endpoint::DeleteEndpoint;
pub use find_endpoint::FindEndpoint;
pub use list_endpoints::ListEndpoints;
pub use record_delivery::{Delivered, RecordDelivery};
pub use rotate_endpoint_secret::RotateEndpointSecret;
pub use update_endpoint::{EndpointChange, UpdateEndpoint};

use crate::{Row, StoreError};

/// What a person sets about an endpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EndpointSettings {
    /// What people call it.
    pub name: String,
    /// Where events go, sealed.
    pub url: Vec<u8>,
    /// Only events of this appid.
    pub account: Option<String>,
    /// Which events: types, or beginnings of types with `*` at the end; none means all.
    pub events: Vec<String>,
    /// Whether it gets any.
    pub enabled: bool,
    /// Whether it is asked for the reply while WeChat waits.
    pub synchronous: bool,
}

/// An endpoint as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredEndpoint {
    /// Its id.
    pub id: String,
    /// What a person has set.
    pub settings: EndpointSettings,
    /// Why the service switched it off.
    pub disabled_reason: Option<String>,
    /// What deliveries are signed with, sealed.
    pub secret: Vec<u8>,
    /// What they are signed with as well for a while, sealed.
    pub previous_secret: Option<Vec<u8>>,
    /// Until when, epoch milliseconds.
    pub previous_until: Option<i64>,
    /// Since when every delivery has failed, epoch milliseconds.
    pub failing_since: Option<i64>,
    /// When a delivery was taken last, epoch milliseconds.
    pub last_success_at: Option<i64>,
    /// When a delivery failed last, epoch milliseconds.
    pub last_failure_at: Option<i64>,
    /// Why.
    pub last_error: Option<String>,
    /// Grows with every change by a person.
    pub version: i64,
    /// When it was made, epoch milliseconds.
    pub created_at: i64,
    /// When a person changed it last, epoch milliseconds.
    pub updated_at: i64,
}

/// The columns [`StoredEndpoint::read`] reads, in its order.
macro_rules! columns {
    () => {
        "id, name, url, account, events, enabled, synchronous, disabled_reason, secret, previous_secret, \
         previous_until, failing_since, last_success_at, last_failure_at, last_error, version, created_at, updated_at"
    };
}
use columns;

impl StoredEndpoint {
    fn read(mut row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.text()?,
            settings: EndpointSettings {
                name: row.text()?,
                url: row.bytes()?,
                account: row.opt_text()?,
                events: row.json()?,
                enabled: row.flag()?,
                synchronous: row.flag()?,
            },
            disabled_reason: row.opt_text()?,
            secret: row.bytes()?,
            previous_secret: row.opt_bytes()?,
            previous_until: row.opt_integer()?,
            failing_since: row.opt_integer()?,
            last_success_at: row.opt_integer()?,
            last_failure_at: row.opt_integer()?,
            last_error: row.opt_text()?,
            version: row.integer()?,
            created_at: row.integer()?,
            updated_at: row.integer()?,
        })
    }
}
