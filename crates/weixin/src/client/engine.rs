//! The one path every call takes.

use std::sync::Arc;
use std::time::Duration;

use serde::de::DeserializeOwned;
use tokio::time::Instant;

use super::answer::{Answer, lost};
use super::apps::{App, Apps};
use super::breaker::{Breaker, Change};
use super::call::Call;
use super::retry::{RetryBudget, RetryPolicy, is_worth_another_try};
use super::transport::Transport;
use super::{Bases, Reachability};
use crate::endpoint::Auth;
use crate::error::{ErrorKind, Instead, Retry};
use crate::security::Protected;
use crate::{Account, Clock, Endpoint, Error, Rng, Sleeper, Token, TokenFetcher, TokenKind, TokenSource};

/// Everything a call needs but the tokens.
pub(crate) struct Engine {
    transport: Transport,
    bases: Bases,
    apps: Apps,
    breaker: Breaker,
    clock: Arc<dyn Clock>,
    rng: Arc<dyn Rng>,
    sleeper: Arc<dyn Sleeper>,
    retries: RetryPolicy,
    budget: RetryBudget,
    timeout: Duration,
}

/// What the engine is made of.
pub(crate) struct Parts {
    pub(crate) transport: Transport,
    pub(crate) bases: Bases,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) rng: Arc<dyn Rng>,
    pub(crate) sleeper: Arc<dyn Sleeper>,
    pub(crate) retries: RetryPolicy,
    pub(crate) timeout: Duration,
}

/// The shortest time a try is given.
const LEAST: Duration = Duration::from_millis(100);

/// Where the access token of a call comes from.
#[derive(Clone, Copy)]
enum Tokens<'a> {
    /// From the source; a stale one is replaced.
    Source(&'a TokenFetcher, &'a dyn TokenSource),
    /// This one, for better or worse. Used for fetching tickets.
    Given(Option<&'a Token>),
}

impl Engine {
    pub(crate) fn new(parts: Parts) -> Self {
        let Parts { transport, bases, clock, rng, sleeper, retries, timeout } = parts;
        let (apps, budget) = (Apps::default(), RetryBudget::new());
        Self { transport, bases, apps, breaker: Breaker::default(), clock, rng, sleeper, retries, budget, timeout }
    }

    /// Sends a request; tokens come from `source`.
    pub(crate) async fn send<E: Endpoint>(
        &self,
        account: &Account,
        request: &E,
        limit: Option<Duration>,
        fetcher: &TokenFetcher,
        source: &dyn TokenSource,
    ) -> Result<E::Response, Error> {
        let call = Call::of(account, request)?.within(limit);
        self.measured(account, &call, Tokens::Source(fetcher, source), |answer| answer.response::<E>(&call)).await
    }

    /// Sends a request with the given token or none.
    pub(crate) async fn send_with<E: Endpoint>(
        &self,
        account: &Account,
        request: &E,
        token: Option<&Token>,
    ) -> Result<E::Response, Error> {
        let call = Call::of(account, request)?;
        self.measured(account, &call, Tokens::Given(token), |answer| answer.response::<E>(&call)).await
    }

    /// Sends a call that has no type.
    pub(crate) async fn send_raw<T: DeserializeOwned>(
        &self,
        account: &Account,
        call: &Call<'_>,
        fetcher: &TokenFetcher,
        source: &dyn TokenSource,
    ) -> Result<T, Error> {
        self.measured(account, call, Tokens::Source(fetcher, source), |answer| answer.decode(call)).await
    }

    pub(crate) fn bases(&self) -> &Bases {
        &self.bases
    }

    pub(crate) fn clock(&self) -> &dyn Clock {
        &*self.clock
    }

    pub(crate) fn rng(&self) -> &dyn Rng {
        &*self.rng
    }

    pub(crate) fn apps(&self) -> &Apps {
        &self.apps
    }

    pub(crate) fn reachability(&self) -> Reachability {
        let rests = self.breaker.is_open().then(|| self.breaker.rests(self.clock.now_ms()).unwrap_or_default());
        Reachability { failures: self.breaker.failures(), rests }
    }

