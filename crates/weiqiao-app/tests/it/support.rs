//! A small world: an emulated WeChat, a clock moved by hand, and the service on either set of engines.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use tempfile::TempDir;
use url::Url;
use weiqiao_app::usecase::login::{
    Browser, BrowserCookie, CodeLogin, Flow, LoginAnswer, StartLogin, StartedLogin, WebLoginEnd, WechatReturn,
    complete_web_login, login_with_code, start_web_login,
};
use weiqiao_app::usecase::session::verify_session;
use weiqiao_app::{
    AccountSettings, App, AppError, AppParts, AppSettings, AuthMode, Caller, SecretSettings, StartError,
};
use weiqiao_coord::{Coord, CoordConfig, RedisConfig, RedisUrl};
use weiqiao_model::{AccountKind, AccountName, Clock, ManualClock, OsRng, random_alnum};
use weiqiao_store::{Command, Store, StoreConfig, StoreError, Transaction};
use weixin::{Client, TokenMode};
use weixin_emulator::{CodeKind, Emulator, Scope};

/// Some moment in 2025, epoch milliseconds.
pub const NOW: i64 = 1_757_062_690_123;
pub const MASTER: &str = "master-canary-0123456789abcdef-0123456789";
pub const JWT: &str = "jwt-canary-0123456789abcdef-0123456789abc";
pub const OFFICIAL: &str = "wx1111111111111111";
pub const MINI: &str = "wx2222222222222222";

/// Which engines the service runs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// SQLite and coordination in process.
    Embedded,
    /// Postgres and Redis.
    Services,
}

/// The world of one test.
pub struct World {
    pub wechat: Emulator,
    pub clock: ManualClock,
    pub app: App,
    pub settings: AppSettings,
    pub engines: Engines,
}

/// Where a test's data is.
pub struct Engines {
    pub store: StoreConfig,
    pub coord: CoordConfig,
    pub folder: TempDir,
}

impl World {
    /// Strict mode on SQLite.
    pub async fn strict() -> Self {
        Self::with(Stage::Embedded, strict()).await.unwrap()
    }

    /// Open mode on SQLite.
    pub async fn open() -> Self {
        Self::with(Stage::Embedded, open()).await.unwrap()
    }

    /// `None` when this stage cannot be tested here (said on the output).
    pub async fn with(stage: Stage, settings: AppSettings) -> Option<Self> {
        let clock = ManualClock::at(NOW);
        let time = clock.clone();
        let wechat = Emulator::builder().time(Arc::new(move || time.now_ms())).start().await.unwrap();
        let engines = Engines::new(stage).await?;
        let app = engines.start(&wechat, &clock, settings.clone()).await.unwrap();
        Some(Self { wechat, clock, app, settings, engines })
    }

    /// Another instance of the service. On SQLite there is only one process, so it shares the first one's engines.
    pub async fn another(&self) -> App {
        let (store, coord) = match self.engines.store {
            StoreConfig::Sqlite { .. } => (self.app.store().clone(), self.app.coord().clone()),
            StoreConfig::Postgres { .. } => self.engines.open(&self.clock).await,
        };
        start(store, coord, &self.wechat, &self.clock, self.settings.clone()).await.unwrap()
    }

    /// Moves everybody's time.
    pub fn advance(&self, by: Duration) {
        self.clock.advance(by);
    }

    pub fn code(&self) -> String {
        self.wechat.persona_code("xiaoming", "official", CodeKind::OAuth(Scope::UserInfo))
    }

    pub fn mini_code(&self) -> String {
        self.wechat.persona_code("xiaoming", "mini", CodeKind::Mini)
    }

    /// Exchanges of web-login codes that reached WeChat.
    pub fn exchanges(&self) -> usize {
        self.wechat.calls("/sns/oauth2/access_token")
    }

    pub async fn begin(&self, flow: Flow, browser: &Browser) -> StartedLogin {
        begin(&self.app, flow, browser).await.unwrap()
    }

    /// A whole login of 小明 in a new browser.
    pub async fn login(&self) -> (LoginAnswer, Browser) {
        let (started, browser) = self.started(Flow::Redirect).await;
        let answer = post(&self.app, &self.code(), Some(&started.state), &browser).await.unwrap();
        (answer, browser)
    }

    /// A login that has begun in a new browser.
    pub async fn started(&self, flow: Flow) -> (StartedLogin, Browser) {
        let started = self.begin(flow, &Browser::default()).await;
        let browser = Browser { cookie: Some(started.cookie.clone()), session: None };
        (started, browser)
    }

    pub async fn caller(&self, token: &str) -> Caller {
        Caller::User(verify_session(&self.app, token).await.unwrap())
    }
}

impl Engines {
    pub async fn new(stage: Stage) -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let (store, coord) = match stage {
            Stage::Embedded => (StoreConfig::Sqlite { path: folder.path().join("weiqiao.db") }, CoordConfig::Memory),
            Stage::Services => {
                let (postgres, redis) = (service("WEIQIAO_TEST_POSTGRES_URL")?, service("WEIQIAO_TEST_REDIS_URL")?);
                let url = own_schema(&postgres).await;
                (StoreConfig::Postgres { url, pool_size: 12 }, CoordConfig::Redis(own_prefix(&redis)))
            }
        };
        Some(Self { store, coord, folder })
    }

    pub async fn open(&self, clock: &ManualClock) -> (Store, Coord) {
        let store = Store::open(&self.store).await.unwrap();
        store.migrate().await.unwrap();
        let clock: Arc<dyn Clock> = Arc::new(clock.clone());
        (store, Coord::open(self.coord.clone(), clock, Arc::new(OsRng)).await.unwrap())
    }

    pub async fn start(
        &self,
        wechat: &Emulator,
        clock: &ManualClock,
        settings: AppSettings,
    ) -> Result<App, StartError> {
        let (store, coord) = self.open(clock).await;
        start(store, coord, wechat, clock, settings).await
    }
}

