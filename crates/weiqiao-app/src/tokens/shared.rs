//! The source itself: what is held here is served, what is due is renewed once for all who wait.

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use tokio::task::AbortHandle;
use weiqiao_coord::Coord;
use weiqiao_model::Clock;
use weiqiao_store::facts::token::{FindTokenState, FreeTokenFetches};
use weiqiao_store::{Store, StoreError};
use weixin::{Account, Error, Token, TokenFetcher, TokenKind, TokenSource};
use weixin_proto::AppId;

use super::cell::{Cell, Flight, Found, Replacement, Why};
use super::fetch::{Renewal, unsigned};
use super::reject;
use crate::digest::digest;
use crate::settings::AccountSettings;
use crate::vault::Vault;

/// Keeps tokens for all instances. Cheap to clone; all clones are one.
#[derive(Clone)]
pub struct SharedTokenSource {
    pub(super) inner: Arc<Inner>,
}

pub(super) struct Inner {
    pub(super) store: Store,
    pub(super) coord: Coord,
    pub(super) vault: Vault,
    pub(super) clock: Arc<dyn Clock>,
    /// A name of this process, for people who look into the table.
    pub(super) owner: String,
    /// A fingerprint of each account's secret: a changed secret begins a row of its own, with no cool-down in it.
    secrets: HashMap<AppId, String>,
    /// Few, and looked at by every call to WeChat: comparing some names costs less than hashing one.
    cells: RwLock<BTreeMap<AppId, Cells>>,
}

/// Those of one account: three at most.
type Cells = Vec<(TokenKind, Arc<Cell>)>;

impl SharedTokenSource {
    /// A source for these accounts. `owner` names this process.
    #[must_use]
    pub fn new(
        store: Store,
        coord: Coord,
        vault: Vault,
        clock: Arc<dyn Clock>,
        accounts: &[AccountSettings],
        owner: String,
    ) -> Self {
        let fingerprint = |account: &AccountSettings| {
            // 32 bits tell two secrets apart and tell nothing about either.
            let mut text = digest("token row", &[account.app_id.as_str(), account.app_secret.expose()]);
            text.truncate(8);
            (account.app_id.clone(), text)
        };
        let secrets = accounts.iter().map(fingerprint).collect();
        let inner = Inner { store, coord, vault, clock, owner, secrets, cells: RwLock::default() };
        Self { inner: Arc::new(inner) }
    }

    /// At the start, where there can be no other process: whoever was fetching before is dead, and nobody waits for them.
    ///
    /// # Errors
    ///
    /// `Unavailable` when the database is down; then their leases end by themselves.
    pub(crate) async fn outlive(&self) -> Result<u64, StoreError> {
        self.inner.store.run(FreeTokenFetches { but: self.inner.owner.clone() }).await
    }

    /// The next token that is asked for must be good for `life_ms` at least, if WeChat has such a one.
    pub fn demand_life(&self, app_id: &AppId, kind: TokenKind, life_ms: i64) {
        self.cell(app_id, kind).demand_until(self.inner.clock.now_ms().saturating_add(life_ms));
    }

    /// Whether the store knows a token after this one, or that WeChat refuses it. Then this source serves it no more: whoever asks
    /// next is given the one after it. One read of one row, for what leaves the service; our own calls learn it when WeChat
    /// refuses them.
    ///
    /// # Errors
    ///
    /// `Unavailable` when the database is down.
    pub(crate) async fn is_replaced(&self, app_id: &AppId, kind: TokenKind, token: &Token) -> Result<bool, StoreError> {
        let find = FindTokenState { app_id: app_id.clone(), kind: self.row_name(app_id, kind) };
        let Some(state) = self.inner.store.read(find).await? else { return Ok(false) };
        let (newest, dead) = (unsigned(state.generation), unsigned(state.dead_generation));
        self.cell(app_id, kind).learn(newest, dead);
        Ok(newest > token.generation || dead >= token.generation)
    }

