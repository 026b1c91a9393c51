//! A whole service for a test: real router, real SQLite file, coordination in process, an emulated WeChat, a clock
//! moved by hand. Uses only what the crate makes public, so the benches share it.

mod answer;
mod browser;

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::ConnectInfo;
use http::{Method, Request};
use tower::ServiceExt as _;
use url::Url;
use weiqiao_app::settings::{
    AccountSettings, AppSettings, AuthMode, LoginInstanceSettings, SecretSettings, SettingSecret,
};
use weiqiao_app::usecase::api_key::{NewApiKey, create_api_key};
use weiqiao_app::usecase::staff::{NewStaff, create_staff};
use weiqiao_app::{App, AppParts};
use weiqiao_coord::{Coord, CoordConfig};
use weiqiao_http::listener::Drain;
use weiqiao_http::{AppState, Edge, HttpSettings};
use weiqiao_model::{AccountKind, AccountName, ApiScope, Clock, ManualClock, OsRng, Rng, Role, SeededRng, SystemClock};
use weiqiao_store::{Store, StoreConfig};
use weixin::TokenMode;
use weixin_emulator::{CodeKind, Emulator, Fault, PersonaSeed, Scope};

pub use self::answer::Answer;
pub use self::browser::Browser;

/// A computer's browser.
pub const DESKTOP: &str = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/120.0 Safari/537.36";

/// 2025-09-05T08:58:10Z.
pub const BEGIN_MS: i64 = 1_757_062_690_123;

/// Everything a test needs.
pub struct World {
    pub app: App,
    pub state: AppState,
    pub router: Edge,
    pub emulator: Emulator,
    pub clock: ManualClock,
    real: bool,
    _folder: tempfile::TempDir,
}

/// One of several instances of the service.
pub struct Instance {
    pub app: App,
    pub router: Edge,
}

/// How a world differs from the usual one.
pub struct Plan {
    pub app: AppSettings,
    pub http: HttpSettings,
    /// The machine's own clock and chance instead of the movable and the seeded one: for measuring.
    pub real: bool,
    /// Another database than a new SQLite file.
    pub store: Option<StoreConfig>,
    /// Other coordination than in process.
    pub coord: CoordConfig,
    /// Another WeChat than the emulated one.
    pub wechat: Option<weixin::ClientBuilder>,
}

impl World {
    /// The official account's appid.
    pub const OFFICIAL: &'static str = "wx1111111111111111";
    /// The mini program's appid.
    pub const MINI: &'static str = "wx2222222222222222";
    /// An API key with all scopes.
    pub const API_KEY: &'static str = "bootstrap-key-of-the-tests-0123456789abcdef";

    /// Every member of staff has this password.
    pub const PASSWORD: &'static str = "a long password of the tests";

    /// Open mode, plain http, no limits: as `weiqiao-dev`.
    pub async fn open() -> Self {
        Self::with(AuthMode::Open, "http://localhost:3001/", |_| {}).await
    }

    /// Strict mode behind https, without limits.
    pub async fn strict() -> Self {
        Self::with(AuthMode::Strict, "https://app.example.com/", |_| {}).await
    }

    /// Another world.
    pub async fn with(mode: AuthMode, public_url: &str, change: impl FnOnce(&mut Plan)) -> Self {
        let clock = ManualClock::at(BEGIN_MS);
        let seen_by_wechat = clock.clone();
        let emulator = Emulator::builder().time(Arc::new(move || seen_by_wechat.now_ms())).start().await.unwrap();
        let wechat: Url = emulator.url().parse().unwrap();
        let public_url: Url = public_url.parse().unwrap();
        let secret = |text: &str| SettingSecret::new(text.repeat(8));
        let secrets = SecretSettings {
            master: secret("master-master-"),
            master_previous: Vec::new(),
            jwt: secret("token-secret-"),
            jwt_previous: None,
        };
        let mut plan = Plan {
            app: AppSettings::new(mode, public_url.clone(), secrets)
                .with_account(account("official", AccountKind::Official, Self::OFFICIAL, '1'))
                .with_account(account("mini", AccountKind::Mini, Self::MINI, '2')),
            http: HttpSettings::new(public_url, wechat.join("/open/js/jweixin-1.6.0.js").unwrap()),
            real: false,
            store: None,
            coord: CoordConfig::Memory,
            wechat: None,
        };
        plan.app.login_instances = vec![
            instance("MyWechatLogin", "我的微信登录", weixin::oauth::Scope::UserInfo, "shop"),
            instance("Silent", "静默登录", weixin::oauth::Scope::Base, ""),
        ];
        plan.app.bootstrap_api_key = Some(SettingSecret::new(Self::API_KEY));
        change(&mut plan);

        let folder = tempfile::tempdir().unwrap();
        let own = StoreConfig::Sqlite { path: folder.path().join("test.db") };
        let store = Store::open(plan.store.as_ref().unwrap_or(&own)).await.unwrap();
        store.migrate().await.unwrap();
        let (own_clock, own_rng): (Arc<dyn Clock>, Arc<dyn Rng>) = match plan.real {
            true => (Arc::new(SystemClock), Arc::new(OsRng)),
            false => (Arc::new(clock.clone()), Arc::new(SeededRng::new(7))),
        };
        let parts = AppParts {
            settings: plan.app,
            store,
            coord: Coord::open(plan.coord, Arc::clone(&own_clock), Arc::clone(&own_rng)).await.unwrap(),
            weixin: plan.wechat.unwrap_or_else(|| weixin::Client::builder().all_bases(wechat)),
            clock: own_clock,
            rng: own_rng,
        };
        let app = App::start(parts).await.unwrap();
        let state = AppState::new(app.clone(), plan.http, Drain::new());
        let router = weiqiao_http::router(state.clone());
        Self { app, state, router, emulator, clock, real: plan.real, _folder: folder }
    }

