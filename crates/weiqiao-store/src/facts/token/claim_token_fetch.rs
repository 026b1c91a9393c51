//! Who fetches the next token? One of all who ask.

use weiqiao_model::{AppId, crash_point};

use super::{StoredToken, columns};
use crate::value::params;
use crate::{Command, Row, StoreError, Transaction};

const CLAIM: &str = "UPDATE account_token SET fence = fence + 1, lease_owner = $4, lease_until = $6 \
    WHERE app_id = $1 AND kind = $2 AND generation <= $3 AND (lease_until <= $5 OR lease_owner = $4) AND retry_at <= $5 \
    RETURNING fence";

const FIND: &str = concat!(
    "SELECT ",
    columns!(),
    ", lease_until, retry_at, failures, rejections FROM account_token WHERE app_id = $1 AND kind = $2"
);

const ADD: &str = "INSERT INTO account_token (app_id, kind, generation, sealed, expires_at, fetched_at, fetch_count, \
    replaced_outside, fence, lease_owner, lease_until, failures, rejections, rejected_generation, dead_generation, retry_at) \
    VALUES ($1, $2, 0, NULL, 0, 0, 0, 0, 0, NULL, 0, 0, 0, 0, 0, 0) ON CONFLICT (app_id, kind) DO NOTHING";

/// Whether or not another can be had now: nobody is given it any more, also after a restart.
const DEAD: &str = "UPDATE account_token SET dead_generation = $3 \
    WHERE app_id = $1 AND kind = $2 AND generation = $3 AND dead_generation < $3";

/// Asks for the right to fetch the next token.
#[derive(Debug, Clone)]
pub struct ClaimTokenFetch {
    /// Whose token.
    pub app_id: AppId,
    /// Which sort.
    pub kind: String,
    /// The generation of the newest token the caller knows, the one that is used up or refused; 0 for none.
    pub seen_generation: i64,
    /// WeChat refused that one before its time.
    pub is_dead: bool,
    /// Who asks: a name of this process. It fetches one thing at a time, so a lease of its own is of a fetch whose end could not
    /// be stored.
    pub owner: String,
    /// How long the right lasts, milliseconds: longer than a fetch can take.
    pub lease_ms: i64,
    /// Now, epoch milliseconds.
    pub now: i64,
}

/// What to do about the next token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TokenClaim {
    /// Fetch it, then [`StoreToken`](super::StoreToken), [`FailTokenFetch`](super::FailTokenFetch) or
    /// [`ReleaseTokenFetch`](super::ReleaseTokenFetch), with this fence.
    Granted {
        /// The number of this lease.
        fence: i64,
    },
    /// This one is newer than what the caller knew. Use it, unless it is over or dead.
    Newer(StoredToken),
    /// Somebody else is fetching. Ask again soon; by this time (epoch milliseconds) at the latest the right is free.
    Busy {
        /// When the lease ends by itself. It may be past already: then ask again at once.
        until: i64,
    },
    /// The last fetches failed, or the last tokens were refused. Do not ask WeChat before this time.
    CoolingDown {
        /// When the next fetch may happen, epoch milliseconds.
        until: i64,
        /// How many fetches failed in a row.
        failures: i64,
        /// How many fresh tokens were refused in a row.
        rejections: i64,
    },
}

impl Command for ClaimTokenFetch {
    const NAME: &'static str = "token.claim_fetch";
    type Output = TokenClaim;

    async fn run<T: Transaction>(&self, tx: &mut T) -> Result<TokenClaim, StoreError> {
        if self.is_dead {
            tx.execute(DEAD, params![self.app_id.as_str(), &self.kind, self.seen_generation]).await?;
        }
        if let Some(claim) = self.attempt(tx).await? {
            return Ok(claim);
        }
        tx.execute(ADD, params![self.app_id.as_str(), &self.kind]).await?;
        let claim = self.attempt(tx).await?;
        claim.ok_or_else(|| StoreError::internal("the row of a token vanished while it was being claimed"))
    }
}

impl ClaimTokenFetch {
    /// `None` when this account and kind has no row yet.
    async fn attempt<T: Transaction>(&self, tx: &mut T) -> Result<Option<TokenClaim>, StoreError> {
        let claim = params![
            self.app_id.as_str(),
            &self.kind,
            self.seen_generation,
            &self.owner,
            self.now,
            self.now.saturating_add(self.lease_ms),
        ];
        if let Some(mut row) = tx.query_opt(CLAIM, claim).await? {
            crash_point!("token.claim.after");
            return Ok(Some(TokenClaim::Granted { fence: row.integer()? }));
        }
        let row = tx.query_opt(FIND, params![self.app_id.as_str(), &self.kind]).await?;
        row.map(|row| self.judge(row)).transpose()
    }

    /// Why the right was not granted.
    fn judge(&self, mut row: Row) -> Result<TokenClaim, StoreError> {
        let token = StoredToken::read(&mut row)?;
        let (lease_until, retry_at) = (row.integer()?, row.integer()?);
        let (failures, rejections) = (row.integer()?, row.integer()?);
        Ok(match token {
            Some(token) if token.generation > self.seen_generation => TokenClaim::Newer(token),
            _ if retry_at > self.now => TokenClaim::CoolingDown { until: retry_at, failures, rejections },
            _ => TokenClaim::Busy { until: lease_until },
        })
    }
}
