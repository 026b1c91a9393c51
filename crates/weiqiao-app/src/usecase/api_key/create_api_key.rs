//! A key for another program.

use serde_json::json;
use weiqiao_model::{ApiKeyId, ApiScope};
use weiqiao_store::facts::api_key::{ApiKeyCreated, CreateApiKey};
use weiqiao_store::facts::audit::Audited;

use super::ApiKeyText;
use crate::App;
use crate::audit::{Actor, Deed};
use crate::error::{AppError, Result};
use crate::usecase::text;

/// What the key is for.
#[derive(Debug, Clone)]
pub struct NewApiKey {
    /// What people call it; 1 to 100 characters.
    pub name: String,
    /// What it may do; at least one.
    pub scopes: Vec<ApiScope>,
    /// How long it lives, in days from now, 1 to 3,650; a year when `None`.
    pub days: Option<u32>,
}

/// A key that was made just now.
#[derive(Debug)]
pub struct CreatedApiKey {
    /// Our id of it.
    pub id: ApiKeyId,
    /// The whole key. It is shown this once and cannot be read again.
    pub key: ApiKeyText,
    /// When it ends, epoch milliseconds.
    pub expires_at: i64,
}

const DAY_MS: i64 = 24 * 60 * 60 * 1000;
const DEFAULT_DAYS: u32 = 365;
const MAX_DAYS: u32 = 3_650;

/// Makes a key. Whoever calls this has checked that it may be done.
///
/// # Errors
///
/// `Invalid` for a missing name or one with control characters, no scope or an impossible life.
pub async fn create_api_key(app: &App, actor: impl Into<Actor>, new: NewApiKey) -> Result<CreatedApiKey> {
    let name = text::name(&new.name)?;
    if new.scopes.is_empty() {
        return Err(AppError::field("scopes", "required", "scopes 不能为空"));
    }
    let days = new.days.unwrap_or(DEFAULT_DAYS);
    if !(1..=MAX_DAYS).contains(&days) {
        return Err(AppError::field("days", "range", "days 必须在 1 到 3650 之间"));
    }
    let mut scopes = new.scopes;
    scopes.sort_unstable();
    scopes.dedup();
    let (id, key, now): (ApiKeyId, _, _) = (app.new_id(), ApiKeyText::random(app.rng()), app.now_ms());
    let expires_at = now.saturating_add(i64::from(days).saturating_mul(DAY_MS));
    let detail = json!({ "name": name, "scopes": scopes, "expires_at": expires_at.div_euclid(1000) });
    let entry = app.audit_entry(actor, Deed::KeyCreated, "api_key", id.as_str(), &detail);
    let create = CreateApiKey {
        id: id.clone(),
        name: name.to_owned(),
        prefix: key.prefix().to_owned(),
        hash: key.hash().to_vec(),
        scopes,
        expires_at: Some(expires_at),
        now,
    };
    match app.store().run(Audited::new(create, entry, |made| *made == ApiKeyCreated::Created)).await? {
        ApiKeyCreated::Created => Ok(CreatedApiKey { id, key, expires_at }),
        // 62^12 prefixes: the source of randomness is broken.
        ApiKeyCreated::PrefixTaken => Err(AppError::internal("a new API key has the prefix of another")),
    }
}