    /// Another instance of the service on the same database.
    pub async fn instance(&self) -> Instance {
        self.start(self.app.store().clone()).await
    }

    /// The service again, after [`lose_database`](Self::lose_database).
    pub async fn recovered(&self) -> Instance {
        let path = self._folder.path().join("test.db");
        self.start(Store::open(&StoreConfig::Sqlite { path }).await.unwrap()).await
    }

    async fn start(&self, store: Store) -> Instance {
        let parts = AppParts {
            settings: self.app.settings().clone(),
            store,
            coord: self.app.coord().clone(),
            weixin: weixin::Client::builder().all_bases(self.emulator.url().parse().unwrap()),
            clock: Arc::new(self.clock.clone()),
            rng: Arc::new(OsRng),
        };
        let app = App::start(parts).await.unwrap();
        let state = AppState::new(app.clone(), self.state.settings().clone(), Drain::new());
        Instance { app, router: weiqiao_http::router(state) }
    }

    /// A request to another router.
    pub fn call(router: Edge, method: &str, path: &str) -> Call {
        Call { router, builder: Request::builder().method(method).uri(path), body: Body::empty(), at_ms: None }
    }

    /// A request from nobody in particular.
    pub fn request(&self, method: &str, path: &str) -> Call {
        let builder = Request::builder().method(method).uri(path);
        Call {
            router: self.router.clone(),
            builder,
            body: Body::empty(),
            at_ms: (!self.real).then(|| self.clock.now_ms()),
        }
    }

    /// `GET`.
    pub async fn get(&self, path: &str) -> Answer {
        self.request("GET", path).send().await
    }

    /// `POST` with a JSON body.
    pub async fn post(&self, path: &str, json: impl AsRef<str>) -> Answer {
        self.request("POST", path).json(json.as_ref()).send().await
    }

