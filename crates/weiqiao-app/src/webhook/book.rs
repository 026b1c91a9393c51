//! The endpoints, remembered for some seconds: every push asks for them.

use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};

use weiqiao_store::facts::webhook::ListEndpoints;

use super::{Courier, Endpoint, Lookup, open};
use crate::App;
use crate::error::Result;

/// How long another instance's change may go unnoticed, in milliseconds.
const KEEP_MS: i64 = 5_000;

/// All endpoints, and the client that delivers to them.
pub struct Webhooks {
    courier: Courier,
    known: RwLock<Option<Known>>,
}

#[derive(Clone)]
struct Known {
    read_at: i64,
    endpoints: Arc<Vec<Arc<Endpoint>>>,
}

impl Webhooks {
    pub(crate) fn new(allow_private: bool, lookup: Arc<dyn Lookup>) -> std::result::Result<Self, reqwest::Error> {
        Ok(Self { courier: Courier::new(allow_private, lookup)?, known: RwLock::new(None) })
    }

    /// What delivers.
    #[must_use]
    pub fn courier(&self) -> &Courier {
        &self.courier
    }

    /// All endpoints. A change of this instance counts at once, another's within five seconds.
    ///
    /// # Errors
    ///
    /// `Unavailable` when the database is down.
    pub async fn endpoints(&self, app: &App) -> Result<Arc<Vec<Arc<Endpoint>>>> {
        let now = app.now_ms();
        if let Some(known) = self.known.read().unwrap_or_else(PoisonError::into_inner).as_ref()
            && (known.read_at..known.read_at.saturating_add(KEEP_MS)).contains(&now)
        {
            return Ok(Arc::clone(&known.endpoints));
        }
        let mut endpoints = Vec::new();
        for stored in app.store().read(ListEndpoints).await? {
            // One row that cannot be opened is an alarm of its own, and no reason to keep the others waiting.
            match open(app, &stored) {
                Ok(endpoint) => endpoints.push(Arc::new(endpoint)),
                Err(error) => tracing::error!(endpoint = stored.id, %error, "a webhook endpoint cannot be opened"),
            }
        }
        let endpoints = Arc::new(endpoints);
        let known = Known { read_at: now, endpoints: Arc::clone(&endpoints) };
        *self.known.write().unwrap_or_else(PoisonError::into_inner) = Some(known);
        Ok(endpoints)
    }

    /// One of them.
    ///
    /// # Errors
    ///
    /// As [`endpoints`](Self::endpoints).
    pub async fn endpoint(&self, app: &App, id: &str) -> Result<Option<Arc<Endpoint>>> {
        Ok(self.endpoints(app).await?.iter().find(|endpoint| endpoint.id == id).cloned())
    }

    /// Something was changed: read them again.
    pub(crate) fn forget(&self) {
        *self.known.write().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

impl fmt::Debug for Webhooks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Webhooks").field("courier", &self.courier).finish_non_exhaustive()
    }
}
