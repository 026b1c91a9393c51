//! Tokens kept in this process.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::{BoxFuture, Shared};
use weixin_proto::AppId;

use super::schedule::refresh_at_ms;
use super::{FetchedToken, Token, TokenFetcher, TokenKind, TokenSource};
use crate::{Account, Error};

/// How long an early refresh that failed rests before the next one. The token in use is still good meanwhile.
const REST_AFTER_FAILED_REFRESH_MS: i64 = 10_000;

/// Keeps tokens in memory, for one process. The built-in source.
///
/// - A token is served until it expires and replaced in the background before that (see
///   [`refresh_at_ms`](super::refresh_at_ms)).
/// - However many callers wait for an account's token, one fetch serves them all. The fetch is a task of its own:
///   a caller that goes away, even the first, takes nothing from the others.
/// - [`replace`](TokenSource::replace) fetches only while the token that was used is still the newest.
///
/// Clones share what is held. Needs a tokio runtime.
#[derive(Clone, Default)]
pub struct MemoryTokenSource {
    accounts: Arc<Mutex<HashMap<AppId, Slots>>>,
}

/// What is held for one account.
#[derive(Default)]
struct Slots {
    access: Arc<Slot>,
    jsapi_ticket: Arc<Slot>,
    card_ticket: Arc<Slot>,
}

/// The token of one account and kind.
#[derive(Default)]
struct Slot {
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    held: Option<Held>,
    flight: Option<Flight>,
    generation: u64,
}

struct Held {
    token: Token,
    refresh_at_ms: i64,
}

/// A fetch under way.
#[derive(Clone)]
struct Flight {
    result: Shared<BoxFuture<'static, Result<Token, Error>>>,
    /// Whether it was started because WeChat refused the token that is held.
    replaces: bool,
}

impl MemoryTokenSource {
    /// An empty source.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    fn slot(&self, account: &Account, kind: TokenKind) -> Arc<Slot> {
        let mut accounts = self.accounts.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(slots) = accounts.get(account.app_id()) {
            return slots.of(kind);
        }
        accounts.entry(account.app_id().clone()).or_default().of(kind)
    }

    async fn get(&self, fetch: &TokenFetcher, account: &Account, kind: TokenKind) -> Result<Token, Error> {
        let slot = self.slot(account, kind);
        let (flight, held) = {
            let mut state = slot.state();
            let now_ms = fetch.clock().now_ms();
            let held = state.held.as_ref().filter(|held| now_ms < held.token.expires_at_ms);
            let (token, due) = match held {
                Some(held) => (Some(held.token.clone()), now_ms >= held.refresh_at_ms),
                None => (None, true),
            };
            let refused = state.flight_under_way().is_some_and(|flight| flight.replaces);
            match token {
                Some(token) if !due && !refused => return Ok(token),
                Some(token) if !refused => {
                    self.join_or_start(&mut state, &slot, fetch, account, kind, false);
                    return Ok(token);
                }
                token => (self.join_or_start(&mut state, &slot, fetch, account, kind, false), token),
            }
        };
        // A held token in doubt is better than none when its successor cannot be had.
        flight.result.await.or_else(|error| held.ok_or(error))
    }

    async fn replace(
        &self,
        fetch: &TokenFetcher,
        account: &Account,
        kind: TokenKind,
        used: &Token,
    ) -> Result<Token, Error> {
        let slot = self.slot(account, kind);
        loop {
            let flight = {
                let mut state = slot.state();
                if let Some(held) = state.held.as_ref().filter(|held| held.token.generation > used.generation) {
                    return Ok(held.token.clone());
                }
                state.generation = state.generation.max(used.generation);
                self.join_or_start(&mut state, &slot, fetch, account, kind, true)
            };
            let token = flight.result.await?;
            // An early refresh that was under way may have brought the refused token once more. Then, and only then,
            // there is a second round, with a fetch that always counts as a new generation.
            if flight.replaces || token.generation > used.generation {
                return Ok(token);
            }
        }
    }

    fn join_or_start(
        &self,
        state: &mut State,
        slot: &Arc<Slot>,
        fetch: &TokenFetcher,
        account: &Account,
        kind: TokenKind,
        replaces: bool,
    ) -> Flight {
        if let Some(flight) = state.flight_under_way() {
            return flight;
        }
        let (source, slot, fetch, account) = (self.clone(), Arc::clone(slot), fetch.clone(), account.clone());
        let task = tokio::spawn(async move {
            let fetched = fetch.fetch_through(&source, &account, kind).await;
            slot.state().settle(fetched, &fetch, &account, kind, replaces)
        });
        let result = task
            .map(|joined| {
                joined.unwrap_or_else(|_| Err(Error::no_token("the fetch was broken off", Duration::from_secs(1))))
            })
            .boxed()
            .shared();
        let flight = Flight { result, replaces };
        state.flight = Some(flight.clone());
        flight
    }
}

impl Slots {
    fn of(&self, kind: TokenKind) -> Arc<Slot> {
        Arc::clone(match kind {
            TokenKind::Access => &self.access,
            TokenKind::JsapiTicket => &self.jsapi_ticket,
            TokenKind::CardTicket => &self.card_ticket,
        })
    }
}

impl Slot {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn flight_under_way(&self) -> Option<Flight> {
        self.flight.clone().filter(|flight| flight.result.peek().is_none())
    }

    /// Ends the flight: the new token is held and the next caller finds it without waiting.
    fn settle(
        &mut self,
        fetched: Result<FetchedToken, Error>,
        fetch: &TokenFetcher,
        account: &Account,
        kind: TokenKind,
        replaces: bool,
    ) -> Result<Token, Error> {
        self.flight = None;
        let now_ms = fetch.clock().now_ms();
        let fetched = match fetched {
            Ok(fetched) => fetched,
            Err(error) => {
                if let Some(held) = self.held.as_mut().filter(|held| now_ms < held.token.expires_at_ms) {
                    tracing::warn!(app_id = %account.app_id(), kind = kind.as_str(), %error, "token not renewed early");
                    held.refresh_at_ms = now_ms.saturating_add(REST_AFTER_FAILED_REFRESH_MS);
                }
                return Err(error);
            }
        };
        let same = self.held.as_ref().is_some_and(|held| held.token.value == fetched.value);
        if replaces || !same {
            self.generation = self.generation.saturating_add(1);
        }
        let expires_at_ms = now_ms.saturating_add(i64::from(fetched.expires_in_s) * 1000);
        let token = Token { value: fetched.value, generation: self.generation, expires_at_ms };
        let refresh_at_ms = refresh_at_ms(account, kind, now_ms, expires_at_ms, fetch.rng());
        self.held = Some(Held { token: token.clone(), refresh_at_ms });
        Ok(token)
    }
}

impl TokenSource for MemoryTokenSource {
    fn get<'a>(
        &'a self,
        fetch: &'a TokenFetcher,
        account: &'a Account,
        kind: TokenKind,
    ) -> BoxFuture<'a, Result<Token, Error>> {
        Box::pin(self.get(fetch, account, kind))
    }

    fn replace<'a>(
        &'a self,
        fetch: &'a TokenFetcher,
        account: &'a Account,
        kind: TokenKind,
        used: &'a Token,
    ) -> BoxFuture<'a, Result<Token, Error>> {
        Box::pin(self.replace(fetch, account, kind, used))
    }
}

impl fmt::Debug for MemoryTokenSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MemoryTokenSource").finish_non_exhaustive()
    }
}
