//! Somebody is about to try a password. Counted before it is checked, so that a thousand at once are still only five.

use crate::value::params;
use crate::{Command, StoreError, Transaction, Value};

/// Locks nothing.
const LOOK: &str = "SELECT key, locked_until, trusted_until FROM login_guard WHERE key IN ($1, $2)";

/// Makes the row when there is none, and locks it until this transaction ends: in one statement, for between two of them a right
/// password may delete the row. `trusted_until` 0: nobody logged in from there yet.
const LOCK: &str = "INSERT INTO login_guard (key, failures, window_until, level, locked_until, trusted_until, forget_at) \
    VALUES ($1, 0, 0, 0, 0, 0, $2) ON CONFLICT (key) DO UPDATE SET failures = login_guard.failures \
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

/// What a look at the rows gives.
#[derive(Default)]
struct Glance {
    /// Until when the door is shut for this address …
    address_shut: i64,
    /// … and for all addresses nobody ever logged in from.
    user_shut: i64,
    trusted_until: i64,
}

impl TakeGuess {
    async fn look<T: Transaction>(&self, tx: &mut T) -> Result<Glance, StoreError> {
        let mut glance = Glance::default();
        for mut row in tx.query(LOOK, params![&self.address_key, &self.user_key]).await? {
            let (key, locked_until, trusted_until) = (row.text()?, row.integer()?, row.integer()?);
            if key == self.address_key {
                (glance.address_shut, glance.trusted_until) = (locked_until, trusted_until);
            } else {
                glance.user_shut = locked_until;
            }
        }
        Ok(glance)
    }

    /// The row; it is this command's until its end.
    async fn lock<T: Transaction>(&self, tx: &mut T, key: &str) -> Result<Guard, StoreError> {
        let mut row = tx.query_one(LOCK, params![key, self.now.saturating_add(self.policy.memory_ms)]).await?;
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
        Ok(if over { Guard { failures: 0, window_until: 0, level: 0, locked_until: 0, ..guard } } else { guard })
    }

    fn is_shut(&self, until: i64) -> Option<Guess> {
        (until > self.now).then_some(Guess::Locked(until))
    }

    /// How a row counts this guess, and whether that shuts the door because it was the last one for now.
    fn count(&self, key: &str, guard: &Guard, most: i64) -> (bool, (&'static str, Vec<Value>)) {
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
        (locks, (COUNT, params![key, failures, window_until, level, locked_until, forget_at]))
    }
}

impl Command for TakeGuess {
    const NAME: &'static str = "login_guard.take_guess";
    type Output = Guess;

    async fn run<T: Transaction>(&self, tx: &mut T) -> Result<Guess, StoreError> {
        // Who is sent away leaves nothing behind and waits for nobody.
        let glance = self.look(tx).await?;
        if let Some(shut) = self.is_shut(glance.address_shut) {
            return Ok(shut);
        }
        // Whoever logged in from here before is not shut out by what strangers do elsewhere.
        let stranger = glance.trusted_until <= self.now;
        let mut counts = Vec::with_capacity(2);
        // The user's row first, here and in `ClearGuard`: two that lock the two rows in two orders wait for one another
        // until the database ends one of them.
        if stranger {
            if let Some(shut) = self.is_shut(glance.user_shut) {
                return Ok(shut);
            }
            let user = self.lock(tx, &self.user_key).await?;
            if let Some(shut) = self.is_shut(user.locked_until) {
                return Ok(shut);
            }
            counts.push(self.count(&self.user_key, &user, self.policy.per_user).1);
        }
        let address = self.lock(tx, &self.address_key).await?;
        if let Some(shut) = self.is_shut(address.locked_until) {
            return Ok(shut);
        }
        let (locks, count) = self.count(&self.address_key, &address, self.policy.per_address);
        counts.push(count);
        // Both or none: a guess that was not taken is not counted.
        tx.batch(counts).await?;
        Ok(Guess::Allowed { locks })
    }
}
