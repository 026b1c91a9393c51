//! A new data key, and how far the rows are.

use serde::Serialize;
use serde_json::json;
use weiqiao_store::facts::setting::ReplaceSetting;

use super::RING;
use super::keys::record;
use super::reseal::{StaleColumn, stale};
use crate::App;
use crate::audit::{Actor, Deed};
use crate::error::{AppError, ErrorKind, Result, code};
use crate::vault::DataKeyState;

/// The data keys and how many rows still wait to be sealed anew.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Encryption {
    /// The data keys, in the order of their making.
    pub keys: Vec<DataKeyState>,
    /// Values under another key than the current one, by column; columns without any are left out.
    pub stale: Vec<StaleColumn>,
    /// All of them.
    pub total: u64,
}

/// Says what is sealed with what.
///
/// # Errors
///
/// `Unavailable` when the database is down.
pub async fn encryption(app: &App) -> Result<Encryption> {
    record(app).await?;
    let stale = stale(app).await?;
    let total = stale.iter().map(|column| column.rows).sum();
    Ok(Encryption { keys: app.vault().data_keys(), stale, total })
}

/// Makes a new data key. It seals from [`ACTIVATION_MS`](crate::vault::ACTIVATION_MS) on; then the rows of earlier keys are sealed anew, by the worker
/// or by `weiqiao keys reseal`. Answers the key.
///
/// # Errors
///
/// `Conflict` while an earlier new key has not become the current one, `Unavailable` when the database is down.
pub async fn rotate(app: &App, actor: Actor) -> Result<DataKeyState> {
    loop {
        let seen = record(app).await?;
        let now = app.now_ms();
        if app.vault().data_keys().last().is_some_and(|newest| newest.from > now) {
            let text = "上一次轮换的数据密钥还没有生效，请一分钟后再试";
            return Err(AppError::new(ErrorKind::Conflict, code::CHANGED_MEANWHILE, text));
        }
        let (record_with, made) = app.vault().record_with_new_key(now);
        let audit =
            app.audit_entry(actor.clone(), Deed::KeysRotated, "data_key", &made.id, &json!({"from": made.from}));
        let value = record_with.to_bytes();
        let replace = ReplaceSetting { name: RING.to_owned(), seen, value, audit: Some(audit) };
        if app.store().run(replace).await? {
            record(app).await?;
            tracing::info!(data_key = %made.id, "a new data key was made");
            return Ok(made);
        }
    }
}
