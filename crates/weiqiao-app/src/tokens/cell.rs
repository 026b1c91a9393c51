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
    /// The newest generation that is known to be stored. A token before it is not served any more.
    newest: u64,
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
    /// Use this. When it is due, its renewal goes on beside.
    Good(Token),
    /// Wait for the renewal; the token, if any, is short-lived and still better than none.
    Wait(Flight, Option<Token>),
}

/// What whoever was refused a token finds.
pub(super) enum Replacement {
    /// Somebody has it already.
    Newer(Token),
    /// Wait for this renewal, which began for that reason.
    Wait(Flight, Why),
}

// Looking and starting are one step under one lock: between two steps the renewal that was under way may end, and whoever
// then started one would replace the token that it brought.
impl Cell {
    /// The token to use now. `start` begins a renewal, of the newest token known here, dead or alive; it runs under the lock
    /// of the cell and must not call the cell.
    pub(super) fn get(&self, now_ms: i64, start: impl FnOnce(Why, Option<Token>) -> (Flight, AbortHandle)) -> Found {
        let mut state = self.state();
        let Some(held) = state.held.as_ref().filter(|held| now_ms < held.token.expires_at_ms) else {
            return Found::Wait(state.join_or_start(Why::Due, start).0, None);
        };
        let token = held.token.clone();
        let replaced = token.generation < state.newest;
        let too_short = token.expires_at_ms < self.demanded_until_ms.load(Ordering::Relaxed);
        if held.refused {
            Found::Wait(state.join_or_start(Why::Refused, start).0, None)
        } else if replaced {
            Found::Wait(state.join_or_start(Why::Due, start).0, None)
        } else if too_short && now_ms >= held.nothing_new_until_ms {
            Found::Wait(state.join_or_start(Why::Due, start).0, Some(token))
        } else {
            if now_ms >= held.refresh_at_ms {
                // A task of its own: nobody waits for it here.
                drop(state.join_or_start(Why::Due, start));
            }
            Found::Good(token)
        }
    }

    /// Marks a token as dead and finds the one after it.
    pub(super) fn replace(
        &self,
        used: &Token,
        start: impl FnOnce(Why, Option<Token>) -> (Flight, AbortHandle),
    ) -> Replacement {
        let mut state = self.state();
        let newest = state.newest;
        if let Some(held) = &mut state.held {
            if held.token.generation > used.generation && held.token.generation >= newest {
                return Replacement::Newer(held.token.clone());
            }
            held.refused |= held.token.generation == used.generation;
        }
        let (flight, why) = state.join_or_start(Why::Refused, start);
        Replacement::Wait(flight, why)
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

    /// A token of the generation `newest` is stored, and those up to `dead` are refused by WeChat: whoever asks next is given
    /// none before the one and none of the others.
    pub(super) fn learn(&self, newest: u64, dead: u64) {
        let mut state = self.state();
        state.newest = state.newest.max(newest);
        if let Some(held) = &mut state.held {
            held.refused |= held.token.generation <= dead;
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Joins what is under way, or starts it.
    fn join_or_start(
        &mut self,
        why: Why,
        start: impl FnOnce(Why, Option<Token>) -> (Flight, AbortHandle),
    ) -> (Flight, Why) {
        // The task is asked, not the future: of a renewal beside the calls nobody ever polls that.
        if let Some((flight, why, task)) = &self.flight
            && !task.is_finished()
        {
            return (flight.clone(), *why);
        }
        let (flight, task) = start(why, self.held.as_ref().map(|held| held.token.clone()));
        self.flight = Some((flight.clone(), why, task));
        (flight, why)
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt as _;
    use weixin_proto::AccessTokenValue;

    use super::*;

    fn token(generation: u64) -> Token {
        Token { value: AccessTokenValue::new(format!("token-{generation}")), generation, expires_at_ms: 1_000 }
    }

    fn none(_: Why, _: Option<Token>) -> (Flight, AbortHandle) {
        panic!("nothing is to be renewed")
    }

    /// Three callers were refused the first token; the renewal ends before the last of them asks.
    #[tokio::test]
    async fn whoever_asks_after_the_renewal_gets_what_it_brought_and_starts_no_other() {
        let cell = Cell::default();
        cell.hold(token(1), 900, 0);
        let under_way = tokio::spawn(std::future::pending::<()>());
        let begin = |why, seen: Option<Token>| {
            assert!(why == Why::Refused && seen.is_some_and(|seen| seen.generation == 1));
            (std::future::pending().boxed().shared(), under_way.abort_handle())
        };
        assert!(matches!(cell.replace(&token(1), begin), Replacement::Wait(_, Why::Refused)));
        assert!(matches!(cell.replace(&token(1), none), Replacement::Wait(_, Why::Refused)));
        assert!(matches!(cell.get(0, none), Found::Wait(_, None)));

        cell.hold(token(2), 900, 0);
        under_way.abort();
        assert!(under_way.await.unwrap_err().is_cancelled());
        assert!(matches!(cell.replace(&token(1), none), Replacement::Newer(newer) if newer.generation == 2));
        assert!(matches!(cell.get(0, none), Found::Good(good) if good.generation == 2));
    }

    /// Another instance stored the third one; nobody here was refused the second.
    #[tokio::test]
    async fn a_token_that_has_a_successor_in_the_store_is_served_no_more() {
        let cell = Cell::default();
        cell.hold(token(2), 900, 0);
        cell.learn(1, 0);
        cell.learn(2, 1);
        assert!(matches!(cell.get(0, none), Found::Good(good) if good.generation == 2));
        cell.learn(3, 0);
        cell.learn(2, 0);
        let under_way = tokio::spawn(std::future::pending::<()>());
        let begin = |why, seen: Option<Token>| {
            assert!(why == Why::Due && seen.is_some_and(|seen| seen.generation == 2));
            (std::future::pending().boxed().shared(), under_way.abort_handle())
        };
        assert!(matches!(cell.get(0, begin), Found::Wait(_, None)));
        assert!(matches!(cell.replace(&token(1), none), Replacement::Wait(_, Why::Due)), "not the second one");
        cell.hold(token(3), 900, 0);
        assert!(matches!(cell.get(0, none), Found::Good(good) if good.generation == 3));
        under_way.abort();
    }
}
