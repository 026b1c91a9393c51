//! Who may exchange this code? The first who asks; everybody else gets the result or nothing.

use weiqiao_model::{AppId, crash_point};

use crate::value::params;
use crate::{Command, Row, StoreError, Transaction};

const CLAIM: &str = "INSERT INTO code_seen (code_hash, app_id, kind, browser_hash, outcome, claimed_at, reuse_until, \
    expires_at) VALUES ($1, $2, $3, $4, 'pending', $5, $6, $7) ON CONFLICT (code_hash) DO NOTHING";

const FIND: &str = "SELECT app_id, kind, browser_hash, outcome, result, claimed_at, reuse_until FROM code_seen \
    WHERE code_hash = $1";

/// Claims the right to exchange a code.
///
/// The hash of every code is kept for `ttl_ms` at least and is unique, so of any number of callers, on any number of
/// instances, one gets [`CodeClaim::New`]. A code stays claimed when its claimer dies: whether WeChat saw it is then
/// unknown, and the person logs in again.
#[derive(Debug, Clone)]
pub struct ClaimCode {
    /// A keyed hash of the code. The code itself is never stored.
    pub code_hash: String,
    /// The account it was given for.
    pub app_id: AppId,
    /// What sort of code it is, such as `oauth`, `mini` or `phone`: a code claimed as one is foreign to another.
    pub kind: String,
    /// A hash of what binds the browser (state cookie or session). `None` is never the same browser, not even as
    /// another `None`.
    pub browser_hash: Option<String>,
    /// How long the same browser gets the same result, milliseconds; 60,000 by the contract.
    pub reuse_ms: i64,
    /// How long the hash is kept, milliseconds; at least 600,000, longer than WeChat honours a code.
    pub ttl_ms: i64,
    /// Now, epoch milliseconds.
    pub now: i64,
}

/// What a caller may do with a code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CodeClaim {
    /// Exchange it, then [`SettleCode`](super::SettleCode) (or [`ReleaseCode`](super::ReleaseCode) when the request
    /// certainly never left).
    New,
    /// The same browser claimed it within the reuse time: wait for the outcome, or use it.
    Mine {
        /// What came of it so far.
        outcome: CodeOutcome,
        /// When it was claimed, epoch milliseconds. Pending for longer than an exchange can take: the claimer died.
        claimed_at: i64,
    },
    /// Somebody else claimed it, or it is too late, or it was another account's or another kind of code. Refuse.
    Foreign,
}

/// What came of an exchange. The bytes are the caller's own, sealed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CodeOutcome {
    /// Not known yet.
    Pending,
    /// It worked, with this result.
    Done(Vec<u8>),
    /// WeChat refused or failed, with these details, so that everybody gets the same answer.
    Failed(Vec<u8>),
}

impl Command for ClaimCode {
    const NAME: &'static str = "code.claim";
    type Output = CodeClaim;

    async fn run<T: Transaction>(&self, tx: &mut T) -> Result<CodeClaim, StoreError> {
        let claim = params![
            &self.code_hash,
            self.app_id.as_str(),
            &self.kind,
            &self.browser_hash,
            self.now,
            self.now.saturating_add(self.reuse_ms),
            self.now.saturating_add(self.ttl_ms),
        ];
        if tx.execute(CLAIM, claim).await? == 1 {
            crash_point!("code.claim.after");
            return Ok(CodeClaim::New);
        }
        match tx.query_opt(FIND, params![&self.code_hash]).await? {
            Some(row) => self.judge(row),
            // Swept or released between the two statements, which only Postgres can do.
            None => Ok(CodeClaim::Foreign),
        }
    }
}

impl ClaimCode {
    fn judge(&self, mut row: Row) -> Result<CodeClaim, StoreError> {
        let same_account = row.text()? == self.app_id.as_str();
        let same_kind = row.text()? == self.kind;
        let browser = row.opt_text()?;
        let same_browser = browser.is_some() && browser == self.browser_hash;
        let (word, result) = (row.text()?, row.opt_bytes()?);
        let (claimed_at, reuse_until) = (row.integer()?, row.integer()?);
        if !(same_account && same_kind && same_browser && self.now < reuse_until) {
            return Ok(CodeClaim::Foreign);
        }
        let outcome = match (word.as_str(), result) {
            ("pending", _) => CodeOutcome::Pending,
            ("done", Some(result)) => CodeOutcome::Done(result),
            ("failed", Some(result)) => CodeOutcome::Failed(result),
            // The result was swept although this caller's clock says it is still in time: clocks differ.
            _ => return Ok(CodeClaim::Foreign),
        };
        Ok(CodeClaim::Mine { outcome, claimed_at })
    }
}
