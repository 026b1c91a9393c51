//! How often somebody may try, counted in the store: every instance sees it, no restart forgets it.
//!
//! Five guesses of one user name from one address within 15 minutes, then the door stays shut for a minute; after that
//! each further failure within the window, or five after it, shuts it for ten minutes, an hour, a day. A day after the
//! last time nobody remembers. Twenty guesses of one user name from addresses nobody ever logged in from shut the door
//! for all such addresses: whoever logged in from an address within the last 90 days goes on from there.

use std::time::Duration;

use weiqiao_store::facts::login_guard::{ClearGuard, FindGuard, Guess, GuessPolicy, TakeGuess};

use crate::App;
use crate::error::{AppError, ErrorKind, Result, code};

/// How many failures one user and address may have …
pub const MAX_FAILURES: u32 = 5;
/// … and one user from addresses nobody ever logged in from …
pub const MAX_FAILURES_OF_A_USER: u32 = 20;
/// … within this time.
pub const WINDOW: Duration = Duration::from_secs(15 * 60);
/// How long the door stays shut the first time, the second, and so on.
pub const LADDER: [Duration; 4] = [
    Duration::from_secs(60),
    Duration::from_secs(10 * 60),
    Duration::from_secs(60 * 60),
    Duration::from_secs(24 * 60 * 60),
];

const MINUTE_MS: i64 = 60_000;
const DAY_MS: i64 = 24 * 60 * MINUTE_MS;
const POLICY: GuessPolicy = GuessPolicy {
    per_address: 5,
    per_user: 20,
    window_ms: 15 * MINUTE_MS,
    ladder_ms: &[MINUTE_MS, 10 * MINUTE_MS, 60 * MINUTE_MS, DAY_MS],
    memory_ms: DAY_MS,
};
/// For how long an address is trusted after a login.
const TRUST_MS: i64 = 90 * DAY_MS;

/// One guess that was taken.
pub(super) struct Door {
    address_key: String,
    user_key: String,
    /// Whether there is none after this one for a while.
    pub(super) locks: bool,
}

impl Door {
    /// Takes one guess, before the password is looked at: a thousand at once are still only five.
    pub(super) async fn knock(app: &App, username: &str, ip: &str) -> Result<Self> {
        let address_key = app.vault().fingerprint("staff login", &[username, ip]);
        let user_key = app.vault().fingerprint("staff login", &[username]);
        let now = app.now_ms();
        // Who knocks at a shut door costs no write.
        let find = FindGuard { address_key: address_key.clone(), now };
        if let Some(until) = app.store().read(find).await? {
            return Err(shut(until, now));
        }
        let take = TakeGuess { address_key: address_key.clone(), user_key: user_key.clone(), policy: POLICY, now };
        match app.store().run(take).await? {
            Guess::Allowed { locks } => Ok(Self { address_key, user_key, locks }),
            Guess::Locked(until) => Err(shut(until, now)),
        }
    }

    /// The password was right.
    pub(super) async fn open(self, app: &App) -> Result<()> {
        let Self { address_key, user_key, .. } = self;
        let trusted_until = app.now_ms().saturating_add(TRUST_MS);
        Ok(app.store().run(ClearGuard { address_key, user_key, trusted_until }).await?)
    }
}

fn shut(until: i64, now: i64) -> AppError {
    metrics::counter!("staff_logins_locked_out_total").increment(1);
    let wait = u64::try_from(until.saturating_sub(now)).unwrap_or(0).div_ceil(1000).max(1);
    let kind = ErrorKind::TooMany { retry_after: Duration::from_secs(wait) };
    AppError::new(kind, code::TOO_MANY_ATTEMPTS, "登录尝试次数过多，请稍后再试")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_documented_is_what_is_done() {
        assert_eq!((i64::from(MAX_FAILURES), i64::from(MAX_FAILURES_OF_A_USER)), (POLICY.per_address, POLICY.per_user));
        assert_eq!(i64::try_from(WINDOW.as_millis()), Ok(POLICY.window_ms));
        let ladder: Vec<i64> = LADDER.iter().map(|step| i64::try_from(step.as_millis()).unwrap()).collect();
        assert_eq!(ladder, POLICY.ladder_ms);
    }
}
