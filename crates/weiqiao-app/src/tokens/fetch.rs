//! One renewal: is it there already, may I fetch it, fetch it, store it.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::{Instant, timeout};
use weiqiao_coord::SharedToken;
use weiqiao_model::crash_point;
use weiqiao_store::StoreError;
use weiqiao_store::facts::token::{
    ClaimTokenFetch, FailTokenFetch, FindTokenState, RejectToken, ReleaseTokenFetch, StoreToken, StoredToken,
    TokenClaim, TokenState, TokenStored,
};
use weixin::token::refresh_at_ms;
use weixin::{Account, Error, FetchedToken, Retry, Token, TokenFetcher, TokenKind};
use weixin_proto::AccessTokenValue;

use super::SharedTokenSource;
use super::cell::{Cell, Why};
use super::refusal::Told;
use super::shared::Inner;
use crate::vault::Place;

/// How long the next fetch waits after the first, second … failure in a row that another try will not cure (wrong secret,
/// address not listed): at most three fetches in ten minutes.
pub const COOL_DOWNS_MS: [i64; 2] = [60_000, 600_000];
/// The same for failures that pass by themselves (no connection, a busy server).
const SHORT_COOL_DOWNS_MS: [i64; 3] = [500, 2_000, 5_000];
/// How long the right to fetch lasts: longer than a fetch with its retries takes.
const LEASE_MS: i64 = 20_000;
/// How long somebody waits for a token.
const PATIENCE: Duration = Duration::from_secs(25);
/// How often somebody who waits for another instance looks although nobody woke them.
const LOOK_EVERY: Duration = Duration::from_millis(50);
/// How long a token is on trial that was fetched after one that was refused fresh. Later it is an ordinary casualty.
const TRIAL_MS: i64 = 60_000;
/// After a fetch that brought nothing new (WeChat renews a stable token only in its last minutes, and may repeat a ticket to
/// its end), the next one waits this long.
const NOTHING_NEW_MS: i64 = 5_000;

/// The endpoint of what this source says itself.
const OWN: &str = "token";

/// Where tickets come from.
const TICKET_PATH: &str = "/cgi-bin/ticket/getticket";

pub(super) struct Renewal {
    pub(super) source: SharedTokenSource,
    pub(super) inner: Arc<Inner>,
    pub(super) cell: Arc<Cell>,
    pub(super) fetch: TokenFetcher,
    pub(super) account: Account,
    pub(super) kind: TokenKind,
    pub(super) row: String,
    /// The newest token this process knew when the renewal began: the one that is used up or refused.
    pub(super) seen: Option<Token>,
    pub(super) why: Why,
}

impl Renewal {
    pub(super) async fn run(self) -> Result<Token, Error> {
        let result = self.renewed().await;
        if let Err(error) = &result {
            let pause = match error.retry() {
                Retry::After(pause) => i64::try_from(pause.as_millis()).unwrap_or(i64::MAX / 4),
                _ => NOTHING_NEW_MS,
            };
            self.cell.rest(error, self.now_ms().saturating_add(pause));
            // Whoever asked WeChat has said it louder; everybody who asks while nothing is fetched adds nothing.
            tracing::debug!(app_id = %self.account.app_id(), kind = self.kind.as_str(), %error, "no new token");
        }
        result
    }

    async fn renewed(&self) -> Result<Token, Error> {
        if let Some(token) = self.found_in_coord().await {
            return Ok(token);
        }
        if self.why == Why::Refused {
            self.refused_on_trial().await?;
        }
        let mut seen = self.seen_generation();
        let mut wakes = None;
        let until = Instant::now() + PATIENCE;
        while Instant::now() < until {
            let claim = ClaimTokenFetch {
                app_id: self.account.app_id().clone(),
                kind: self.row.clone(),
                seen_generation: seen,
                is_dead: self.why == Why::Refused && seen == self.seen_generation(),
                owner: self.inner.owner.clone(),
                lease_ms: LEASE_MS,
                now: self.now_ms(),
            };
            match self.inner.store.run(claim).await.map_err(store_down)? {
                TokenClaim::Granted { fence } => {
                    if let Some(token) = self.fetch_and_store(seen, fence).await? {
                        return Ok(token);
                    }
                }
                TokenClaim::Newer(stored) if self.is_good(&stored) => return self.adopt(&stored),
                // It is over or dead as well: claim the one after it.
                TokenClaim::Newer(stored) => seen = stored.generation,
                TokenClaim::CoolingDown { until, .. } => return Err(self.cooling_down(until).await),
                TokenClaim::Busy { .. } => {
                    let wakes = wakes.get_or_insert_with(|| self.inner.coord.wake().subscribe(&self.topic()));
                    let _ = timeout(LOOK_EVERY, wakes.next()).await;
                }
            }
        }
        Err(Error::no_token("another instance has been fetching the token for too long", Duration::from_secs(1)))
    }