    /// WeChat's browser without cookies.
    pub fn browser(&self) -> Browser<'_> {
        Browser::new(self, "Mozilla/5.0 MicroMessenger/8.0")
    }

    /// Another browser without cookies.
    pub fn browser_as(&self, user_agent: &'static str) -> Browser<'_> {
        Browser::new(self, user_agent)
    }

    /// Epoch seconds.
    pub fn now_s(&self) -> i64 {
        self.clock.now_ms() / 1000
    }

    /// Epoch milliseconds.
    pub fn now_ms(&self) -> i64 {
        self.clock.now_ms()
    }

    /// Moves the clock, WeChat's with it.
    pub fn advance(&self, by: Duration) {
        self.clock.advance(by);
    }

    /// The address of a page of ours.
    pub fn page(&self, path: &str) -> String {
        self.state.settings().public_url.join(path).unwrap().to_string()
    }

    /// A web-login code of this person, with `snsapi_userinfo`.
    pub fn code(&self, persona: &str) -> String {
        self.emulator.persona_code(persona, "official", CodeKind::OAuth(Scope::UserInfo))
    }

    /// A code of `wx.login`.
    pub fn mini_code(&self, persona: &str) -> String {
        self.emulator.persona_code(persona, "mini", CodeKind::Mini)
    }

    /// The person's openid at the official account.
    pub fn openid(&self, persona: &str) -> String {
        self.emulator.openid(persona, "official")
    }

    /// How often WeChat was asked this.
    pub fn wechat_calls(&self, path: &str) -> usize {
        self.emulator.calls(path)
    }

    /// WeChat refuses the next calls on this path.
    pub async fn wechat_refuses(&self, path: &str, errcode: i64, times: u32) {
        self.emulator.fault(Fault::on(path).errcode(errcode).times(times));
    }

    /// The ticket WeChat gave us last.
    pub async fn jsapi_ticket(&self) -> String {
        let calls = self.emulator.ledger("/cgi-bin/ticket/getticket");
        let answer: serde_json::Value = serde_json::from_str(&calls.last().unwrap().answer).unwrap();
        answer["ticket"].as_str().unwrap().to_owned()
    }

    /// Creates a member of staff and logs them in: their token.
    pub async fn staff_token(&self, username: &str, role: Role) -> String {
        let password = Self::PASSWORD;
        let person = NewStaff::with_password(username, password, role);
        create_staff(&self.app, weiqiao_app::Actor::Cli, person).await.unwrap();
        let body = serde_json::json!({ "username": username, "password": password });
        let answer = self.post("/api/auth/login", body.to_string()).await;
        answer.is(http::StatusCode::OK).data()["access_token"].as_str().unwrap().to_owned()
    }

    /// A new API key with these scopes.
    pub async fn api_key(&self, scopes: &[ApiScope]) -> String {
        let new = NewApiKey { name: "test".to_owned(), scopes: scopes.to_vec(), days: None };
        create_api_key(&self.app, weiqiao_app::Actor::Cli, new).await.unwrap().key.expose().to_owned()
    }

    /// Every login of this person now comes from a snapshot page.
    pub fn wechat_shows_snapshot(&self, persona: &str) {
        let seed = PersonaSeed { id: Some(persona.to_owned()), snapshot: Some(true), ..PersonaSeed::default() };
        self.emulator.engine().put_persona(seed).unwrap();
    }

    /// Closes the database, as a crash of its server would.
    pub async fn lose_database(&self) {
        self.app.store().close().await;
    }
}

fn instance(name: &str, title: &str, scope: weixin::oauth::Scope, label: &str) -> LoginInstanceSettings {
    LoginInstanceSettings {
        name: name.to_owned(),
        title: title.to_owned(),
        app_id: World::OFFICIAL.into(),
        app_secret: "1".repeat(32).into(),
        scope,
        state_label: label.to_owned(),
    }
}

fn account(name: &str, kind: AccountKind, app_id: &str, secret: char) -> AccountSettings {
    AccountSettings {
        name: AccountName::new(name).unwrap(),
        kind,
        app_id: app_id.into(),
        app_secret: secret.to_string().repeat(32).into(),
        token_mode: TokenMode::Stable,
        group: Some("group".to_owned()),
    }
}

/// A request under construction.
pub struct Call {
    router: Edge,
    builder: http::request::Builder,
    body: Body,
    /// What the answer has to say about the time; `None` while time runs by itself.
    at_ms: Option<i64>,
}

impl Call {
    /// Adds a header.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.builder = self.builder.header(name, value);
        self
    }

    /// `Authorization: Bearer`.
    pub fn bearer(self, token: &str) -> Self {
        self.header("authorization", &format!("Bearer {token}"))
    }

    /// `X-Api-Key`.
    pub fn api_key(self, key: &str) -> Self {
        self.header("x-api-key", key)
    }

    /// A JSON body.
    pub fn json(self, text: &str) -> Self {
        self.header("content-type", "application/json").body(text.to_owned())
    }

    /// A form body.
    pub fn form(self, text: &str) -> Self {
        self.header("content-type", "application/x-www-form-urlencoded").body(text.to_owned())
    }

    /// A body without a word about what it is.
    pub fn body(mut self, body: impl Into<Body>) -> Self {
        self.body = body.into();
        self
    }

    /// From this address.
    pub fn at_ip(mut self, ip: &str) -> Self {
        let peer = std::net::SocketAddr::new(ip.parse().unwrap(), 40_000);
        self.builder = self.builder.extension(ConnectInfo(peer));
        self
    }

    /// Through another instance of the service.
    pub fn at(mut self, router: &Edge) -> Self {
        self.router = router.clone();
        self
    }

    /// Sends it through the real router.
    pub async fn send(self) -> Answer {
        let request = self.builder.body(self.body).unwrap();
        let head = request.method() == Method::HEAD;
        let response = self.router.oneshot(request).await.unwrap();
        Answer::read(response, self.at_ms, head).await
    }
}

/// `encodeURIComponent`.
pub fn encode(text: &str) -> String {
    percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string()
}
