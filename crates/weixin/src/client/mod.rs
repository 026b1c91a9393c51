//! The client: encode by `SPEC`, token, transport, vendor code, body; a stale token replaced once; bounded retries.

mod answer;
mod apps;
mod breaker;
mod builder;
mod call;
mod engine;
mod multipart;
mod raw;
mod resolve;
mod retry;
mod tls;
mod transport;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use url::Url;

#[cfg(test)]
pub(crate) use self::answer::Answer;
pub use self::builder::{BuildError, ClientBuilder};
pub(crate) use self::call::COMPONENT;
#[cfg(test)]
pub(crate) use self::call::Call;
pub(crate) use self::engine::Engine;
pub use self::raw::Raw;
pub use self::resolve::Resolver;
pub use self::retry::RetryPolicy;
#[cfg(test)]
pub(crate) use self::transport::Received;
use crate::{Account, Endpoint, Error, Token, TokenFetcher, TokenKind, TokenSource};

/// Talks to WeChat for any number of accounts. Cheap to clone: clones share connections, tokens and memory.
///
/// A call is bounded in every direction: 2 s to connect, 5 s in all and 60 s for files (all by setting), answers up to
/// 1 MiB and files up to what their endpoint says, 64 calls of one account in flight, and tries as [`RetryPolicy`] says.
/// While WeChat does not answer, calls fail at once and one in five seconds finds out whether it does again. Connections
/// are used for two minutes at most, so a host that moved is found. Nothing the client logs, counts or returns as an error
/// holds a secret, a token or the query of a URL.
#[derive(Clone)]
pub struct Client {
    inner: Arc<Inner>,
    /// Another time limit than the usual one.
    limit: Option<Duration>,
}

/// How WeChat has been answering.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Reachability {
    /// Tries in a row without an answer.
    pub failures: u32,
    /// While calls fail at once: how long until the next one may leave. Zero when it may leave now.
    pub rests: Option<Duration>,
}

struct Inner {
    fetcher: TokenFetcher,
    source: Arc<dyn TokenSource>,
    engine: Arc<Engine>,
}

/// Where WeChat is: its own hosts, a relay, or an emulator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bases {
    api: Url,
    open: Url,
    mp: Url,
}

impl Bases {
    /// Base of the server interfaces, `https://api.weixin.qq.com` unless set.
    #[must_use]
    pub fn api(&self) -> &Url {
        &self.api
    }

    /// Base of the pages people are sent to for consent, `https://open.weixin.qq.com` unless set.
    #[must_use]
    pub fn open(&self) -> &Url {
        &self.open
    }

    /// Base of pictures and pages of the account platform, `https://mp.weixin.qq.com` unless set.
    #[must_use]
    pub fn mp(&self) -> &Url {
        &self.mp
    }
}

impl Client {
    /// Starts with WeChat's own hosts and the documented defaults.
    pub fn builder() -> ClientBuilder {
        ClientBuilder::default()
    }

    /// Sends a request for an account and reads its response.
    ///
    /// Where the endpoint needs an access token, one is fetched, shared and replaced as necessary: when WeChat calls the
    /// token stale (40001, 40014, 42001), exactly that token is replaced and the request sent once more.
    ///
    /// # Errors
    ///
    /// See [`ErrorKind`](crate::ErrorKind) for what can happen and [`Error::retry`] for what to do then.
    pub async fn send<E: Endpoint>(&self, account: &Account, request: E) -> Result<E::Response, Error> {
        let Inner { engine, fetcher, source } = &*self.inner;
        engine.send(account, &request, self.limit, fetcher, &**source).await
    }

    /// The same client with another time limit for each call, all its tries together; somebody may be waiting. Fetching a
    /// token has its own, and calls that carry files keep theirs.
    #[must_use]
    pub fn within(&self, limit: Duration) -> Self {
        Self { inner: Arc::clone(&self.inner), limit: Some(limit) }
    }

    /// How WeChat has been answering.
    #[must_use]
    pub fn reachability(&self) -> Reachability {
        self.inner.engine.reachability()
    }

    /// Calls endpoints that have no type here yet, on the same path: token, retries, errors, metrics.
    #[must_use]
    pub fn raw<'a>(&'a self, account: &'a Account) -> Raw<'a> {
        Raw::new(self, account)
    }

    /// An access token or ticket from the token source.
    ///
    /// # Errors
    ///
    /// When none is held and none can be fetched.
    pub async fn token(&self, account: &Account, kind: TokenKind) -> Result<Token, Error> {
        self.inner.source.get(&self.inner.fetcher, account, kind).await
    }

    /// A newer token or ticket than `used`, which WeChat has refused outside of this client.
    ///
    /// Calls do this by themselves; a ticket is only seen to be dead in a browser, hence this method.
    ///
    /// # Errors
    ///
    /// When `used` is the newest and no other can be fetched.
    pub async fn replace_token(&self, account: &Account, kind: TokenKind, used: &Token) -> Result<Token, Error> {
        self.inner.source.replace(&self.inner.fetcher, account, kind, used).await
    }

    /// Where WeChat is.
    #[must_use]
    pub fn bases(&self) -> &Bases {
        self.inner.engine.bases()
    }

    pub(crate) fn engine(&self) -> &Engine {
        &self.inner.engine
    }

    fn new(engine: Engine, source: Arc<dyn TokenSource>) -> Self {
        let engine = Arc::new(engine);
        let fetcher = TokenFetcher::new(Arc::clone(&engine));
        Self { inner: Arc::new(Inner { fetcher, source, engine }), limit: None }
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").field("bases", self.bases()).finish_non_exhaustive()
    }
}