    /// A token fetched after a rest, because the one before had been refused fresh, is refused as well: that is one more
    /// rejection, on whichever instance it is seen, and no reason to fetch yet another at once.
    async fn refused_on_trial(&self) -> Result<(), Error> {
        let (app_id, kind, now) = (self.account.app_id().clone(), self.row.clone(), self.now_ms());
        let find = FindTokenState { app_id: app_id.clone(), kind: kind.clone() };
        let state = self.inner.store.read(find).await.map_err(store_down)?;
        let (seen, young) = (self.seen_generation(), now.saturating_sub(TRIAL_MS));
        let on_trial = |state: &TokenState| {
            state.generation == seen
                && state.rejections > 0
                && state.rejected_generation < seen
                && state.fetched_at >= young
        };
        if !state.is_some_and(|state| on_trial(&state)) {
            return Ok(());
        }
        let cool_downs_ms = COOL_DOWNS_MS.to_vec();
        let reject = RejectToken { app_id, kind, generation: seen, cool_downs_ms, now };
        match self.inner.store.run(reject).await.map_err(store_down)? {
            Some(rejected) => {
                if let Some(told) = Told::last(&self.inner.coord, &self.topic()).await {
                    told.tell_again(&self.inner.coord, &self.topic()).await;
                }
                Err(self.cooling_down(rejected.retry_at).await)
            }
            None => Ok(()),
        }
    }

    /// What another instance fetched a moment ago, without asking the database.
    async fn found_in_coord(&self) -> Option<Token> {
        let shared = self.inner.coord.tokens().get(self.account.app_id().as_str(), &self.row).await?;
        let generation = i64::try_from(shared.generation).ok()?;
        let newer = generation > self.seen_generation() && shared.expires_at_ms > self.now_ms();
        let value = newer.then(|| self.open(&shared.sealed).ok()).flatten()?;
        Some(self.hold(value, shared.generation, self.now_ms(), shared.expires_at_ms))
    }

    /// `None`: this process was held up past its lease and somebody took over. What was fetched is thrown away.
    async fn fetch_and_store(&self, seen: i64, fence: i64) -> Result<Option<Token>, Error> {
        crash_point!("app.token.claimed");
        let fetched = match self.fetch.fetch_through(&self.source, &self.account, self.kind).await {
            Ok(fetched) => fetched,
            Err(error) => {
                if self.is_own(&error) {
                    tracing::warn!(app_id = %self.account.app_id(), kind = self.kind.as_str(), %error, "no new token");
                }
                self.note_failure(fence, &error).await;
                return Err(error);
            }
        };
        crash_point!("app.token.fetched");
        let now = self.now_ms();
        let expires_at = now.saturating_add(i64::from(fetched.expires_in_s).saturating_mul(1000));
        let replaced_outside = self.is_replaced_outside(&fetched, now);
        let store = StoreToken {
            app_id: self.account.app_id().clone(),
            kind: self.row.clone(),
            seen_generation: seen,
            fence,
            sealed: self.inner.vault.seal(self.place(), fetched.value.expose().as_bytes()),
            expires_at,
            replaced_outside,
            now,
        };
        match self.inner.store.run(store).await {
            Ok(TokenStored::Stored(stored)) => {
                crash_point!("app.token.stored");
                if replaced_outside {
                    self.count_replaced_outside();
                }
                self.tell_others(&stored).await;
                Ok(Some(self.hold(fetched.value, unsigned(stored.generation), now, expires_at)))
            }
            Ok(TokenStored::Refused(_)) => Ok(None),
            Err(error) => Err(store_down(error)),
        }
    }

    /// Somebody outside fetches with the same secret: WeChat refused a token that had its time before it.
    fn is_replaced_outside(&self, fetched: &FetchedToken, now: i64) -> bool {
        let early = |seen: &Token| now < seen.expires_at_ms && seen.value != fetched.value;
        self.why == Why::Refused && self.seen.as_ref().is_some_and(early)
    }

    fn count_replaced_outside(&self) {
        let (app_id, kind) = (self.account.app_id().as_str().to_owned(), self.kind.as_str());
        tracing::warn!(%app_id, kind, "the token was replaced from outside: another program fetches with this secret");
        metrics::counter!("weiqiao_token_replaced_outside_total", "app_id" => app_id, "kind" => kind).increment(1);
    }