    /// The `kind` under which the store keeps this token. It differs for another secret of the same account.
    #[must_use]
    pub fn row_name(&self, app_id: &AppId, kind: TokenKind) -> String {
        match self.inner.secrets.get(app_id) {
            Some(secret) => format!("{}#{secret}", kind.as_str()),
            None => kind.as_str().to_owned(),
        }
    }

    /// What instances tell each other about one token.
    pub(crate) fn topic(app_id: &AppId, row: &str) -> String {
        format!("token {app_id} {row}")
    }

    async fn get(&self, fetch: &TokenFetcher, account: &Account, kind: TokenKind) -> Result<Token, Error> {
        let cell = self.cell(account.app_id(), kind);
        match cell.get(self.inner.clock.now_ms(), self.start(&cell, fetch, account, kind)) {
            Found::Good(token) => Ok(token),
            Found::Wait(flight, short_lived) => flight.await.or_else(|error| short_lived.ok_or(error)),
        }
    }

    async fn replace(
        &self,
        fetch: &TokenFetcher,
        account: &Account,
        kind: TokenKind,
        used: &Token,
    ) -> Result<Token, Error> {
        let cell = self.cell(account.app_id(), kind);
        let mut used = used.clone();
        loop {
            match cell.replace(&used, self.start(&cell, fetch, account, kind)) {
                Replacement::Newer(token) => return Ok(token),
                Replacement::Wait(flight, why) => {
                    let token = flight.await?;
                    if why == Why::Refused || token.value != used.value {
                        return Ok(token);
                    }
                    // An early renewal that was under way brought the refused token once more; the next round is ours.
                    used = token;
                }
            }
        }
    }

    /// Begins a renewal, when the cell finds that there has to be one.
    fn start(
        &self,
        cell: &Arc<Cell>,
        fetch: &TokenFetcher,
        account: &Account,
        kind: TokenKind,
    ) -> impl FnOnce(Why, Option<Token>) -> (Flight, AbortHandle) {
        move |why, seen| {
            let renewal = Renewal {
                source: self.clone(),
                inner: Arc::clone(&self.inner),
                cell: Arc::clone(cell),
                fetch: fetch.clone(),
                account: account.clone(),
                kind,
                row: self.row_name(account.app_id(), kind),
                seen,
                why,
            };
            // A task of its own: a caller that goes away, even the first, takes nothing from the others.
            let task = tokio::spawn(renewal.run());
            let under_way = task.abort_handle();
            let broken_off = || Error::no_token("the fetch was broken off", Duration::from_secs(1));
            let flight = task.map(move |joined| joined.unwrap_or_else(|_| Err(broken_off()))).boxed().shared();
            (flight, under_way)
        }
    }

    pub(super) fn cell(&self, app_id: &AppId, kind: TokenKind) -> Arc<Cell> {
        let of_kind = |kinds: &Cells| kinds.iter().find(|(other, _)| *other == kind).map(|(_, cell)| Arc::clone(cell));
        let cells = self.inner.cells.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(cell) = cells.get(app_id).and_then(of_kind) {
            return cell;
        }
        drop(cells);
        let mut cells = self.inner.cells.write().unwrap_or_else(PoisonError::into_inner);
        let kinds = cells.entry(app_id.clone()).or_default();
        of_kind(kinds).unwrap_or_else(|| {
            let cell = Arc::default();
            kinds.push((kind, Arc::clone(&cell)));
            cell
        })
    }
}

impl TokenSource for SharedTokenSource {
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

    fn rejected<'a>(
        &'a self,
        account: &'a Account,
        kind: TokenKind,
        fresh: &'a Token,
        refusal: &'a Error,
    ) -> BoxFuture<'a, ()> {
        Box::pin(reject::note(self, account, kind, fresh, refusal))
    }
}

impl fmt::Debug for SharedTokenSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SharedTokenSource").field("owner", &self.inner.owner).finish_non_exhaustive()
    }
}
