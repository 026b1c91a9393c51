//! A login begins: what must be the same when the person comes back is written down.

use weiqiao_model::{AccountName, AppId};

use crate::value::params;
use crate::{Command, StoreError, Transaction};

const ADD: &str = "INSERT INTO login_state (hash, app_id, account, flow, cookie_hash, target, scope, issued_at, expires_at) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";

/// Beyond the newest few, untaken states of a browser are over. They stay known to be ours until they are swept: a state that
/// nobody knows may be a page's own.
const END_OLDEST: &str = "UPDATE login_state SET expires_at = $3 WHERE hash IN (SELECT hash FROM login_state \
    WHERE cookie_hash = $1 AND taken_at IS NULL AND expires_at > $3 ORDER BY issued_at DESC, hash DESC LIMIT 1000 OFFSET $2)";

/// Stores a state that was handed to a browser.
///
/// When a browser has more than `max_live` states that were never taken, the oldest are over.
#[derive(Debug, Clone)]
pub struct IssueState {
    /// A hash of the state. The state itself is never stored.
    pub hash: String,
    /// The account the person is sent to WeChat for.
    pub app_id: AppId,
    /// Its name in the settings.
    pub account: AccountName,
    /// Which flow may take it, such as `page`, `redirect` or `qr`.
    pub flow: String,
    /// A hash of the cookie that binds the browser.
    pub cookie_hash: String,
    /// Where the person goes afterwards, sealed: addresses carry what pages know of people.
    pub target: Vec<u8>,
    /// The scope that was asked for.
    pub scope: String,
    /// How many untaken states one browser may have; 5 by default, at least 1.
    pub max_live: u32,
    /// When it is too late to come back, epoch milliseconds; ten minutes from now by the contract.
    pub expires_at: i64,
    /// Now, epoch milliseconds.
    pub now: i64,
}

impl Command for IssueState {
    const NAME: &'static str = "state.issue";
    type Output = ();

    async fn run<T: Transaction>(&self, tx: &mut T) -> Result<(), StoreError> {
        let state = params![
            &self.hash,
            self.app_id.as_str(),
            &self.account,
            &self.flow,
            &self.cookie_hash,
            &self.target,
            &self.scope,
            self.now,
            self.expires_at,
        ];
        let bound = params![&self.cookie_hash, i64::from(self.max_live.max(1)), self.now];
        tx.batch(vec![(ADD, state), (END_OLDEST, bound)]).await?;
        Ok(())
    }
}