    async fn note_failure(&self, fence: i64, error: &Error) {
        Told::tell(&self.inner.coord, &self.topic(), error, self.now_ms()).await;
        if !self.is_own(error) {
            let release = ReleaseTokenFetch { app_id: self.account.app_id().clone(), kind: self.row.clone(), fence };
            if let Err(error) = self.inner.store.run(release).await {
                tracing::debug!(%error, "the right to fetch a ticket was not given back; it ends by itself");
            }
            return;
        }
        let passing = match error.retry() {
            Retry::After(_) if error.errcode().is_some() => error.errcode() == Some(weixin_proto::ErrCode::SYSTEM_BUSY),
            Retry::After(_) | Retry::Maybe => true,
            Retry::RefreshToken | Retry::Never => false,
        };
        let cool_downs_ms = if passing { SHORT_COOL_DOWNS_MS.to_vec() } else { COOL_DOWNS_MS.to_vec() };
        let fail = FailTokenFetch {
            app_id: self.account.app_id().clone(),
            kind: self.row.clone(),
            fence,
            cool_downs_ms,
            now: self.now_ms(),
        };
        if let Err(error) = self.inner.store.run(fail).await {
            tracing::warn!(%error, "the failure of a token fetch was not stored");
        }
        self.inner.coord.wake().notify(&self.topic(), &[]).await;
    }

    /// Whether this very fetch failed. Otherwise a ticket wants an access token that could not be had; the row of that knows, and
    /// whoever fetched it said so.
    fn is_own(&self, error: &Error) -> bool {
        self.kind == TokenKind::Access || error.endpoint() == TICKET_PATH
    }

    async fn tell_others(&self, stored: &StoredToken) {
        let shared = SharedToken {
            generation: unsigned(stored.generation),
            sealed: stored.sealed.clone(),
            expires_at_ms: stored.expires_at,
        };
        self.inner.coord.tokens().put_if_newer(self.account.app_id().as_str(), &self.row, &shared).await;
        self.inner.coord.wake().notify(&self.topic(), &[]).await;
    }

    /// A token that another instance stored.
    fn adopt(&self, stored: &StoredToken) -> Result<Token, Error> {
        let value = self.open(&stored.sealed)?;
        Ok(self.hold(value, unsigned(stored.generation), stored.fetched_at, stored.expires_at))
    }

    fn hold(&self, value: AccessTokenValue, generation: u64, fetched_at: i64, expires_at_ms: i64) -> Token {
        let refresh_at = refresh_at_ms(&self.account, self.kind, fetched_at, expires_at_ms, self.fetch.rng());
        let ask_again = self.now_ms().saturating_add(NOTHING_NEW_MS);
        self.cell.hold(Token { value, generation, expires_at_ms }, refresh_at, ask_again)
    }

    fn is_good(&self, stored: &StoredToken) -> bool {
        stored.expires_at > self.now_ms() && !stored.is_dead
    }

    fn open(&self, sealed: &[u8]) -> Result<AccessTokenValue, Error> {
        let opened = self.inner.vault.open_text(self.place(), sealed);
        opened.map(|text| AccessTokenValue::new(text.as_str())).map_err(|error| {
            tracing::error!(app_id = %self.account.app_id(), %error, "a stored token cannot be read");
            metrics::counter!("weiqiao_vault_open_failures_total").increment(1);
            Error::no_token("the stored token cannot be read", Duration::from_secs(1))
        })
    }

    /// Why nothing may be fetched now: what the last fetch was refused with, of whichever instance.
    async fn cooling_down(&self, until: i64) -> Error {
        let rest = Duration::from_millis(u64::try_from(until.saturating_sub(self.now_ms())).unwrap_or(0).max(1));
        if let Some(error) = self.cell.last_error().filter(|error| error.errcode().is_some() || error.endpoint() != OWN)
        {
            // What was told with a rest is told with what is left of it.
            return if matches!(error.retry(), Retry::After(_)) { error.resting_for(rest) } else { error };
        }
        match Told::last(&self.inner.coord, &self.topic()).await {
            Some(told) => told.into_error(rest),
            None => Error::no_token("the last fetches failed; see the log", rest),
        }
    }

    fn seen_generation(&self) -> i64 {
        self.seen.as_ref().map_or(0, |seen| i64::try_from(seen.generation).unwrap_or(i64::MAX))
    }

    fn place(&self) -> Place<'_> {
        Place::new("account_token", "sealed", self.kind.as_str(), self.account.app_id().as_str())
    }

    fn topic(&self) -> String {
        SharedTokenSource::topic(self.account.app_id(), &self.row)
    }

    fn now_ms(&self) -> i64 {
        self.inner.clock.now_ms()
    }
}

pub(super) fn unsigned(generation: i64) -> u64 {
    u64::try_from(generation).unwrap_or(0)
}

fn store_down(error: StoreError) -> Error {
    tracing::warn!(%error, "the table of tokens cannot be used");
    Error::no_token("the database is not available", Duration::from_secs(1)).caused_by(error)
}
