//! What the client remembers about each account: calls in flight, and refusals that must not be asked for again.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Semaphore;
use weixin_proto::{AppId, AppSecret, ErrCode};

use crate::error::Retry;
use crate::{Account, Error, ErrorKind, TokenKind};

/// Calls of one account that may be in flight at once.
const IN_FLIGHT: usize = 64;

/// All accounts the client has met.
#[derive(Default)]
pub(crate) struct Apps {
    by_id: Mutex<HashMap<AppId, Arc<App>>>,
}

/// One account.
pub(crate) struct App {
    pub(crate) permits: Semaphore,
    /// The newest generation WeChat accepted.
    accepted: AtomicU64,
    /// Fresh tokens that were refused.
    tokens: Mutex<CoolDown>,
    /// Refused fetches, by kind.
    fetches: Mutex<HashMap<TokenKind, RefusedFetch>>,
}

struct RefusedFetch {
    cool_down: CoolDown,
    error: Error,
    secret: AppSecret,
}

impl Apps {
    pub(crate) fn of(&self, account: &Account) -> Arc<App> {
        let mut by_id = lock(&self.by_id);
        if let Some(app) = by_id.get(account.app_id()) {
            return Arc::clone(app);
        }
        let app = Arc::new(App {
            permits: Semaphore::new(IN_FLIGHT),
            accepted: AtomicU64::new(0),
            tokens: Mutex::default(),
            fetches: Mutex::default(),
        });
        by_id.insert(account.app_id().clone(), Arc::clone(&app));
        app
    }
}

impl App {
    /// WeChat took the token of this generation.
    pub(crate) fn accepted(&self, generation: u64) {
        if self.accepted.fetch_max(generation, Ordering::Relaxed) < generation {
            *lock(&self.tokens) = CoolDown::default();
        }
    }

    /// WeChat refused a token of this generation, and before it another: how long nothing should be fetched.
    ///
    /// `None` for a token that was accepted earlier, which is an ordinary casualty: somebody else replaced it.
    pub(crate) fn refused_again(&self, generation: u64, now_ms: i64) -> Option<Duration> {
        let casualty = generation <= self.accepted.load(Ordering::Relaxed);
        (!casualty).then(|| lock(&self.tokens).strike(now_ms))
    }

    /// How long no token may be replaced, because fresh ones were refused too.
    pub(crate) fn replacing_rests(&self, now_ms: i64) -> Option<Duration> {
        lock(&self.tokens).remaining(now_ms)
    }

    /// The remembered refusal, if asking again so soon would only get it once more.
    pub(crate) fn check_fetch(&self, account: &Account, kind: TokenKind, now_ms: i64) -> Result<(), Error> {
        let fetches = lock(&self.fetches);
        let Some(refused) = fetches.get(&kind).filter(|refused| refused.secret == *account.secret()) else {
            return Ok(());
        };
        match refused.cool_down.remaining(now_ms) {
            Some(rest) => Err(refused.error.with_retry(Retry::After(rest))),
            None => Ok(()),
        }
    }

    /// A fetch brought something: earlier refusals are forgotten.
    pub(crate) fn fetched(&self, kind: TokenKind) {
        lock(&self.fetches).remove(&kind);
    }

    /// A fetch brought nothing. A refusal that would come again is remembered, and says when to come back.
    pub(crate) fn fetch_failed(&self, account: &Account, kind: TokenKind, now_ms: i64, error: Error) -> Error {
        if !is_lasting_refusal(&error) {
            return error;
        }
        let mut fetches = lock(&self.fetches);
        let refused = fetches.entry(kind).or_insert_with(|| RefusedFetch {
            cool_down: CoolDown::default(),
            error: error.clone(),
            secret: account.secret().clone(),
        });
        if refused.secret != *account.secret() {
            refused.cool_down = CoolDown::default();
            refused.secret = account.secret().clone();
        }
        let rest = refused.cool_down.strike(now_ms);
        refused.error = error.with_retry(Retry::After(rest));
        tracing::error!(
            app_id = %account.app_id(),
            kind = kind.as_str(),
            rest_s = rest.as_secs(),
            %error,
            "WeChat gives this account no token; a person has to look"
        );
        refused.error.clone()
    }
}

/// Whether WeChat would say the same again. A busy server and a dead access token pass by themselves.
fn is_lasting_refusal(error: &Error) -> bool {
    matches!(error.kind(), ErrorKind::Api(refusal) if refusal.errcode != ErrCode::SYSTEM_BUSY)
        && !is_dead_access_token(error)
}

/// A ticket refused because of the access token it was asked for with.
fn is_dead_access_token(error: &Error) -> bool {
    error.is_stale_token() && error.endpoint() == crate::api::cgi_bin::ticket::PATH
}

/// One minute after the first refusal, ten after every further one: at most three fetches in any ten minutes.
#[derive(Debug, Clone, Copy, Default)]
struct CoolDown {
    strikes: u32,
    until_ms: i64,
}

impl CoolDown {
    fn strike(&mut self, now_ms: i64) -> Duration {
        // Callers that failed together count once.
        if let Some(remaining) = self.remaining(now_ms) {
            return remaining;
        }
        let pause_s = if self.strikes == 0 { 60 } else { 600 };
        self.strikes = self.strikes.saturating_add(1);
        self.until_ms = now_ms.saturating_add(pause_s * 1000);
        Duration::from_secs(pause_s.unsigned_abs())
    }

    fn remaining(&self, now_ms: i64) -> Option<Duration> {
        let rest = u64::try_from(self.until_ms.saturating_sub(now_ms)).ok().filter(|rest| *rest > 0)?;
        Some(Duration::from_millis(rest))
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cool_down_lasts_one_minute_and_then_ten() {
        let mut cool_down = CoolDown::default();
        assert_eq!(cool_down.remaining(0), None);
        assert_eq!(cool_down.strike(0), Duration::from_secs(60));
        assert_eq!(cool_down.strike(1_000), Duration::from_secs(59), "failed together, counted once");
        assert_eq!(cool_down.remaining(60_000), None);
        assert_eq!(cool_down.strike(60_000), Duration::from_secs(600));
        assert_eq!(cool_down.remaining(659_999), Some(Duration::from_millis(1)));
        assert_eq!(cool_down.strike(660_000), Duration::from_secs(600));
    }

    #[test]
    fn an_accepted_token_ends_the_rest_and_its_own_refusal_starts_none() {
        let apps = Apps::default();
        let account = Account::new(AppId::new("wx1"), AppSecret::new("s"));
        let app = apps.of(&account);
        assert_eq!(app.refused_again(2, 0), Some(Duration::from_secs(60)));
        assert!(app.replacing_rests(1_000).is_some());
        app.accepted(2);
        assert_eq!(app.replacing_rests(1_000), None);
        assert_eq!(app.refused_again(2, 2_000), None);
        assert_eq!(app.replacing_rests(2_000), None, "generation 2 was good once");
        assert!(Arc::ptr_eq(&app, &apps.of(&account)));
    }
}
