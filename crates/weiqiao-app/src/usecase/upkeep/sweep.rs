//! Deletes what is past its time. The binary calls it every minute; several instances may do so at once.

use std::time::Duration;

use weiqiao_store::Command;
use weiqiao_store::facts::code::SweepCodes;
use weiqiao_store::facts::handover::SweepHandovers;
use weiqiao_store::facts::idempotency::SweepIdempotency;
use weiqiao_store::facts::inbox::SweepInbox;
use weiqiao_store::facts::job::SweepJobs;
use weiqiao_store::facts::login_guard::SweepGuards;
use weiqiao_store::facts::session::SweepSessions;
use weiqiao_store::facts::session_key::SweepSessionKeys;
use weiqiao_store::facts::spending::SweepSpending;
use weiqiao_store::facts::state::SweepStates;

use crate::App;
use crate::china;
use crate::error::Result;
use crate::jwt::LEEWAY_S;
use crate::usecase::login::REUSE_MS;

/// How often to sweep.
pub const EVERY: Duration = Duration::from_secs(60);

/// The most rows one statement deletes, so that nothing else waits long.
const AT_ONCE: u32 = 1_000;
/// The most statements of one kind in one sweep; the rest is for the next.
const ROUNDS: u32 = 20;
/// How long a mini program's session key is kept.
const SESSION_KEY_LIFE_MS: i64 = 24 * 60 * 60 * 1000;

/// How long a request is known by its key.
const IDEMPOTENCY_MS: i64 = 24 * 60 * 60 * 1000;

/// How much was deleted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Swept {
    /// Sessions.
    pub sessions: u64,
    /// Login states.
    pub states: u64,
    /// Hashes of login codes.
    pub codes: u64,
    /// Logins handed to a phone.
    pub handovers: u64,
    /// Session keys of mini programs.
    pub session_keys: u64,
    /// Pushes.
    pub inbox: u64,
    /// Jobs that are over.
    pub jobs: u64,
    /// Keys of requests that nobody repeats any more.
    pub idempotency_keys: u64,
    /// Counts of failed logins.
    pub login_guards: u64,
    /// Counts of days that are over.
    pub spending: u64,
}

/// Sweeps everything once.
///
/// # Errors
///
/// `Unavailable` when the database is down; the next sweep does the rest.
pub async fn sweep(app: &App) -> Result<Swept> {
    let (now, limit) = (app.now_ms(), AT_ONCE);
    app.coord().sweep();
    // A session holds as long as its token, leeway included; a state answers second visits for a minute.
    let sessions = SweepSessions { before: now.saturating_sub((LEEWAY_S + 1) * 1000), limit };
    let states = SweepStates { before: now.saturating_sub(5 * REUSE_MS), limit };
    let handovers = SweepHandovers { before: now.saturating_sub(5 * REUSE_MS), limit };
    let session_keys = SweepSessionKeys { before: now.saturating_sub(SESSION_KEY_LIFE_MS), limit };
    let keep_ms = i64::try_from(app.callbacks().settings().keep.as_millis()).unwrap_or(i64::MAX);
    let inbox = SweepInbox { before: now.saturating_sub(keep_ms), limit };
    let keep_ms = i64::try_from(app.settings().worker.keep.as_millis()).unwrap_or(i64::MAX);
    let jobs = SweepJobs { before: now.saturating_sub(keep_ms), limit };
    let idempotency = SweepIdempotency { before: now.saturating_sub(IDEMPOTENCY_MS), limit };
    Ok(Swept {
        sessions: all(app, sessions).await?,
        states: all(app, states).await?,
        codes: all(app, SweepCodes { now, limit }).await?,
        handovers: all(app, handovers).await?,
        session_keys: all(app, session_keys).await?,
        inbox: all(app, inbox).await?,
        jobs: all(app, jobs).await?,
        idempotency_keys: all(app, idempotency).await?,
        login_guards: all(app, SweepGuards { now, limit }).await?,
        spending: app.store().run(SweepSpending { before: china::day(now).saturating_sub(7) }).await?,
    })
}

async fn all<C: Command<Output = u64> + Clone>(app: &App, command: C) -> Result<u64> {
    let mut total = 0;
    for _ in 0..ROUNDS {
        let deleted = app.store().run(command.clone()).await?;
        total += deleted;
        if deleted < u64::from(AT_ONCE) {
            break;
        }
    }
    Ok(total)
}
