//! The token of one account and kind as this process holds it.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use futures_util::future::{BoxFuture, Shared};
use tokio::task::AbortHandle;
use weixin::{Error, Token};

/// A fetch, or a look at what another instance fetched, that is under way; all who wait share it.
pub(super) type Flight = Shared<BoxFuture<'static, Result<Token, Error>>>;

#[derive(Default)]
pub(super) struct Cell {
    state: Mutex<State>,
    /// A token that ends before this is not good enough, epoch milliseconds.
    demanded_until_ms: AtomicI64,
}

#[derive(Default)]
struct State {
    held: Option<Held>,
    flight: Option<(Flight, Why, AbortHandle)>,
    /// What the last fetch of this process failed with: said again while nothing may be fetched.
    last_error: Option<Error>,
}

struct Held {
    token: Token,
    refresh_at_ms: i64,
    /// Until then asking again would bring the same: WeChat just did.
    nothing_new_until_ms: i64,
    /// WeChat said it is dead.
    refused: bool,
}

/// Why a token is renewed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Why {
    /// There is none, or it is (nearly) over.
    Due,
    /// WeChat refused it before its time.
    Refused,
}

/// What a caller finds.
pub(super) enum Found {
    /// Use this.
    Good(Token),
    /// Use this, and renew it beside.
    GoodButDue(Token),
    /// Wait for the renewal; this one, if any, is short-lived and still better than none.
    Wait(Option<Token>),
    /// Wait for the renewal: WeChat said that the one that is held is dead.
    WaitRefused,
}

impl Cell {
    pub(super) fn look(&self, now_ms: i64) -> Found {
        let state = self.state();
        let Some(held) = state.held.as_ref().filter(|held| now_ms < held.token.expires_at_ms) else {
            return Found::Wait(None);
        };
        let token = held.token.clone();
        let too_short = token.expires_at_ms < self.demanded_until_ms.load(Ordering::Relaxed);
        if held.refused {
            Found::WaitRefused
        } else if too_short && now_ms >= held.nothing_new_until_ms {
            Found::Wait(Some(token))
        } else if now_ms < held.refresh_at_ms {
            Found::Good(token)
        } else {
            Found::GoodButDue(token)
        }
    }

    /// Marks a token as dead; answers with a newer one when that is held.
    pub(super) fn refuse(&self, used: &Token) -> Option<Token> {
        let mut state = self.state();
        let held = state.held.as_mut()?;
        if held.token.generation > used.generation {
            return Some(held.token.clone());
        }
        held.refused |= held.token.generation == used.generation;
        None
    }

    /// Joins what is under way, or starts it with the newest token known here, dead or alive.
    ///
    /// `start` runs under the lock of the cell and must not call the cell.
    pub(super) fn join_or_start(
        &self,
        why: Why,
        start: impl FnOnce(Option<Token>) -> (Flight, AbortHandle),
    ) -> (Flight, Why) {
        let mut state = self.state();
        // The task is asked, not the future: of a renewal beside the calls nobody ever polls that.
        if let Some((flight, why, task)) = &state.flight
            && !task.is_finished()
        {
            return (flight.clone(), *why);
        }
        let (flight, task) = start(state.held.as_ref().map(|held| held.token.clone()));
        state.flight = Some((flight.clone(), why, task));
        (flight, why)
    }

    /// Holds a token, unless a newer one is held. If it is the one that was held before, WeChat has no other yet.
    pub(super) fn hold(&self, token: Token, refresh_at_ms: i64, ask_again_ms: i64) -> Token {
        let mut state = self.state();
        state.last_error = None;
        match &state.held {
            Some(held) if held.token.generation > token.generation => held.token.clone(),
            Some(held) if held.token.generation == token.generation => token,
            held => {
                let nothing_new = held.as_ref().is_some_and(|held| held.token.value == token.value);
                let nothing_new_until_ms = if nothing_new { ask_again_ms } else { 0 };
                let refresh_at_ms = refresh_at_ms.max(nothing_new_until_ms);
                let held = Held { token: token.clone(), refresh_at_ms, nothing_new_until_ms, refused: false };
                state.held = Some(held);
                token
            }
        }
    }

    /// The renewal failed: what is held is served on, and the next try waits until then.
    pub(super) fn rest(&self, error: &Error, until_ms: i64) {
        let mut state = self.state();
        state.last_error = Some(error.clone());
        if let Some(held) = &mut state.held {
            held.refresh_at_ms = held.refresh_at_ms.max(until_ms);
        }
    }

    pub(super) fn last_error(&self) -> Option<Error> {
        self.state().last_error.clone()
    }

    /// From now on a token must live at least until then.
    pub(super) fn demand_until(&self, until_ms: i64) {
        self.demanded_until_ms.fetch_max(until_ms, Ordering::Relaxed);
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
