//! A small world for the journeys: one emulated WeChat, one clock for everybody, and any number of instances of the
//! service on embedded engines (SQLite and memory) or on shared ones (Postgres and Redis).
//!
//! The shared engines come from `WEIQIAO_TEST_POSTGRES_URL` and `WEIQIAO_TEST_REDIS_URL`; `scripts/with-services.sh`
//! starts both. Without them [`World::start`] gives `None` and says so, unless `WEIQIAO_TEST_REQUIRE_SERVICES` is set.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::indexing_slicing
)]

mod browser;
mod callbacks;
mod foreign;

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

pub use browser::{Answer, Browser};
pub use callbacks::{AES_KEY, CALLBACK_TOKEN, ORIGINAL_ID, Push, rule};
pub use foreign::{Peer, PeerService};
use tempfile::TempDir;
use url::Url;
use weiqiao_app::settings::{AccountSettings, AppSettings, AuthMode, SecretSettings};
use weiqiao_app::{App, AppParts};
use weiqiao_coord::{Coord, CoordConfig, RedisConfig, RedisUrl};
use weiqiao_http::listener::{Drain, ListenerSettings, bind, serve};
use weiqiao_http::{AppState, HttpSettings, router};
use weiqiao_model::{AccountKind, AccountName, Clock, ManualClock, OsRng};
use weiqiao_store::{Store, StoreConfig, StoreErrorKind};
use weixin::{Account, Client, TokenMode};
use weixin_emulator::Emulator;

/// Which engines the instances run on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engines {
    /// SQLite and in-process coordination: one instance.
    Embedded,
    /// Postgres and Redis: any number of instances.
    Shared,
}

/// The start of every journey: 2026-11-21T00:00:00Z.
pub const START_MS: i64 = 1_795_219_200_000;

/// One emulated WeChat, one clock, and what instances are made of.
pub struct World {
    /// The emulated WeChat; its time is [`World::clock`].
    pub emulator: Emulator,
    /// Everybody's clock.
    pub clock: ManualClock,
    /// Settings every instance starts with; change them before [`World::instance`].
    pub settings: AppSettings,
    store: StoreConfig,
    coord: CoordConfig,
    _folder: TempDir,
}

impl World {
    /// An empty world on these engines; `None` when the shared engines are not there.
    pub async fn start(engines: Engines) -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let (store, coord) = match engines {
            Engines::Embedded => (StoreConfig::Sqlite { path: folder.path().join("weiqiao.db") }, CoordConfig::Memory),
            Engines::Shared => {
                let (postgres, redis) = (service("WEIQIAO_TEST_POSTGRES_URL")?, service("WEIQIAO_TEST_REDIS_URL")?);
                let name = unique_name();
                let url = new_database(&postgres, &name).await;
                let mut redis = RedisConfig::new(RedisUrl::new(redis), [7; 32]);
                redis.prefix = name;
                // A loaded test machine may be slow; what happens without Redis has its own tests.
                redis.command_timeout = Duration::from_secs(2);
                (StoreConfig::Postgres { url, pool_size: 8 }, CoordConfig::Redis(redis))
            }
        };
        let clock = ManualClock::at(START_MS);
        let time = clock.clone();
        let emulator = Emulator::builder().time(Arc::new(move || time.now_ms())).start().await.unwrap();
        let settings = settings(AuthMode::Open);
        Some(Self { emulator, clock, settings, store, coord, _folder: folder })
    }

    /// One more instance of the service. On [`Engines::Embedded`] there can only be one.
    pub async fn instance(&self) -> App {
        self.instance_with(self.settings.clone()).await
    }

    /// One more instance, listening. Its `PUBLIC_URL` is the address it listens on, unless another one is given: then it
    /// stands behind the same name as that one.
    pub async fn serve(&self, behind: Option<&Served>) -> Served {
        let listener = bind(([127, 0, 0, 1], 0).into()).unwrap();
        let url = format!("http://127.0.0.1:{}", listener.local_addr().unwrap().port());
        let public = Url::parse(behind.map_or(url.as_str(), |first| first.public.as_str())).unwrap();
        let mut settings = self.settings.clone();
        settings.public_url = public.clone();
        let app = self.instance_with(settings).await;
        let script = Url::parse(self.emulator.url()).unwrap().join("/open/js/jweixin-1.6.0.js").unwrap();
        let drain = Drain::new();
        let state = AppState::new(app.clone(), HttpSettings::new(public.clone(), script), drain.clone());
        let quick = ListenerSettings { linger: Duration::ZERO, ..ListenerSettings::default() };
        tokio::spawn(serve(listener, router(state), quick, drain.clone()));
        Served { url, public: public.to_string().trim_end_matches('/').to_owned(), app, drain }
    }

    async fn instance_with(&self, settings: AppSettings) -> App {
        let clock: Arc<dyn Clock> = Arc::new(self.clock.clone());
        let store = opened(&self.store).await;
        store.migrate().await.unwrap();
        let coord = Coord::open(self.coord.clone(), Arc::clone(&clock), Arc::new(OsRng)).await.unwrap();
        let weixin = Client::builder().all_bases(self.emulator.url().parse().unwrap());
        App::start(AppParts { settings, store, coord, weixin, clock, rng: Arc::new(OsRng) }).await.unwrap()
    }

    /// Moves everybody's time.
    pub fn advance(&self, by: Duration) {
        self.clock.advance(by);
    }
}

