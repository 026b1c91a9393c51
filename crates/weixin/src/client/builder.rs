//! Settings of a client.

use std::sync::Arc;
use std::time::Duration;

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use url::Url;

use super::engine::{Engine, Parts};
use super::resolve::Resolver;
use super::retry::RetryPolicy;
use super::tls;
use super::transport::{Transport, TransportSettings};
use super::{Bases, Client};
use crate::{Clock, MemoryTokenSource, OsRng, Rng, Sleeper, SystemClock, TokenSource, TokioSleeper};

/// Builds a [`Client`]. Every setting has a default that suits a service talking to WeChat itself.
#[must_use]
pub struct ClientBuilder {
    api_base: Option<Url>,
    open_base: Option<Url>,
    mp_base: Option<Url>,
    proxy: Option<Url>,
    connect_timeout: Duration,
    timeout: Duration,
    transfer_timeout: Duration,
    retries: RetryPolicy,
    clock: Arc<dyn Clock>,
    rng: Arc<dyn Rng>,
    sleeper: Arc<dyn Sleeper>,
    source: Option<Arc<dyn TokenSource>>,
    resolver: Option<Arc<dyn Resolver>>,
    authorities: Vec<String>,
}

impl Default for ClientBuilder {
    fn default() -> Self {
        Self {
            api_base: None,
            open_base: None,
            mp_base: None,
            proxy: None,
            connect_timeout: Duration::from_secs(2),
            timeout: Duration::from_secs(5),
            transfer_timeout: Duration::from_secs(60),
            retries: RetryPolicy::default(),
            clock: Arc::new(SystemClock),
            rng: Arc::new(OsRng),
            sleeper: Arc::new(TokioSleeper),
            source: None,
            resolver: None,
            authorities: Vec::new(),
        }
    }
}

impl ClientBuilder {
    /// Base of every server call: a relay, a regional host or an emulator. A path in it is kept.
    pub fn api_base(mut self, base: Url) -> Self {
        self.api_base = Some(base);
        self
    }

    /// Base of the consent pages ([`AuthorizeUrl`](crate::oauth::AuthorizeUrl)).
    pub fn open_base(mut self, base: Url) -> Self {
        self.open_base = Some(base);
        self
    }

    /// Base of the account platform's pages and pictures.
    pub fn mp_base(mut self, base: Url) -> Self {
        self.mp_base = Some(base);
        self
    }

    /// All three bases at once, for an emulator that answers on one port.
    pub fn all_bases(self, base: Url) -> Self {
        self.api_base(base.clone()).open_base(base.clone()).mp_base(base)
    }

    /// An HTTP proxy for every call. Proxies named in the environment are not used.
    pub fn proxy(mut self, proxy: Url) -> Self {
        self.proxy = Some(proxy);
        self
    }

    /// Time limit for a connection; 2 s unless set.
    pub fn connect_timeout(mut self, limit: Duration) -> Self {
        self.connect_timeout = limit;
        self
    }

    /// Time limit for a call with all its tries, from the first byte out to the last byte in; 5 s unless set.
    pub fn timeout(mut self, limit: Duration) -> Self {
        self.timeout = limit;
        self
    }

    /// The same limit for calls that carry a file up or down; 60 s unless set.
    pub fn transfer_timeout(mut self, limit: Duration) -> Self {
        self.transfer_timeout = limit;
        self
    }

    /// How often calls are tried again.
    pub fn retries(mut self, policy: RetryPolicy) -> Self {
        self.retries = policy;
        self
    }

    /// The clock expiry is measured with.
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    /// The randomness of nonces and pauses.
    pub fn rng(mut self, rng: Arc<dyn Rng>) -> Self {
        self.rng = rng;
        self
    }

    /// How the client waits between two tries.
    pub fn sleeper(mut self, sleeper: Arc<dyn Sleeper>) -> Self {
        self.sleeper = sleeper;
        self
    }

    /// Who keeps the tokens; a [`MemoryTokenSource`] of its own unless set.
    pub fn token_source(mut self, source: Arc<dyn TokenSource>) -> Self {
        self.source = Some(source);
        self
    }

    /// Who finds the addresses of hosts; the system unless set.
    pub fn resolver(mut self, resolver: Arc<dyn Resolver>) -> Self {
        self.resolver = Some(resolver);
        self
    }

    /// One more authority whose certificates are believed, as PEM (one or several): that of a relay of one's own. The
    /// usual ones come with the client, and those of the system are believed too.
    pub fn authority(mut self, pem: impl Into<String>) -> Self {
        self.authorities.push(pem.into());
        self
    }

