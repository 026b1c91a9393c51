//! Which keys are there?

use serde::Serialize;
use weiqiao_model::ApiScope;
use weiqiao_store::facts::api_key::ListApiKeys;

use crate::App;
use crate::error::Result;

/// A key in the list. Nothing in it opens anything.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ListedApiKey {
    /// Our id of it.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// How it begins.
    pub prefix: String,
    /// What it may do.
    pub scopes: Vec<ApiScope>,
    /// When it was made, epoch seconds.
    pub created_at: i64,
    /// When it ends by itself, epoch seconds.
    pub expires_at: Option<i64>,
    /// When it was revoked, epoch seconds.
    pub revoked_at: Option<i64>,
    /// When it was last used, epoch seconds, to the minute.
    pub last_used_at: Option<i64>,
    /// Whether it works now.
    pub active: bool,
}

/// The most keys on one page.
const MAX_LIMIT: u32 = 200;

/// Lists keys, the newest first, ended ones too. Whoever calls this has checked that it may be done.
///
/// # Errors
///
/// `Unavailable` when the database is down.
pub async fn list_api_keys(app: &App, offset: u32, limit: u32) -> Result<Vec<ListedApiKey>> {
    let now = app.now_ms();
    let found = app.store().read(ListApiKeys { offset, limit: limit.clamp(1, MAX_LIMIT) }).await?;
    let seconds = |ms: i64| ms.div_euclid(1000);
    Ok(found
        .into_iter()
        .map(|key| ListedApiKey {
            active: key.holds_at(now),
            id: key.id.into_string(),
            name: key.name,
            prefix: key.prefix,
            scopes: key.scopes,
            created_at: seconds(key.created_at),
            expires_at: key.expires_at.map(seconds),
            revoked_at: key.revoked_at.map(seconds),
            last_used_at: key.last_used_at.map(seconds),
        })
        .collect())
}
