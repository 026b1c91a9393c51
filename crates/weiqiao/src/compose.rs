//! Joins the parts. The only place that names concrete backends.

use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use tokio::net::TcpListener;
use url::Url;
use weiqiao_app::callback::{AccountCallback, CallbackSettings};
use weiqiao_app::handlers::Handlers;
use weiqiao_app::settings::AppSettings;
use weiqiao_app::vault::Vault;
use weiqiao_app::{App, AppError, AppParts, StartError};
use weiqiao_coord::{Coord, CoordConfig, CoordError, RedisConfig};
use weiqiao_http::listener::{Drain, ListenerSettings, bind};
use weiqiao_http::{AppState, Edge, HttpSettings, WECHAT_JS_SDK_SCRIPT, health_router, metrics_router, router};
use weiqiao_model::{Clock, OsRng, Rng, SystemClock, crash_point};
use weiqiao_store::{Store, StoreConfig, StoreError, StoreErrorKind};
use weixin_proto::callback::Mode;

use crate::config::{CallbackMode, Settings, WechatAccount, WechatSection};
use crate::service::{Listener, Service};
use crate::{first_admin, metrics};

/// Time limits towards WeChat: for a connection, and for one call as a whole.
const CONNECT_LIMIT: Duration = Duration::from_secs(3);
const CALL_LIMIT: Duration = Duration::from_secs(8);

/// What is not a setting: what differs between the service, the playground and tests.
#[derive(Clone)]
pub struct Options {
    /// Which half of the service runs here.
    pub part: Part,
    /// The Rust functions that answer callbacks.
    pub handlers: Handlers,
    /// The JS-SDK script our pages load. Unless said otherwise WeChat's own, or, when `WECHAT_OPEN_BASE` is not WeChat, that
    /// of whoever answers there.
    pub js_sdk_script: Option<Url>,
    /// How long new connections are still taken after a stop was asked for, so that a load balancer can notice.
    pub linger: Duration,
    /// How long running requests may then take to finish.
    pub grace: Duration,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
    /// Gives randomness fit for secrets.
    pub rng: Arc<dyn Rng>,
}

/// Which half of the service runs in a process.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Part {
    /// Both.
    #[default]
    All,
    /// The public listener. What it plans is done by a process that works.
    Http,
    /// The work in the background; the listener of the figures tells how it is, too.
    Worker,
}

impl Default for Options {
    /// The whole service; a stop takes at most 14 s: 2 s of linger, 11 s of grace, and closing.
    fn default() -> Self {
        Self {
            part: Part::All,
            handlers: Handlers::new(),
            js_sdk_script: None,
            linger: Duration::from_secs(2),
            grace: Duration::from_secs(11),
            clock: Arc::new(SystemClock),
            rng: Arc::new(OsRng),
        }
    }
}

/// Why the service does not start. Names what stands in the way and the next step, never a secret.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ComposeError {
    /// The database cannot be opened or migrated.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The address of Redis cannot be used.
    #[error("REDIS_URL: {0}")]
    Coord(#[from] CoordError),
    /// Settings, master key or SDK.
    #[error(transparent)]
    App(#[from] StartError),
    /// A port is taken, or the address is not this computer's.
    #[error("{setting}: cannot listen on {address}: {error}")]
    Bind {
        /// The settings it comes from.
        setting: &'static str,
        /// Where.
        address: SocketAddr,
        /// What the operating system said.
        error: io::Error,
    },
    /// One half alone, on a file that the other half could never open.
    #[error(
        "serve --only needs Postgres: a SQLite file belongs to one process, so nobody would do the other half; set \
         DATABASE_URL, or serve without --only"
    )]
    HalfOfSqlite,
    /// The first member of staff cannot be made.
    #[error("ADMIN_PASSWORD: {0}")]
    FirstAdmin(AppError),
    /// The set-up token cannot be written.
    #[error("the set-up token cannot be written to {path}: {error}")]
    SetupToken {
        /// Where to.
        path: PathBuf,
        /// What the operating system said.
        error: io::Error,
    },
}

impl ComposeError {
    /// Whether a server we need does not answer now, so that trying again later may help.
    #[must_use]
    pub fn is_unavailable(&self) -> bool {
        let store = match self {
            Self::Store(error) | Self::App(StartError::Store(error)) => error,
            _ => return false,
        };
        store.kind() == StoreErrorKind::Unavailable
    }

