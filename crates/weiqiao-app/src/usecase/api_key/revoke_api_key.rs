//! A key is taken back.

use serde_json::json;
use weiqiao_model::ApiKeyId;
use weiqiao_store::facts::api_key::RevokeApiKey;
use weiqiao_store::facts::audit::Audited;

use crate::App;
use crate::audit::{Actor, Deed};
use crate::error::{AppError, Result, code};

/// Ends a key before its time: here at once, on other instances within five seconds. Whoever calls this has checked that it
/// may be done.
///
/// # Errors
///
/// `NotFound` when there is no such key, or it was revoked before.
pub async fn revoke_api_key(app: &App, actor: impl Into<Actor>, id: &str) -> Result<()> {
    let id = ApiKeyId::new(id);
    let entry = app.audit_entry(actor, Deed::KeyRevoked, "api_key", id.as_str(), &json!({}));
    let revoke = RevokeApiKey { id, now: app.now_ms() };
    if !app.store().run(Audited::new(revoke, entry, |done| *done)).await? {
        return Err(AppError::not_found(code::NOT_FOUND, "没有这个 API Key，或者它已经被撤销"));
    }
    app.keys().clear();
    Ok(())
}
