//! Is this a key of ours that still holds?

use std::sync::Arc;

use moka::future::Cache;
use subtle::ConstantTimeEq as _;
use weiqiao_store::facts::api_key::{FindApiKey, StoredApiKey, TouchApiKey};

use super::{ApiKeyContext, ApiKeyText, BootstrapKey};
use crate::App;
use crate::error::{AppError, ErrorKind, Result, code};

/// A key revoked elsewhere goes on here for at most this long, milliseconds.
const MAX_AGE_MS: i64 = 5_000;
/// How often its use is written down, milliseconds.
const TOUCH_EVERY_MS: i64 = 60_000;
const CAPACITY: u64 = 5_000;

/// What a prefix was found to be.
#[derive(Clone)]
struct Seen {
    key: Option<Arc<Known>>,
    at_ms: i64,
}

struct Known {
    stored: StoredApiKey,
    context: Arc<ApiKeyContext>,
}

/// Keys that were looked up within the last five seconds, by prefix, strangers too.
#[derive(Clone)]
pub(crate) struct KeyCache {
    by_prefix: Cache<String, Seen>,
}

impl Default for KeyCache {
    fn default() -> Self {
        Self { by_prefix: Cache::new(CAPACITY) }
    }
}

impl KeyCache {
    /// Forgets every key: one was revoked, which is rare.
    pub(super) fn clear(&self) {
        self.by_prefix.invalidate_all();
    }
}

/// Whether a text is an API key, good or not, rather than the token of a person or of staff: it begins as ours do, or it is the
/// one of the settings, which may be any text.
#[must_use]
pub fn is_api_key(app: &App, presented: &str) -> bool {
    ApiKeyText::claims(presented) || is_bootstrap_key(app, presented)
}

/// In constant time.
fn is_bootstrap_key(app: &App, presented: &str) -> bool {
    app.bootstrap_key().is_some_and(|key| key.is(presented))
}

/// The program behind a key. Compared as SHA-256 in constant time; a mistyped key costs no database.
///
/// # Errors
///
/// `Unauthorized` for a key that is unknown, wrong, revoked or over, all alike. `Unavailable` when the database cannot be
/// asked.
pub async fn verify_api_key(app: &App, presented: &str) -> Result<Arc<ApiKeyContext>> {
    if is_bootstrap_key(app, presented) {
        return Ok(Arc::new(BootstrapKey::context()));
    }
    let key = ApiKeyText::parse(presented).map_err(|_| refused())?;
    let now = app.now_ms();
    let cache = &app.keys().by_prefix;
    let (known, looked_up) = match cache.get(key.prefix()).await {
        Some(seen) if (0..MAX_AGE_MS).contains(&now.saturating_sub(seen.at_ms)) => (seen.key, false),
        _ => {
            let found = app.store().read(FindApiKey { prefix: key.prefix().to_owned() }).await?;
            let known = found.map(Known::new).map(Arc::new);
            cache.insert(key.prefix().to_owned(), Seen { key: known.clone(), at_ms: now }).await;
            (known, true)
        }
    };
    let known = known.ok_or_else(refused)?;
    let right: bool = known.stored.hash.as_slice().ct_eq(&key.hash()).into();
    if !right || !known.stored.holds_at(now) {
        return Err(refused());
    }
    if looked_up {
        touch(app, &known.stored, now);
    }
    Ok(Arc::clone(&known.context))
}

impl Known {
    fn new(stored: StoredApiKey) -> Self {
        let context =
            ApiKeyContext { id: Some(stored.id.clone()), name: stored.name.clone(), scopes: stored.scopes.clone() };
        Self { stored, context: Arc::new(context) }
    }
}

/// Notes the use beside the request: nobody waits for it, and a failure is no reason to refuse.
fn touch(app: &App, stored: &StoredApiKey, now: i64) {
    if stored.last_used_at.is_some_and(|at| now.saturating_sub(at) < TOUCH_EVERY_MS) {
        return;
    }
    let (store, id) = (app.store().clone(), stored.id.clone());
    tokio::spawn(async move {
        if let Err(error) = store.run(TouchApiKey { id, at_most_every_ms: TOUCH_EVERY_MS, now }).await {
            tracing::debug!(%error, "the use of an API key was not noted");
        }
    });
}

fn refused() -> AppError {
    AppError::new(ErrorKind::Unauthorized, code::UNAUTHORIZED, "API Key 无效")
}
