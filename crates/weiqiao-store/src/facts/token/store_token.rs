//! A token was fetched: from now on it is the newest.

use weiqiao_model::{AppId, crash_point};

use super::{FindToken, StoredToken, columns};
use crate::value::params;
use crate::{Command, Query, StoreError, Transaction};

/// Only with the newest lease, and only over a token that is not newer than what the fetch began with. Rejections are
/// forgotten when the token before was not rejected, or ended in its own time.
const STORE: &str = concat!(
    "UPDATE account_token SET generation = CAST($3 AS BIGINT) + 1, sealed = $5, expires_at = $6, fetched_at = $7, \
     fetch_count = fetch_count + 1, replaced_outside = replaced_outside + $8, lease_owner = NULL, lease_until = 0, \
     failures = 0, rejections = CASE WHEN rejected_generation = generation AND expires_at > $7 THEN rejections ELSE 0 END \
     WHERE app_id = $1 AND kind = $2 AND generation <= $3 AND fence = $4 RETURNING ",
    columns!()
);

/// Stores a fetched token and ends the lease.
#[derive(Debug, Clone)]
pub struct StoreToken {
    /// Whose token.
    pub app_id: AppId,
    /// Which sort.
    pub kind: String,
    /// The generation named in the claim. The new token's is one more.
    pub seen_generation: i64,
    /// The fence the claim granted.
    pub fence: i64,
    /// The token, sealed.
    pub sealed: Vec<u8>,
    /// When it ends, epoch milliseconds.
    pub expires_at: i64,
    /// It was fetched because WeChat refused its predecessor early: somebody outside fetches with the same secret.
    pub replaced_outside: bool,
    /// Now, epoch milliseconds.
    pub now: i64,
}

/// Whether a fetched token became the newest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TokenStored {
    /// It did.
    Stored(StoredToken),
    /// Somebody else took over after this lease ended. Throw the fetched token away; this is the newest, if there is one
    /// yet.
    Refused(Option<StoredToken>),
}

impl Command for StoreToken {
    const NAME: &'static str = "token.store";
    type Output = TokenStored;

    async fn run<T: Transaction>(&self, tx: &mut T) -> Result<TokenStored, StoreError> {
        let params = params![
            self.app_id.as_str(),
            &self.kind,
            self.seen_generation,
            self.fence,
            &self.sealed,
            self.expires_at,
            self.now,
            self.replaced_outside,
        ];
        if let Some(mut row) = tx.query_opt(STORE, params).await?
            && let Some(stored) = StoredToken::read(&mut row)?
        {
            crash_point!("token.store.after");
            return Ok(TokenStored::Stored(stored));
        }
        let newest = FindToken { app_id: self.app_id.clone(), kind: self.kind.clone() };
        Ok(TokenStored::Refused(newest.run(tx).await?))
    }
}
