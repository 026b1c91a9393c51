//! An emulator with its own listener, for tests and for the binary.

use std::fmt;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::task::AbortHandle;

use crate::clock::{TimeSource, system_time};
use crate::config::Config;
use crate::engine::{Answered, ControlError, Engine, StolenToken};
use crate::fault::Fault;
use crate::http::{router, serve};
use crate::ledger::LedgerEntry;
use crate::state::account::{Account, AccountSeed};
use crate::state::code::CodeKind;
use crate::state::contact::Interaction;
use crate::state::inbox::ReceivedMessage;

/// Why an emulator did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The address is not loopback and nobody insisted.
    #[error(
        "{0} is not a loopback address; the emulator has no protection and stays on this machine unless told otherwise"
    )]
    NotLoopback(IpAddr),
    /// The port is taken, or the address is not ours.
    #[error("cannot listen on {address}: {error}")]
    Listen {
        /// The address asked for.
        address: SocketAddr,
        /// What the operating system said.
        error: io::Error,
    },
    /// The configuration is wrong; the sentence says where.
    #[error("{0}")]
    Config(String),
}

/// How to start an emulator.
pub struct Builder {
    host: IpAddr,
    port: u16,
    any_host: bool,
    seed: u64,
    public_url: Option<String>,
    service_url: Option<String>,
    config: Config,
    time: TimeSource,
}

impl fmt::Debug for Builder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Builder").field("host", &self.host).field("port", &self.port).finish_non_exhaustive()
    }
}

impl Default for Builder {
    fn default() -> Self {
        Self {
            host: IpAddr::V4(Ipv4Addr::LOCALHOST),
            port: 0,
            any_host: false,
            seed: 1,
            public_url: None,
            service_url: None,
            config: Config::default(),
            time: system_time(),
        }
    }
}

impl Builder {
    /// The port; 0, the default, takes a free one.
    #[must_use]
    pub fn port(mut self, port: u16) -> Self {
        self.port = port;
        self
    }

    /// The address to listen on; loopback unless [`Builder::allow_any_host`].
    #[must_use]
    pub fn host(mut self, host: IpAddr) -> Self {
        self.host = host;
        self
    }

    /// Permits an address other machines can reach. The emulator trusts everybody: think twice.
    #[must_use]
    pub fn allow_any_host(mut self, allow: bool) -> Self {
        self.any_host = allow;
        self
    }

    /// The seed of all random values; 1 by default, so that tests repeat.
    #[must_use]
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// Another seed for each run. For programs whose clients keep tokens across restarts: a token of an earlier run
    /// must never come again.
    #[must_use]
    pub fn fresh_seed(self) -> Self {
        self.seed(RandomState::new().build_hasher().finish())
    }

    /// Where people reach it, when that is not the address it listens on.
    #[must_use]
    pub fn public_url(mut self, url: impl Into<String>) -> Self {
        self.public_url = Some(url.into());
        self
    }

    /// Where people open the service under development (the setting `service_url`); an address the check of settings
    /// refuses stops the start.
    #[must_use]
    pub fn service_url(mut self, url: impl Into<String>) -> Self {
        self.service_url = Some(url.into());
        self
    }

    /// Accounts, people and settings to begin with.
    #[must_use]
    pub fn config(mut self, config: Config) -> Self {
        self.config = config;
        self
    }

    /// Another source of real time, epoch milliseconds.
    #[must_use]
    pub fn time(mut self, source: TimeSource) -> Self {
        self.time = source;
        self
    }

    /// Just the engine, to serve with [`crate::router`] inside another server.
    ///
    /// # Errors
    /// [`StartError::Config`] when the configuration is wrong.
    pub fn engine(mut self) -> Result<Arc<Engine>, StartError> {
        if self.service_url.is_some() {
            self.config.settings.service_url = self.service_url;
        }
        let hosts = self.config.hosts().map_err(StartError::Config)?;
        let world = self.config.world().map_err(StartError::Config)?;
        let engine = Engine::new(world, hosts, self.seed, self.time);
        if let Some(url) = &self.public_url {
            engine.set_public_url(url);
        }
        Ok(Arc::new(engine))
    }

    /// Starts it. Dropping the emulator stops it.
    ///
    /// # Errors
    /// When the address is refused or taken, or the configuration is wrong.
    pub async fn start(self) -> Result<Emulator, StartError> {
        if !self.host.is_loopback() && !self.any_host {
            return Err(StartError::NotLoopback(self.host));
        }
        let address = SocketAddr::new(self.host, self.port);
        let failed = |error| StartError::Listen { address, error };
        let public = self.public_url.is_some();
        let engine = self.engine()?;
        let listener = TcpListener::bind(address).await.map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        let url = format!("http://{address}");
        if !public {
            engine.set_public_url(&url);
        }
        let task = tokio::spawn(serve(listener, router(Arc::clone(&engine))));
        Ok(Emulator { engine, address, url, task: task.abort_handle() })
    }
}