/// The store, as soon as an instance that was killed a moment ago has let go of its file.
async fn opened(config: &StoreConfig) -> Store {
    let opening = async {
        loop {
            match Store::open(config).await {
                Err(error) if error.kind() == StoreErrorKind::Locked => tokio::task::yield_now().await,
                store => return store.unwrap(),
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(10), opening).await.expect("the file stays locked")
}

/// An instance that listens. It stops when dropped.
pub struct Served {
    /// Where it listens, without a slash at the end.
    pub url: String,
    /// What browsers believe its address to be.
    pub public: String,
    /// The service behind it.
    pub app: App,
    drain: Drain,
}

impl Drop for Served {
    fn drop(&mut self) {
        self.drain.begin();
    }
}

/// The default official account as the SDK names it.
#[must_use]
pub fn official() -> Account {
    Account::new("wx1111111111111111".into(), "11111111111111111111111111111111".into())
}

fn settings(mode: AuthMode) -> AppSettings {
    let secrets = SecretSettings {
        master: "journey master key 0123456789abcdef".into(),
        master_previous: Vec::new(),
        jwt: "journey signing key 0123456789abcdef".into(),
        jwt_previous: None,
    };
    let account = |name: &str, kind, digit: &str| AccountSettings {
        name: AccountName::new(name).unwrap(),
        kind,
        app_id: format!("wx{}", digit.repeat(16)).into(),
        app_secret: digit.repeat(32).into(),
        token_mode: TokenMode::Stable,
        group: Some("group".into()),
    };
    AppSettings::new(mode, Url::parse("http://localhost:3001").unwrap(), secrets)
        .with_account(account("official", AccountKind::Official, "1"))
        .with_account(account("mini", AccountKind::Mini, "2"))
}

fn service(name: &str) -> Option<String> {
    let url = std::env::var(name).ok().filter(|url| !url.is_empty());
    if url.is_none() {
        assert!(std::env::var_os("WEIQIAO_TEST_REQUIRE_SERVICES").is_none(), "{name} is not set");
        println!("skipped: {name} is not set; run through scripts/with-services.sh");
    }
    url
}

fn unique_name() -> String {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    format!("journey_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::SeqCst))
}

/// Makes a database of its own and gives its URL.
async fn new_database(server: &str, name: &str) -> String {
    let (client, connection) = tokio_postgres::connect(server, tokio_postgres::NoTls).await.unwrap();
    let driving = tokio::spawn(connection);
    client.batch_execute(&format!("CREATE DATABASE {name}")).await.unwrap();
    drop(client);
    driving.await.unwrap().unwrap();
    let mut url = Url::parse(server).unwrap();
    url.set_path(name);
    url.into()
}
