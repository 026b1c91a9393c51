//! A mini-program login brought a new session key.

use weiqiao_model::IdentityId;

use crate::value::params;
use crate::{Command, StoreError, Transaction, Value};

const SAVE: &str = "INSERT INTO session_key (identity_id, sealed, updated_at) VALUES ($1, $2, $3) \
    ON CONFLICT (identity_id) DO UPDATE SET sealed = excluded.sealed, updated_at = excluded.updated_at";

/// Stores the session key of an identity, sealed, over any earlier one.
#[derive(Debug, Clone)]
pub struct SaveSessionKey {
    /// Whose.
    pub identity_id: IdentityId,
    /// The key, sealed.
    pub sealed: Vec<u8>,
    /// Now, epoch milliseconds.
    pub now: i64,
}

/// The statement, for a login that brings a key along.
pub(in crate::facts) fn save_statement(
    identity_id: &IdentityId,
    sealed: &Vec<u8>,
    now: i64,
) -> (&'static str, Vec<Value>) {
    (SAVE, params![identity_id, sealed, now])
}

impl Command for SaveSessionKey {
    const NAME: &'static str = "session_key.save";
    type Output = ();

    async fn run<T: Transaction>(&self, tx: &mut T) -> Result<(), StoreError> {
        tx.batch(vec![save_statement(&self.identity_id, &self.sealed, self.now)]).await?;
        Ok(())
    }
}
