//! A key is used for one request.

use super::KeyOwner;
use crate::value::params;
use crate::{StoreError, Transaction, Value};

const KEY: &str = "INSERT INTO idempotency (key_hash, request_hash, result_id, app_id, who, created_at) \
    VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (key_hash) DO NOTHING";

/// What was long ago is another request.
const RENEW: &str = "UPDATE idempotency SET request_hash = $2, result_id = $3, app_id = $4, who = $5, created_at = $6, \
    answer = NULL WHERE key_hash = $1 AND created_at < $7";

const FIND: &str = "SELECT request_hash, result_id, answer FROM idempotency WHERE key_hash = $1";

const KEEP: &str = "UPDATE idempotency SET answer = $2 WHERE key_hash = $1";

const POINT: &str = "UPDATE idempotency SET result_id = $2, created_at = $3 WHERE key_hash = $1";

const FORGET: &str = "DELETE FROM idempotency WHERE key_hash = $1 AND result_id = $2";

/// What whoever is to be forgotten was told. That their requests were made stays, or a late repeat would do them anew.
const FORGET_ANSWERS: &str = "UPDATE idempotency SET answer = NULL, who = NULL WHERE app_id = $1 AND who = $2";

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
    /// It was made before.
    Again {
        /// What came of it.
        id: String,
        /// What its caller was told, sealed; nothing when it is not kept here, or to be forgotten.
        answer: Option<Vec<u8>>,
    },
    /// The key was used for another request.
    Taken,
}

/// Notes that what `id` names comes of the request, and whom the answer will be about, when it is kept with the key.
pub(in crate::facts) async fn use_key<T: Transaction>(
    tx: &mut T,
    key: &IdempotencyKey,
    id: &str,
    owner: Option<&KeyOwner>,
    now: i64,
) -> Result<KeyUse, StoreError> {
    let (app_id, who) = owner.map(|owner| (owner.app_id.as_str(), owner.who.as_str())).unzip();
    let row = params![&key.key_hash, &key.request_hash, id, app_id, who, now];
    if tx.execute(KEY, row.clone()).await? == 1 {
        return Ok(KeyUse::First);
    }
    if let Some(since) = key.since
        && tx.execute(RENEW, [row, params![since]].concat()).await? == 1
    {
        return Ok(KeyUse::First);
    }
    let mut row = tx.query_one(FIND, params![&key.key_hash]).await?;
    let (request_hash, id, answer) = (row.text()?, row.text()?, row.opt_bytes()?);
    Ok(if request_hash == key.request_hash { KeyUse::Again { id, answer } } else { KeyUse::Taken })
}

/// Keeps what the caller is told.
pub(super) async fn keep_answer<T: Transaction>(
    tx: &mut T,
    key_hash: &str,
    answer: &Vec<u8>,
) -> Result<(), StoreError> {
    tx.execute(KEEP, params![key_hash, answer]).await.map(drop)
}

/// The statement after which `id` is what came of the request, instead of what came of it before.
pub(in crate::facts) fn point_key(key_hash: &str, id: &str, now: i64) -> (&'static str, Vec<Value>) {
    (POINT, params![key_hash, id, now])
}

/// The request of which `id` came may be made again.
pub(in crate::facts) async fn forget_key<T: Transaction>(
    tx: &mut T,
    key_hash: &str,
    id: &str,
) -> Result<(), StoreError> {
    tx.execute(FORGET, params![key_hash, id]).await.map(drop)
}

/// Forgets what was told about somebody.
pub(in crate::facts) async fn forget_answers<T: Transaction>(
    tx: &mut T,
    app_id: &str,
    who: &str,
) -> Result<(), StoreError> {
    tx.execute(FORGET_ANSWERS, params![app_id, who]).await.map(drop)
}