    /// Whether the settings are to blame.
    #[must_use]
    pub fn is_config(&self) -> bool {
        match self {
            Self::Store(error) => error.kind() == StoreErrorKind::Config,
            Self::App(StartError::Setting(_) | StartError::WrongMasterKey(_) | StartError::Client(_)) => true,
            Self::Coord(CoordError::Config(_)) | Self::FirstAdmin(_) | Self::HalfOfSqlite => true,
            _ => false,
        }
    }
}

/// The service without its surface: what commands work with.
pub struct Core {
    /// The use cases.
    pub app: App,
    /// The database, to be closed in the end.
    pub store: Store,
}

/// Opens the database, brings its schema up to date, and joins store, coordination, SDK and use cases.
///
/// # Errors
///
/// See [`ComposeError`].
pub async fn core(settings: &Settings, options: &Options) -> Result<Core, ComposeError> {
    let store = open_store(&settings.database.store).await?;
    crash_point!("start.opened");
    store.migrate().await?;
    crash_point!("start.migrated");
    let app = join(settings, options, store.clone()).await;
    if app.is_err() {
        store.close().await;
    }
    Ok(Core { app: app?, store })
}

/// Opens the sockets and joins everything: from here on connections wait to be served. A service whose port is taken has
/// touched no database.
///
/// # Errors
///
/// See [`ComposeError`]. What was opened is closed again.
pub async fn compose(settings: &Settings, options: Options) -> Result<Service, ComposeError> {
    if options.part != Part::All && matches!(settings.database.store, StoreConfig::Sqlite { .. }) {
        return Err(ComposeError::HalfOfSqlite);
    }
    let sockets = Sockets::open(settings, options.part)?;
    let core = core(settings, &options).await?;
    crash_point!("start.joined");
    let service = surface(settings, &options, &core, sockets).await;
    if service.is_err() {
        core.store.close().await;
    }
    service
}

async fn open_store(config: &StoreConfig) -> Result<Store, StoreError> {
    Store::open(config).await
}

async fn join(settings: &Settings, options: &Options, store: Store) -> Result<App, ComposeError> {
    let (clock, rng) = (Arc::clone(&options.clock), Arc::clone(&options.rng));
    let coord = Coord::open(coord_config(settings), Arc::clone(&clock), Arc::clone(&rng)).await?;
    let wechat = &settings.wechat;
    let weixin = weixin::Client::builder()
        .api_base(wechat.api_base.clone())
        .open_base(wechat.open_base.clone())
        .mp_base(wechat.mp_base.clone())
        .connect_timeout(CONNECT_LIMIT)
        .timeout(CALL_LIMIT);
    let app = App::start(AppParts { settings: app_settings(settings), store, coord, weixin, clock, rng }).await?;
    app.handle_with(options.handlers.clone());
    Ok(app)
}

fn coord_config(settings: &Settings) -> CoordConfig {
    match &settings.redis.url {
        None => CoordConfig::Memory,
        Some(url) => {
            let secret = Vault::coordination_secret(&settings.auth.secrets);
            CoordConfig::Redis(RedisConfig::new(url.clone(), *secret))
        }
    }
}

/// What the use cases are told.
pub(crate) fn app_settings(settings: &Settings) -> AppSettings {
    let (auth, wechat) = (&settings.auth, &settings.wechat);
    AppSettings {
        callback: callback_settings(settings),
        accounts: wechat.accounts.iter().map(|account| account.account.clone()).collect(),
        login_instances: wechat.login_instances.clone(),
        oauth_redirect_hosts: wechat.oauth_redirect_hosts.clone(),
        js_safe_domains: wechat.js_safe_domains.clone(),
        session_ttl: auth.session_ttl,
        authorization_ttl: auth.authorization_ttl,
        bootstrap_api_key: auth.api_key.clone(),
        webhook: settings.webhook.clone(),
        crm: settings.wechat.crm.clone(),
        worker: settings.worker.clone(),
        ..AppSettings::new(auth.mode, settings.listen.public_url.clone(), auth.secrets.clone())
    }
}