    /// The client.
    ///
    /// # Errors
    ///
    /// A base or proxy that is not a plain http(s) address, no try at all, or an authority that is no certificate.
    pub fn build(self) -> Result<Client, BuildError> {
        let bases = Bases {
            api: base("api_base", self.api_base, "https://api.weixin.qq.com")?,
            open: base("open_base", self.open_base, "https://open.weixin.qq.com")?,
            mp: base("mp_base", self.mp_base, "https://mp.weixin.qq.com")?,
        };
        if let Some(proxy) = self.proxy.as_ref().filter(|proxy| !is_http(proxy)) {
            return Err(BuildError::Proxy { scheme: proxy.scheme().to_owned() });
        }
        if self.retries.tries == 0 {
            return Err(BuildError::NoTries);
        }
        let tls = tls::config(&authorities(&self.authorities)?).map_err(BuildError::Authority)?;
        let settings = TransportSettings {
            api_base: bases.api.clone(),
            proxy: self.proxy,
            connect_timeout: self.connect_timeout,
            transfer_timeout: self.transfer_timeout,
            resolver: self.resolver,
        };
        let transport = Transport::new(settings, tls, self.clock.now_ms()).map_err(BuildError::Http)?;
        let engine = Engine::new(Parts {
            transport,
            bases,
            clock: self.clock,
            rng: self.rng,
            sleeper: self.sleeper,
            retries: self.retries,
            timeout: self.timeout,
        });
        Ok(Client::new(engine, self.source.unwrap_or_else(|| Arc::new(MemoryTokenSource::new()))))
    }
}

/// Why a client cannot be built.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BuildError {
    /// A base is not an address calls can be sent to.
    #[error("{setting} must be an http or https address without user, query and fragment")]
    Base {
        /// Which of the three.
        setting: &'static str,
    },
    /// The proxy is not an HTTP proxy.
    #[error("the proxy must be an http or https address, not {scheme}")]
    Proxy {
        /// What it is instead.
        scheme: String,
    },
    /// A retry policy that never sends anything.
    #[error("a retry policy needs at least one try")]
    NoTries,
    /// What was given as an authority is not one.
    #[error("an authority must be one or several certificates as PEM")]
    Authority(#[source] rustls::Error),
    /// The HTTP client did not start.
    #[error("the HTTP client cannot be set up")]
    Http(#[source] reqwest::Error),
}

fn authorities(given: &[String]) -> Result<Vec<CertificateDer<'static>>, BuildError> {
    let wrong = || BuildError::Authority(rustls::Error::General("no certificate".into()));
    let mut all = Vec::new();
    for pem in given {
        let before = all.len();
        for certificate in CertificateDer::pem_slice_iter(pem.as_bytes()) {
            all.push(certificate.map_err(|_| wrong())?);
        }
        if all.len() == before {
            return Err(wrong());
        }
    }
    Ok(all)
}

fn base(setting: &'static str, chosen: Option<Url>, default: &str) -> Result<Url, BuildError> {
    let wrong = || BuildError::Base { setting };
    let url = match chosen {
        Some(url) => url,
        None => Url::parse(default).map_err(|_| wrong())?,
    };
    let plain = is_http(&url)
        && url.username().is_empty()
        && url.password().is_none()
        && url.query().is_none()
        && url.fragment().is_none();
    plain.then_some(url).ok_or_else(wrong)
}

fn is_http(url: &Url) -> bool {
    matches!(url.scheme(), "http" | "https") && url.has_host()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap()
    }

    #[test]
    fn the_bases_are_wechats_own_unless_set() {
        let client = Client::builder().open_base(url("http://127.0.0.1:3002")).build().unwrap();
        assert_eq!(client.bases().api().as_str(), "https://api.weixin.qq.com/");
        assert_eq!(client.bases().open().as_str(), "http://127.0.0.1:3002/");
        assert_eq!(client.bases().mp().as_str(), "https://mp.weixin.qq.com/");
    }

    #[test]
    fn a_base_that_could_not_work_is_named() {
        for wrong in ["ftp://h/", "http://user:canary@h/", "http://h/?a=1", "http://h/#f", "data:text/plain,x"] {
            let error = Client::builder().mp_base(url(wrong)).build().unwrap_err();
            assert_eq!(error.to_string(), "mp_base must be an http or https address without user, query and fragment");
            assert!(!format!("{error:?}").contains("canary"));
        }
    }

    #[test]
    fn a_proxy_that_could_not_work_is_named_without_its_password() {
        let error = Client::builder().proxy(url("socks5://user:canary@h:1080")).build().unwrap_err();
        assert_eq!(error.to_string(), "the proxy must be an http or https address, not socks5");
        assert!(!format!("{error:?}").contains("canary"));
    }

    #[test]
    fn an_authority_is_a_certificate() {
        let garbage = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
        for wrong in ["", "canary", garbage] {
            let error = Client::builder().authority(wrong).build().unwrap_err();
            assert_eq!(error.to_string(), "an authority must be one or several certificates as PEM");
        }
    }

    #[test]
    fn at_least_one_try() {
        let policy = RetryPolicy { tries: 0, ..RetryPolicy::default() };
        assert!(matches!(Client::builder().retries(policy).build(), Err(BuildError::NoTries)));
    }
}