/// Joins the parts to a service that talks to the emulator.
pub async fn start(
    store: Store,
    coord: Coord,
    wechat: &Emulator,
    clock: &ManualClock,
    settings: AppSettings,
) -> Result<App, StartError> {
    let weixin = Client::builder().all_bases(Url::parse(wechat.url()).unwrap());
    let clock: Arc<dyn Clock> = Arc::new(clock.clone());
    App::start(AppParts { settings, store, coord, weixin, clock, rng: Arc::new(OsRng) }).await
}

pub fn open() -> AppSettings {
    settings(AuthMode::Open, "http://localhost:3001")
}

pub fn strict() -> AppSettings {
    settings(AuthMode::Strict, "https://wx.example.com")
}

fn settings(mode: AuthMode, public_url: &str) -> AppSettings {
    let secrets =
        SecretSettings { master: MASTER.into(), master_previous: Vec::new(), jwt: JWT.into(), jwt_previous: None };
    AppSettings::new(mode, Url::parse(public_url).unwrap(), secrets)
        .with_account(account("official", AccountKind::Official, OFFICIAL, &"1".repeat(32)))
        .with_account(account("mini", AccountKind::Mini, MINI, &"2".repeat(32)))
}

pub fn account(name: &str, kind: AccountKind, app_id: &str, app_secret: &str) -> AccountSettings {
    AccountSettings {
        name: AccountName::new(name).unwrap(),
        kind,
        app_id: app_id.into(),
        app_secret: app_secret.into(),
        token_mode: TokenMode::Stable,
        group: Some("open-platform".to_owned()),
    }
}

pub fn stranger() -> Browser {
    Browser { cookie: Some(BrowserCookie::random(&OsRng)), session: None }
}

pub async fn begin(app: &App, flow: Flow, browser: &Browser) -> Result<StartedLogin, AppError> {
    let start = StartLogin { account: None, target: Some("/orders?id=1#/a"), scope: None, flow, browser };
    start_web_login(app, start).await
}

pub async fn post(app: &App, code: &str, state: Option<&str>, browser: &Browser) -> Result<LoginAnswer, AppError> {
    let login = CodeLogin { account: None, code, state, browser, user_agent: Some("test"), ip: None, key: None };
    login_with_code(app, login).await
}

pub async fn come_back(
    app: &App,
    code: Option<&str>,
    state: Option<&str>,
    browser: &Browser,
) -> Result<WebLoginEnd, AppError> {
    complete_web_login(app, WechatReturn { account: None, code, state, browser, user_agent: None }).await
}

/// The answer and the page of a login that worked.
pub fn logged_in(end: Result<WebLoginEnd, AppError>) -> (LoginAnswer, String) {
    match end.unwrap() {
        WebLoginEnd::LoggedIn { redirect, answer } => (*answer, redirect.into()),
        WebLoginEnd::Denied { redirect } => panic!("denied, to {redirect}"),
    }
}

/// The stable word of what should have failed.
pub fn word<T: fmt::Debug>(result: Result<T, AppError>) -> String {
    result.unwrap_err().code().to_owned()
}

/// The address of a service to test against. Without one that half is skipped, unless services are required.
fn service(name: &str) -> Option<String> {
    let set = |name: &str| std::env::var_os(name).map(|value| value.into_string().unwrap());
    let url = set(name).filter(|url| !url.is_empty());
    let required = ["CI", "WEIQIAO_TEST_REQUIRE_SERVICES"].iter().any(|name| set(name).is_some_and(|v| v != "0"));
    assert!(url.is_some() || !required, "{name} is not set, and services are required");
    if url.is_none() {
        println!("skipped: no Postgres or no Redis (set {name})");
    }
    url
}

/// An address that sees only a new schema.
async fn own_schema(url: &str) -> String {
    let schema = format!("weiqiao_app_{}", random_alnum(&OsRng, 20).to_lowercase());
    let store = Store::open(&StoreConfig::Postgres { url: url.to_owned(), pool_size: 1 }).await.unwrap();
    store.run(Run(format!("CREATE SCHEMA {schema}"))).await.unwrap();
    store.close().await;
    let separator = if url.contains('?') { '&' } else { '?' };
    format!("{url}{separator}options=-csearch_path%3D{schema}")
}

/// A statement that only tests need.
pub struct Run(pub String);

impl Command for Run {
    const NAME: &'static str = "test.run";
    type Output = ();

    async fn run<T: Transaction>(&self, tx: &mut T) -> Result<(), StoreError> {
        tx.execute(self.0.clone().leak(), Vec::new()).await.map(drop)
    }
}

/// A key space of its own.
fn own_prefix(url: &str) -> RedisConfig {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let mut config = RedisConfig::new(RedisUrl::new(url), [7; 32]);
    config.prefix = format!("wqapp:{}:{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
    config.command_timeout = Duration::from_secs(10);
    config.connect_timeout = Duration::from_secs(10);
    config
}