fn callback_settings(settings: &Settings) -> CallbackSettings {
    let section = &settings.callback;
    let of = |account: &WechatAccount| {
        let callback = account.callback.as_ref()?;
        Some(AccountCallback {
            account: account.account.name.clone(),
            mode: match callback.mode {
                CallbackMode::Plain => Mode::Plain,
                CallbackMode::Compatible => Mode::Compatible,
                CallbackMode::Safe => Mode::Safe,
            },
            token: callback.token.clone(),
            previous_tokens: callback.token_previous.iter().cloned().collect(),
            aes_key: callback.aes_key.clone(),
            previous_aes_keys: callback.aes_key_previous.iter().cloned().collect(),
            original_id: callback.original_id.clone(),
        })
    };
    CallbackSettings {
        accounts: settings.wechat.accounts.iter().filter_map(of).collect(),
        rules: section.rules.clone(),
        window: section.window,
        body_limit: section.body_limit,
        keep: section.keep,
        source_check: section.source_check,
        ..CallbackSettings::default()
    }
}

/// What connections come in by.
struct Sockets {
    public: Option<TcpListener>,
    metrics: Option<TcpListener>,
}

impl Sockets {
    fn open(settings: &Settings, part: Part) -> Result<Self, ComposeError> {
        let open = |setting: &'static str, address: SocketAddr| {
            bind(address).map_err(|error| ComposeError::Bind { setting, address, error })
        };
        let public = match part {
            Part::Worker => None,
            Part::All | Part::Http => Some(SocketAddr::new(settings.listen.host, settings.listen.port)),
        };
        let public = public.map(|address| open("API_HOST, API_PORT", address)).transpose()?;
        let metrics = settings.metrics.address.map(|address| open("METRICS_ADDR", address)).transpose()?;
        Ok(Self { public, metrics })
    }
}

async fn surface(
    settings: &Settings,
    options: &Options,
    core: &Core,
    sockets: Sockets,
) -> Result<Service, ComposeError> {
    let drain = Drain::new();
    let public = sockets.public.map(|socket| public_listener(socket, settings, options, core, &drain));
    let metrics = sockets.metrics.map(|socket| metrics_listener(socket, settings, options, core, &drain));
    let first_admin = match options.part {
        Part::Worker => None,
        Part::All | Part::Http => first_admin::ensure(settings, &core.app).await?,
    };
    crash_point!("start.listening");
    let (app, store, part) = (core.app.clone(), core.store.clone(), options.part);
    Ok(Service { app, store, drain, public, metrics, part, grace: options.grace, setup_token_file: first_admin })
}

fn public_listener(
    socket: TcpListener,
    settings: &Settings,
    options: &Options,
    core: &Core,
    drain: &Drain,
) -> Listener<Edge> {
    let sockets = ListenerSettings {
        trusted_proxies: settings.listen.trusted_proxies.clone(),
        linger: options.linger,
        grace: options.grace,
        ..ListenerSettings::default()
    };
    Listener { socket, router: router(state(settings, options, core, drain)), settings: sockets }
}

/// What the routes know.
fn state(settings: &Settings, options: &Options, core: &Core, drain: &Drain) -> AppState {
    let listen = &settings.listen;
    let script = options.js_sdk_script.clone().or_else(|| js_sdk_script(&settings.wechat));
    let http = HttpSettings {
        cors: listen.cors.clone(),
        rate_limits: listen.rate_limits,
        trusted_proxies: listen.trusted_proxies.clone(),
        mp_verify: settings.wechat.mp_verify.clone(),
        ..HttpSettings::new(listen.public_url.clone(), script.unwrap_or_else(|| listen.public_url.clone()))
    };
    AppState::new(core.app.clone(), http, drain.clone())
}

/// Where pages find the script: beside the consent pages when those are an emulator's.
fn js_sdk_script(wechat: &WechatSection) -> Option<Url> {
    if wechat.is_open_wechats() {
        return WECHAT_JS_SDK_SCRIPT.parse().ok();
    }
    let mut script = wechat.open_base.clone();
    script.path_segments_mut().ok()?.pop_if_empty().extend(["open", "js", "jweixin-1.6.0.js"]);
    Some(script)
}

/// Figures; of a worker also its health, which it has no other place for.
fn metrics_listener(
    socket: TcpListener,
    settings: &Settings,
    options: &Options,
    core: &Core,
    drain: &Drain,
) -> Listener<Router> {
    let figures = metrics::handle().map(metrics_router).unwrap_or_default();
    let router = match options.part {
        Part::Worker => figures.fallback_service(health_router(state(settings, options, core, drain))),
        Part::All | Part::Http => figures,
    };
    let at_once = ListenerSettings { linger: Duration::ZERO, grace: Duration::from_millis(500), ..Default::default() };
    Listener { socket, router, settings: at_once }
}
