//! A computer shows a QR code.

use weiqiao_model::AppId;

use crate::value::params;
use crate::{Command, StoreError, Transaction};

const ADD: &str = "INSERT INTO login_handover (hash, app_id, instance, cookie_hash, target, about, status, created_at, \
    expires_at) VALUES ($1, $2, $3, $4, $5, $6, 'waiting', $7, $8)";

/// Beyond the newest few, untaken ones of a browser are dropped.
const DROP_OLDEST: &str = "DELETE FROM login_handover WHERE hash IN (SELECT hash FROM login_handover WHERE cookie_hash = $1 \
    AND taken_at IS NULL ORDER BY created_at DESC, hash DESC LIMIT 1000 OFFSET $2)";

/// Stores a hand-over that waits for a phone. The table is bounded per browser.
#[derive(Debug, Clone)]
pub struct BeginHandover {
    /// A hash of the ticket in the QR code. The ticket itself is never stored.
    pub hash: String,
    /// The appid people log in through.
    pub app_id: AppId,
    /// The login instance.
    pub instance: String,
    /// A hash of the cookie of the computer's browser.
    pub cookie_hash: String,
    /// Where the computer goes afterwards.
    pub target: String,
    /// What the phone is shown, sealed.
    pub about: Vec<u8>,
    /// How many untaken ones a browser may have, at least 1.
    pub max_live: u32,
    /// When it is too late, epoch milliseconds.
    pub expires_at: i64,
    /// Now, epoch milliseconds.
    pub now: i64,
}

impl Command for BeginHandover {
    const NAME: &'static str = "handover.begin";
    type Output = ();

    async fn run<T: Transaction>(&self, tx: &mut T) -> Result<(), StoreError> {
        let handover = params![
            &self.hash,
            self.app_id.as_str(),
            &self.instance,
            &self.cookie_hash,
            &self.target,
            &self.about,
            self.now,
            self.expires_at,
        ];
        let bound = params![&self.cookie_hash, i64::from(self.max_live.max(1))];
        tx.batch(vec![(ADD, handover), (DROP_OLDEST, bound)]).await?;
        Ok(())
    }
}
