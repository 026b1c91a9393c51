//! Which endpoints are there, and how are they doing?

use weiqiao_store::facts::webhook::{FindEndpoint, ListEndpoints, StoredEndpoint};

use zeroize::Zeroizing;

use super::unknown;
use crate::App;
use crate::error::Result;
use crate::vault::Damaged;
use crate::webhook::place;

/// An endpoint as people see it: without its secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedEndpoint {
    /// Its id.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// Where events go; nothing when it is damaged.
    pub url: Option<String>,
    /// Only events of this account, by its name; its appid when it is no longer configured.
    pub account: Option<String>,
    /// Which events; none means all.
    pub events: Vec<String>,
    /// Whether it gets any.
    pub enabled: bool,
    /// Whether it is asked for the reply while WeChat waits.
    pub synchronous: bool,
    /// Why the service switched it off.
    pub disabled_reason: Option<String>,
    /// Until when the earlier secret signs too, epoch milliseconds.
    pub previous_secret_until: Option<i64>,
    /// Since when every delivery has failed, epoch milliseconds.
    pub failing_since: Option<i64>,
    /// When a delivery was taken last, to the minute, epoch milliseconds.
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
    /// What of it cannot be read. Without its secret nothing is delivered: a new one repairs that.
    pub damaged: Damaged,
}

/// All endpoints, the oldest first.
///
/// # Errors
///
/// `Unavailable` when the database is down.
pub async fn list_endpoints(app: &App) -> Result<Vec<ListedEndpoint>> {
    Ok(app.store().read(ListEndpoints).await?.into_iter().map(|stored| listed(app, stored)).collect())
}

/// One endpoint.
///
/// # Errors
///
/// `NotFound`.
pub async fn find_endpoint(app: &App, id: &str) -> Result<ListedEndpoint> {
    let stored = app.store().read(FindEndpoint { id: id.to_owned() }).await?.ok_or_else(unknown)?;
    Ok(listed(app, stored))
}

fn listed(app: &App, stored: StoredEndpoint) -> ListedEndpoint {
    let mut row = app.vault().row(&stored.id);
    let url = row.text("url", place("url", &stored.id), &stored.settings.url);
    // Not shown, but whoever looks after the endpoint has to know.
    let _ = row.text("secret", place("secret", &stored.id), &stored.secret).map(Zeroizing::new);
    let damaged = row.damaged();
    let settings = stored.settings;
    let name_of = |app_id: String| {
        let known = app.accounts().with_app_id(&app_id).next();
        known.map_or(app_id, |account| account.name.as_str().to_owned())
    };
    let now = app.now_ms();
    ListedEndpoint {
        id: stored.id,
        name: settings.name,
        url,
        account: settings.account.map(name_of),
        events: settings.events,
        enabled: settings.enabled,
        synchronous: settings.synchronous,
        disabled_reason: stored.disabled_reason,
        previous_secret_until: stored.previous_until.filter(|until| *until > now),
        failing_since: stored.failing_since,
        last_success_at: stored.last_success_at,
        last_failure_at: stored.last_failure_at,
        last_error: stored.last_error,
        version: stored.version,
        created_at: stored.created_at,
        updated_at: stored.updated_at,
        damaged,
    }
}