    async fn measured<T>(
        &self,
        account: &Account,
        call: &Call<'_>,
        tokens: Tokens<'_>,
        read: impl FnOnce(Answer) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let started_ms = self.clock.now_ms();
        let result = match self.perform(account, call, tokens).await {
            Ok(answer) => read(answer),
            Err(error) => Err(error),
        };
        let outcome = result.as_ref().map_or_else(Error::outcome, |_| "ok");
        let lasted_s = self.since(started_ms).as_secs_f64();
        metrics::counter!("weixin_calls_total", "endpoint" => call.label, "outcome" => outcome).increment(1);
        metrics::histogram!("weixin_call_duration_seconds", "endpoint" => call.label).record(lasted_s);
        tracing::debug!(endpoint = %call.path, app_id = %account.app_id(), outcome, lasted_s, "WeChat called");
        result
    }

    /// Token, call, and once more with a newer token if WeChat calls the first one stale.
    async fn perform(&self, account: &Account, call: &Call<'_>, tokens: Tokens<'_>) -> Result<Answer, Error> {
        let app = self.apps.of(account);
        let (fetcher, source) = match tokens {
            Tokens::Source(fetcher, source) if call.auth == Auth::AccessToken => (fetcher, source),
            Tokens::Source(..) => return self.persist(&app, call, None).await,
            Tokens::Given(token) => return self.persist(&app, call, token).await,
        };
        let no_token = |error: Error| error.for_want_of_token(call.endpoint());
        let token = source.get(fetcher, account, TokenKind::Access).await.map_err(no_token)?;
        let refusal = match self.persist(&app, call, Some(&token)).await {
            Err(error) if error.is_stale_token() => error,
            result => return accepted(&app, &token, result),
        };
        if let Some(rest) = app.replacing_rests(self.clock.now_ms()) {
            return Err(refusal.of_the_account(rest));
        }
        let newer = source.replace(fetcher, account, TokenKind::Access, &token).await.map_err(no_token)?;
        match self.persist(&app, call, Some(&newer)).await {
            Err(error) if error.is_stale_token() => Err(self.refused_again(&app, account, source, &newer, error).await),
            result => accepted(&app, &newer, result),
        }
    }

    /// WeChat refused a token, and the one it gave in its place. Unless that one was good for others, nothing is fetched for a
    /// while, and a source that others share is told.
    pub(crate) async fn refused_again(
        &self,
        app: &App,
        account: &Account,
        source: &dyn TokenSource,
        newer: &Token,
        error: Error,
    ) -> Error {
        let Some(rest) = app.refused_again(newer.generation, self.clock.now_ms()) else {
            return error.of_the_account(Duration::from_secs(1));
        };
        tracing::error!(
            app_id = %account.app_id(),
            rest_s = rest.as_secs(),
            %error,
            "WeChat refused a token it had just given; a person has to look"
        );
        let error = error.of_the_account(rest);
        source.rejected(account, TokenKind::Access, newer, &error).await;
        error
    }

    /// As many tries as the call and the policy allow.
    async fn persist(&self, app: &App, call: &Call<'_>, token: Option<&Token>) -> Result<Answer, Error> {
        let (started_ms, began) = (self.clock.now_ms(), Instant::now());
        let limit = call.limit.unwrap_or(self.timeout);
        self.budget.earn();
        let mut tries = 1;
        loop {
            let error = match self.attempt(app, call, token, began, limit).await {
                Ok(answer) => return Ok(answer),
                Err(error) => error,
            };
            let pause = self.retries.pause(tries, self.rng());
            let allowed = tries < self.retries.tries
                && is_worth_another_try(&error, call.repeatable)
                && self.since(started_ms).saturating_add(pause) < limit
                && self.budget.spend();
            if !allowed {
                return Err(error);
            }
            metrics::counter!("weixin_retries_total", "endpoint" => call.label, "after" => error.outcome())
                .increment(1);
            tracing::debug!(endpoint = %call.path, tries, pause_ms = pause.as_secs_f64() * 1000.0, %error, "trying again");
            self.sleeper.sleep(pause).await;
            tries += 1;
        }
    }