/// A running emulator. Dropping it closes the listener and every connection.
///
/// The verbs of this type are for tests: they panic, with a sentence, where a test has named something that does not
/// exist. [`Emulator::engine`] has the same verbs returning errors.
#[derive(Debug)]
pub struct Emulator {
    engine: Arc<Engine>,
    address: SocketAddr,
    url: String,
    task: AbortHandle,
}

impl Drop for Emulator {
    fn drop(&mut self) {
        self.task.abort();
        self.engine.stop();
    }
}

/// A test named something that does not exist.
#[allow(clippy::panic, reason = "the verbs of Emulator are for tests, where a wrong name must stop at once")]
pub(crate) fn must<T>(result: Result<T, ControlError>) -> T {
    match result {
        Ok(value) => value,
        Err(error) => panic!("weixin-emulator: {error}"),
    }
}

impl Emulator {
    /// Starts a private emulator on a free loopback port with the default accounts and people.
    ///
    /// # Panics
    /// When this machine has no free loopback port. Use [`Emulator::builder`] to handle that.
    #[allow(clippy::panic, reason = "a test that cannot have its emulator must stop at once")]
    pub async fn start() -> Self {
        match Self::builder().start().await {
            Ok(emulator) => emulator,
            Err(error) => panic!("weixin-emulator: {error}"),
        }
    }

    /// How to start one differently.
    #[must_use]
    pub fn builder() -> Builder {
        Builder::default()
    }

    /// The base address for every host of WeChat, as `http://127.0.0.1:40123`, without a slash at the end.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The address it listens on.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The emulated WeChat itself.
    #[must_use]
    pub fn engine(&self) -> &Arc<Engine> {
        &self.engine
    }

    /// Creates or replaces an account.
    ///
    /// # Panics
    /// When the seed is wrong.
    pub fn add_account(&self, seed: AccountSeed) -> Account {
        must(self.engine.add_account(seed))
    }

    /// A fresh code of this person for this account (handle or appid).
    ///
    /// # Panics
    /// When there is no such person or account, or the account's kind gives no such codes.
    #[must_use]
    pub fn persona_code(&self, persona: &str, account: &str, kind: CodeKind) -> String {
        must(self.engine.persona_code(persona, account, kind))
    }

    /// This person's openid at this account (handle or appid).
    ///
    /// # Panics
    /// When there is no such person or account.
    #[must_use]
    pub fn openid(&self, persona: &str, account: &str) -> String {
        must(self.engine.openid(persona, account))
    }

    /// The person does something that lets the account send customer-service messages.
    ///
    /// # Panics
    /// When there is no such person or account.
    pub fn interact(&self, persona: &str, account: &str, act: Interaction) {
        must(self.engine.interact(persona, account, act));
    }

    /// The person agrees to so many notifications of a template.
    ///
    /// # Panics
    /// When there is no such person or account.
    pub fn accept_notifications(&self, persona: &str, account: &str, template_id: &str, count: u32) {
        must(self.engine.subscribe(persona, account, template_id, Answered::Accept, count));
        self.engine.dispatch();
    }

    /// Everything this person received, oldest first.
    ///
    /// # Panics
    /// When there is no such person.
    #[must_use]
    pub fn received(&self, persona: &str) -> Vec<ReceivedMessage> {
        must(self.engine.received(persona, 0))
    }

    /// Moves the emulated time forward.
    pub fn advance(&self, by: Duration) {
        self.engine.advance(by);
    }

    /// Another program fetches tokens through both APIs; the former ones die at once.
    ///
    /// # Panics
    /// When there is no such account.
    pub fn steal_token(&self, account: &str) -> Vec<StolenToken> {
        must(self.engine.steal_token(account, None, false))
    }

    /// Injects a failure; gives its id.
    ///
    /// # Panics
    /// When the fault makes no sense.
    pub fn fault(&self, fault: Fault) -> u64 {
        must(self.engine.add_fault(fault)).id
    }

    /// Removes all pending failures.
    pub fn clear_faults(&self) {
        self.engine.remove_faults(None);
    }

    /// Calls on this path, oldest first.
    #[must_use]
    pub fn ledger(&self, path: &str) -> Vec<LedgerEntry> {
        self.engine.ledger(Some(path), 0)
    }

    /// How many calls came on this path.
    #[must_use]
    pub fn calls(&self, path: &str) -> usize {
        self.ledger(path).len()
    }

    /// Back to the seeded state and real time.
    pub fn reset(&self) {
        self.engine.reset();
    }

    /// Waits until the emulator stops, which only its drop does.
    pub async fn run(&self) {
        std::future::pending::<()>().await;
    }
}
