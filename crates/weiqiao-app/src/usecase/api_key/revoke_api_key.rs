//! A key is taken back.

use weiqiao_model::ApiKeyId;
use weiqiao_store::facts::api_key::RevokeApiKey;

use crate::App;
use crate::error::{AppError, Result, code};

/// Ends a key before its time: here at once, on other instances within five seconds. Whoever calls this has checked that it
/// may be done.
///
/// # Errors
///
/// `NotFound` when there is no such key, or it was revoked before.
pub async fn revoke_api_key(app: &App, id: &str) -> Result<()> {
    let id = ApiKeyId::new(id);
    if !app.store().run(RevokeApiKey { id, now: app.now_ms() }).await? {
        return Err(AppError::not_found(code::NOT_FOUND, "没有这个 API Key，或者它已经被撤销"));
    }
    app.keys().clear();
    Ok(())
}
