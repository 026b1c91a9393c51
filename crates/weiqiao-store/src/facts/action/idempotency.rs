//! Requests that must not be done twice: known by a key, for as long as their rows are kept.

use crate::value::params;
use crate::{StoreError, Transaction};

const KEY: &str = "INSERT INTO idempotency (key_hash, request_hash, action_id, created_at) VALUES ($1, $2, $3, $4) \
    ON CONFLICT (key_hash) DO NOTHING";

/// What was long ago is another request.
const RENEW: &str = "UPDATE idempotency SET request_hash = $2, action_id = $3, created_at = $4 WHERE key_hash = $1 \
    AND created_at < $5";

const FIND: &str = "SELECT request_hash, action_id FROM idempotency WHERE key_hash = $1";

const FORGET: &str = "DELETE FROM idempotency WHERE key_hash = $1 AND action_id = $2";

/// A request that must not be done twice.
#[derive(Debug, Clone)]
pub struct IdempotencyKey {
    /// Hash of the caller and the key.
    pub key_hash: String,
    /// Hash of what is asked.
    pub request_hash: String,
    /// What was asked before this, epoch milliseconds, was another request; nothing: until the key is swept.
    pub since: Option<i64>,
}

/// What a key says about a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::facts) enum KeyUse {
    /// It is the first.
    First,
    /// It was made before, and this came of it.
    Again(String),
    /// The key was used for another request.
    Taken,
}

/// Notes that what `id` names comes of the request.
pub(in crate::facts) async fn use_key<T: Transaction>(
    tx: &mut T,
    key: &IdempotencyKey,
    id: &str,
    now: i64,
) -> Result<KeyUse, StoreError> {
    let row = params![&key.key_hash, &key.request_hash, id, now];
    if tx.execute(KEY, row.clone()).await? == 1 {
        return Ok(KeyUse::First);
    }
    if let Some(since) = key.since
        && tx.execute(RENEW, [row, params![since]].concat()).await? == 1
    {
        return Ok(KeyUse::First);
    }
    let mut row = tx.query_one(FIND, params![&key.key_hash]).await?;
    let (request_hash, id) = (row.text()?, row.text()?);
    Ok(if request_hash == key.request_hash { KeyUse::Again(id) } else { KeyUse::Taken })
}

/// The request of which `id` came may be made again.
pub(in crate::facts) async fn forget_key<T: Transaction>(
    tx: &mut T,
    key_hash: &str,
    id: &str,
) -> Result<(), StoreError> {
    tx.execute(FORGET, params![key_hash, id]).await.map(drop)
}
