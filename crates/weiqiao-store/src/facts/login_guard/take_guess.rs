//! Somebody is about to try a password. Counted before it is checked, so that a thousand at once are still only five.

use crate::value::params;
use crate::{Command, StoreError, Transaction};

/// `trusted_until` 0: nobody logged in from there yet.
const BEGIN: &str = "INSERT INTO login_guard (key, failures, window_until, level, locked_until, trusted_until, forget_at) \
    VALUES ($1, 0, 0, 0, 0, 0, $2) ON CONFLICT (key) DO NOTHING";

/// Locks the row until this transaction ends.
const LOCK: &str = "UPDATE login_guard SET failures = failures WHERE key = $1 \
    RETURNING failures, window_until, level, locked_until, trusted_until, forget_at";

const COUNT: &str = "UPDATE login_guard SET failures = $2, window_until = $3, level = $4, locked_until = $5, forget_at = $6 \
    WHERE key = $1";

/// How many guesses there are, and what happens then.
#[derive(Debug, Clone, Copy)]
pub struct GuessPolicy {
    /// Guesses of one user name and address within the window.
    pub per_address: i64,
    /// Guesses of one user name within the window, from all addresses nobody ever logged in from.
    pub per_user: i64,
    /// The window, milliseconds.
    pub window_ms: i64,
    /// How long the door stays shut the first time, the second …, milliseconds; the last one goes on.
    pub ladder_ms: &'static [i64],
    /// For how long after its last use a count, and the step of the ladder, is remembered, milliseconds.
    pub memory_ms: i64,
}

/// Takes one guess.
#[derive(Debug, Clone)]
pub struct TakeGuess {
    /// The keyed hash of user name and address.
    pub address_key: String,
    /// The keyed hash of the user name.
    pub user_key: String,
    /// How many there are.
    pub policy: GuessPolicy,
    /// Now, epoch milliseconds.
    pub now: i64,
}

/// Whether the password may be tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Guess {
    /// It may. `locks` tells that there is none after this one for a while.
    Allowed {
        /// Whether this guess shut the door behind it.
        locks: bool,
    },
    /// The door is shut until then, epoch milliseconds.
    Locked(i64),
}

struct Guard {
    failures: i64,
    window_until: i64,
    level: i64,
    locked_until: i64,
    trusted_until: i64,
    forget_at: i64,
}

impl TakeGuess {
    /// The row, if there is one; it is this command's until its end.
    async fn find<T: Transaction>(&self, tx: &mut T, key: &str) -> Result<Option<Guard>, StoreError> {
        let Some(mut row) = tx.query_opt(LOCK, params![key]).await? else { return Ok(None) };
        let guard = Guard {
            failures: row.integer()?,
            window_until: row.integer()?,
            level: row.integer()?,
            locked_until: row.integer()?,
            trusted_until: row.integer()?,
            forget_at: row.integer()?,
        };
        // A row that is over and was not swept yet counts as none.
        let over = guard.forget_at <= self.now && guard.trusted_until <= self.now;
        Ok(Some(if over { Guard { failures: 0, window_until: 0, level: 0, locked_until: 0, ..guard } } else { guard }))
    }

    async fn find_or_begin<T: Transaction>(&self, tx: &mut T, key: &str) -> Result<Guard, StoreError> {
        tx.execute(BEGIN, params![key, self.now.saturating_add(self.policy.memory_ms)]).await?;
        self.find(tx, key).await?.ok_or_else(|| StoreError::internal("a row that was made just now is gone"))
    }

    /// Counts, and shuts the door when that was the last one for now.
    async fn count<T: Transaction>(&self, tx: &mut T, key: &str, guard: &Guard, most: i64) -> Result<bool, StoreError> {
        let fresh = self.now >= guard.window_until;
        let failures = if fresh { 1 } else { guard.failures.saturating_add(1) };
        let window_until = if fresh { self.now.saturating_add(self.policy.window_ms) } else { guard.window_until };
        let locks = failures >= most;
        let (level, locked_until) = if locks {
            let step = usize::try_from(guard.level).unwrap_or(usize::MAX);
            let ladder = self.policy.ladder_ms;
            let length = ladder.get(step).or(ladder.last()).copied().unwrap_or(0);
            (guard.level.saturating_add(1), self.now.saturating_add(length))
        } else {
            (guard.level, guard.locked_until)
        };
        let forget_at = locked_until.max(self.now).saturating_add(self.policy.memory_ms).max(guard.trusted_until);
        tx.execute(COUNT, params![key, failures, window_until, level, locked_until, forget_at]).await?;
        Ok(locks)
    }
}

impl Command for TakeGuess {
    const NAME: &'static str = "login_guard.take_guess";
    type Output = Guess;

    async fn run<T: Transaction>(&self, tx: &mut T) -> Result<Guess, StoreError> {
        let address = self.find(tx, &self.address_key).await?;
        if let Some(shut) = address.as_ref().map(|guard| guard.locked_until).filter(|until| *until > self.now) {
            return Ok(Guess::Locked(shut));
        }
        // Whoever logged in from here before is not shut out by what strangers do elsewhere.
        if address.is_none_or(|address| address.trusted_until <= self.now) {
            let user = self.find_or_begin(tx, &self.user_key).await?;
            if user.locked_until > self.now {
                return Ok(Guess::Locked(user.locked_until));
            }
            self.count(tx, &self.user_key, &user, self.policy.per_user).await?;
        }
        // Only now: who is sent away leaves nothing behind.
        let address = self.find_or_begin(tx, &self.address_key).await?;
        if address.locked_until > self.now {
            return Ok(Guess::Locked(address.locked_until));
        }
        let locks = self.count(tx, &self.address_key, &address, self.policy.per_address).await?;
        Ok(Guess::Allowed { locks })
    }
}