    /// One try, with what is left of the time.
    async fn attempt(
        &self,
        app: &App,
        call: &Call<'_>,
        token: Option<&Token>,
        began: Instant,
        limit: Duration,
    ) -> Result<Answer, Error> {
        if let Some(rest) = self.breaker.rests(self.clock.now_ms()) {
            return Err(resting(call, rest));
        }
        let crowded = || {
            let why = "too many calls of this account are in flight";
            Error::new(call.endpoint(), ErrorKind::NotSent(why.into()), Retry::After(Duration::from_secs(1)))
        };
        let waiting = tokio::time::timeout(left(began, limit), app.permits.acquire());
        let _permit = waiting.await.map_err(|_| crowded())?.map_err(|_| crowded())?;
        let protected = self.protect(call)?;
        self.breaker.admit(self.clock.now_ms()).map_err(|rest| resting(call, rest))?;
        let answer = self.exchange(call, token, protected, left(began, limit)).await;
        self.note(call, answer.as_ref().err());
        answer
    }

    /// Sends it and looks at what comes.
    async fn exchange(
        &self,
        call: &Call<'_>,
        token: Option<&Token>,
        protected: Option<Protected>,
        limit: Duration,
    ) -> Result<Answer, Error> {
        let token = token.map(|token| token.value.expose());
        let began_ms = self.clock.now_ms();
        let mut received = self.transport.exchange(call, token, protected.as_ref(), limit, began_ms).await?;
        let now_ms = self.clock.now_ms();
        let Some(protected) = protected else { return Answer::read(call, received, now_ms) };
        let Some(signed) = received.signed.take() else {
            // Refusals of the protection itself come plain, and pictures do.
            return match Answer::read(call, received, now_ms)? {
                Answer::Json(_) => Err(lost(call, "the answer is neither encrypted nor signed")),
                file @ Answer::File(_) => Ok(file),
            };
        };
        let opened = protected.open(&signed, &received.body, now_ms.div_euclid(1000));
        received.body = opened.map_err(|why| lost(call, why))?;
        Answer::read(call, received, now_ms)
    }

    /// Tells the breaker how a try ended.
    fn note(&self, call: &Call<'_>, error: Option<&Error>) {
        let now_ms = self.clock.now_ms();
        let change = match error {
            // What came was no answer of WeChat's.
            Some(error) if error.instead().is_some() => self.breaker.failed(now_ms),
            _ => self.breaker.answered(now_ms),
        };
        match change {
            Change::None => return,
            Change::Opened => {
                metrics::counter!("weixin_breaker_opened_total").increment(1);
                let error = error.map(tracing::field::display);
                tracing::error!(endpoint = %call.path, error, "WeChat does not answer: calls stay here, one in 5 s tries");
            }
            Change::Closed => tracing::info!(endpoint = %call.path, "WeChat answers again"),
        }
        metrics::gauge!("weixin_breaker_open").set(if change == Change::Opened { 1.0 } else { 0.0 });
    }

    /// The call encrypted and signed for this moment, if it is to be.
    fn protect(&self, call: &Call<'_>) -> Result<Option<Protected>, Error> {
        let (Some(guard), Some(body)) = (&call.guard, &call.body) else { return Ok(None) };
        let now_s = self.clock.now_ms().div_euclid(1000);
        let protected = guard.protect(&self.bases.api, &call.path, body, now_s, self.rng());
        protected.map(Some).map_err(|what| Error::config(call.endpoint(), what))
    }

    fn since(&self, started_ms: i64) -> Duration {
        Duration::from_millis(u64::try_from(self.clock.now_ms().saturating_sub(started_ms)).unwrap_or(0))
    }
}

/// What is left of the time, by a clock that nobody sets.
fn left(began: Instant, limit: Duration) -> Duration {
    limit.saturating_sub(began.elapsed()).max(LEAST)
}

/// The call stays here.
fn resting(call: &Call<'_>, rest: Duration) -> Error {
    let why = "WeChat has not been answering; calls rest for some seconds";
    Error::new(call.endpoint(), ErrorKind::NotSent(why.into()), Retry::After(rest)).with_instead(Instead::Resting)
}

/// Remembers that WeChat took this token.
fn accepted(app: &App, token: &Token, result: Result<Answer, Error>) -> Result<Answer, Error> {
    if result.is_ok() {
        app.accepted(token.generation);
    }
    result
}
