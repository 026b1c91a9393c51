//! The person came back: is this the browser, the account and the flow it began with, and is it the first time?

use weiqiao_model::{AccountName, AppId};

use crate::value::params;
use crate::{Command, Row, StoreError, Transaction};

const TAKE: &str = "UPDATE login_state SET taken_at = $5 WHERE hash = $1 AND cookie_hash = $2 AND app_id = $3 AND flow = $4 \
    AND taken_at IS NULL AND expires_at > $5 \
    RETURNING account, cookie_hash, target, scope, issued_at, expires_at, taken_at, outcome, app_id, flow";

/// The columns of [`StoredState::read`], then what decides whether it is this caller's.
pub(super) const FIND: &str = "SELECT account, cookie_hash, target, scope, issued_at, expires_at, taken_at, outcome, \
    app_id, flow FROM login_state WHERE hash = $1";

/// Takes a state: once, by the browser it was given to, for the account and flow it was given for, in time.
///
/// WeChat's own browser is known to come back twice. The second time within `reuse_ms` gets [`StateClaim::Again`], with
/// the outcome of the first as soon as [`SettleState`](super::SettleState) has stored it.
#[derive(Debug, Clone)]
pub struct TakeState {
    /// The hash of the state that came back.
    pub hash: String,
    /// The hash of the cookie that came with it.
    pub cookie_hash: String,
    /// The account it came back for.
    pub app_id: AppId,
    /// The flow it came back to.
    pub flow: String,
    /// How long after the first time the same browser may come again, milliseconds; 60,000 by the contract.
    pub reuse_ms: i64,
    /// Now, epoch milliseconds.
    pub now: i64,
}

/// What was written down when the login began.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredState {
    /// The account's name in the settings.
    pub account: AccountName,
    /// The hash of the cookie that binds the browser.
    pub cookie_hash: String,
    /// Where the person goes afterwards, sealed.
    pub target: Vec<u8>,
    /// The scope that was asked for.
    pub scope: String,
    /// When the login began, epoch milliseconds.
    pub issued_at: i64,
    /// When it is too late to come back, epoch milliseconds.
    pub expires_at: i64,
    /// When it was taken, epoch milliseconds.
    pub taken_at: Option<i64>,
    /// What came of the login, as the first taker stored it (sealed).
    pub outcome: Option<Vec<u8>>,
    /// The account's appid.
    pub app_id: AppId,
    /// Which flow it belongs to.
    pub flow: String,
}

/// What a caller may do with a state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StateClaim {
    /// Go on with the login.
    Fresh(StoredState),
    /// The same browser came a second time within the reuse time: give it what the first gets. While `outcome` is `None`
    /// the first is still at work, or died at it.
    Again(StoredState),
    /// The same browser, but long after it was taken. Refuse; the login may begin anew.
    Spent,
    /// Another browser, another account or another flow. Refuse.
    Foreign,
    /// It came back too late. Refuse; the login may begin anew.
    Expired,
    /// There is no such state: never issued, or swept long after its time.
    Unknown,
}

impl StoredState {
    pub(super) fn read(mut row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            account: row.word()?,
            cookie_hash: row.text()?,
            target: row.bytes()?,
            scope: row.text()?,
            issued_at: row.integer()?,
            expires_at: row.integer()?,
            taken_at: row.opt_integer()?,
            outcome: row.opt_bytes()?,
            app_id: row.id()?,
            flow: row.text()?,
        })
    }
}

impl Command for TakeState {
    const NAME: &'static str = "state.take";
    type Output = StateClaim;

    async fn run<T: Transaction>(&self, tx: &mut T) -> Result<StateClaim, StoreError> {
        let take = params![&self.hash, &self.cookie_hash, self.app_id.as_str(), &self.flow, self.now];
        if let Some(row) = tx.query_opt(TAKE, take).await? {
            return Ok(StateClaim::Fresh(StoredState::read(row)?));
        }
        match tx.query_opt(FIND, params![&self.hash]).await? {
            Some(row) => Ok(self.judge(StoredState::read(row)?)),
            None => Ok(StateClaim::Unknown),
        }
    }
}

impl TakeState {
    /// Why the state could not be taken.
    fn judge(&self, state: StoredState) -> StateClaim {
        let theirs = state.cookie_hash == self.cookie_hash && state.app_id == self.app_id && state.flow == self.flow;
        match state.taken_at {
            _ if !theirs => StateClaim::Foreign,
            Some(taken_at) if self.now < taken_at.saturating_add(self.reuse_ms) => StateClaim::Again(state),
            Some(_) => StateClaim::Spent,
            None => StateClaim::Expired,
        }
    }
}
