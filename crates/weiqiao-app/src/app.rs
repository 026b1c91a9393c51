//! The handle every use case is given.

use std::sync::Arc;

use url::Url;
use weiqiao_coord::Coord;
use weiqiao_model::{Clock, IdMaker, Rng, new_id};
use weiqiao_store::{Store, StoreError};
use weixin::{BuildError, Client, ClientBuilder};

use crate::accounts::Accounts;
use crate::audit::AuditBook;
use crate::callback::Desk;
use crate::env::{SdkClock, SdkRng};
use crate::error::{AppError, Result};
use crate::handlers::Handlers;
use crate::instances::LoginInstances;
use crate::js_url::JsSafeDomains;
use crate::jwt::Tokens;
use crate::password::Passwords;
use crate::redirect::RedirectAllowList;
use crate::scrub::Scrubber;
use crate::settings::{AppSettings, AuthMode, SettingError};
use crate::tokens::SharedTokenSource;
use crate::usecase::api_key::{BootstrapKey, KeyCache};
use crate::usecase::encryption::settle_keys;
use crate::usecase::session::SessionCache;
use crate::usecase::staff::StaffCache;
use crate::usecase::user::PeopleCache;
use crate::vault::{OpenError, Vault, VaultError};
use crate::webhook::{SystemLookup, Webhooks};

/// The service without its surface. Cheap to clone; all clones are one.
#[derive(Clone)]
pub struct App {
    inner: Arc<Inner>,
}

struct Inner {
    settings: AppSettings,
    scrubber: Scrubber,
    accounts: Accounts,
    instances: LoginInstances,
    redirects: RedirectAllowList,
    js_domains: JsSafeDomains,
    callbacks: Desk,
    store: Store,
    coord: Coord,
    weixin: Client,
    token_source: SharedTokenSource,
    clock: Arc<dyn Clock>,
    rng: Arc<dyn Rng>,
    vault: Vault,
    audit: AuditBook,
    jwt: Tokens,
    passwords: Passwords,
    sessions: SessionCache,
    staff: StaffCache,
    keys: KeyCache,
    people: PeopleCache,
    bootstrap_key: Option<BootstrapKey>,
    webhooks: Webhooks,
    ids: IdMaker,
}

/// What an [`App`] is made of.
pub struct AppParts {
    /// What it is told.
    pub settings: AppSettings,
    /// Open and migrated.
    pub store: Store,
    /// Shared by all instances, or of this process.
    pub coord: Coord,
    /// The SDK with its bases, proxy and time limits. Clock, randomness and token source are set here.
    pub weixin: ClientBuilder,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
    /// Gives randomness fit for secrets.
    pub rng: Arc<dyn Rng>,
}

/// Why an [`App`] does not start. The text names the setting and never a secret.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StartError {
    /// A setting cannot be used.
    #[error(transparent)]
    Setting(#[from] SettingError),
    /// The database was written with another master key.
    #[error(transparent)]
    WrongMasterKey(#[from] VaultError),
    /// The key the audit chain is proved with cannot be opened.
    #[error(
        "the key of the audit chain is damaged: {0}. It is the column sealed_key of the one row of the table audit_head, and \
         nobody but this service may write there. Restore that row from a backup of this database, then run weiqiao admin \
         audit verify; without the key neither earlier entries can be checked nor new ones written"
    )]
    AuditKey(OpenError),
    /// The database does not work.
    #[error("the database: {0}")]
    Store(#[from] StoreError),
    /// The SDK cannot be set up.
    #[error("the WeChat client: {0}")]
    Client(#[from] BuildError),
    /// A bug.
    #[error("internal: {0}")]
    Internal(AppError),
}

impl App {
    /// Checks the settings, compares the master key with the database and joins the parts.
    ///
    /// # Errors
    ///
    /// See [`StartError`]: each is a reason not to start at all.
    pub async fn start(parts: AppParts) -> std::result::Result<Self, StartError> {
        let AppParts { settings, store, coord, weixin, clock, rng } = parts;
        let accounts = Accounts::new(&settings.accounts)?;
        let instances = LoginInstances::new(&settings.login_instances, &accounts, &settings.accounts)?;
        let redirects = RedirectAllowList::new(&settings.public_url, settings.oauth_redirect_hosts.as_deref())?;
        let js_domains = js_domains(&settings)?;
        let callbacks = Desk::new(settings.callback.clone(), &accounts)?;
        let jwt = Tokens::new(&settings.secrets, settings.public_url.as_str(), settings.session_ttl)?;
        let bootstrap_key = settings.bootstrap_api_key.as_ref().map(BootstrapKey::new).transpose()?;
        let vault = Vault::new(&settings.secrets, Arc::clone(&rng))?;
        settle_keys(&store, &vault, clock.now_ms()).await?;
        let audit = AuditBook::open(&store, &vault, &rng, clock.now_ms()).await?;
        let passwords = Passwords::new(Arc::clone(&rng)).map_err(StartError::Internal)?;
        let token_source = SharedTokenSource::new(
            store.clone(),
            coord.clone(),
            vault.clone(),
            Arc::clone(&clock),
            &settings.accounts,
            new_id::<weiqiao_model::id::kind::Job>(&*clock, &*rng).into_string(),
        );
        let weixin = weixin
            .clock(Arc::new(SdkClock(Arc::clone(&clock))))
            .rng(Arc::new(SdkRng(Arc::clone(&rng))))
            .token_source(Arc::new(token_source.clone()))
            .build()?;
        let webhooks = Webhooks::new(settings.webhook.allow_private, Arc::new(SystemLookup))
            .map_err(|error| StartError::Internal(AppError::internal(error)))?;
        let inner = Inner {
            scrubber: Scrubber::knowing(settings.secret_texts()),
            settings,
            accounts,
            instances,
            redirects,
            js_domains,
            callbacks,
            store,
            coord,
            weixin,
            token_source,
            clock,
            rng,
            vault,
            audit,
            jwt,
            passwords,
            sessions: SessionCache::default(),
            staff: StaffCache::default(),
            keys: KeyCache::default(),
            people: PeopleCache::default(),
            bootstrap_key,
            webhooks,
            ids: IdMaker::default(),
        };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// What it was told.
    #[must_use]
    pub fn settings(&self) -> &AppSettings {
        &self.inner.settings
    }

    /// Takes what must not be seen out of words that are not ours. Knows the configured secrets.
    #[must_use]
    pub fn scrubber(&self) -> &Scrubber {
        &self.inner.scrubber
    }

    /// Who may call what.
    #[must_use]
    pub fn auth_mode(&self) -> AuthMode {
        self.inner.settings.auth_mode
    }

    /// How browsers reach us.
    #[must_use]
    pub fn public_url(&self) -> &Url {
        &self.inner.settings.public_url
    }

    /// The accounts.
    #[must_use]
    pub fn accounts(&self) -> &Accounts {
        &self.inner.accounts
    }

    /// The named login instances.
    #[must_use]
    pub fn instances(&self) -> &LoginInstances {
        &self.inner.instances
    }

    /// Where a login may return to.
    #[must_use]
    pub fn redirects(&self) -> &RedirectAllowList {
        &self.inner.redirects
    }

    /// Which pages may be signed for.
    #[must_use]
    pub fn js_domains(&self) -> &JsSafeDomains {
        &self.inner.js_domains
    }

    /// What all callbacks go through.
    #[must_use]
    pub fn callbacks(&self) -> &Desk {
        &self.inner.callbacks
    }

    /// Sets the Rust functions that answer callbacks, once and before the first delivery; whether they count.
    pub fn handle_with(&self, handlers: Handlers) -> bool {
        self.inner.callbacks.set_handlers(handlers)
    }

    /// Durable facts.
    #[must_use]
    pub fn store(&self) -> &Store {
        &self.inner.store
    }

    /// Short-lived shared state.
    #[must_use]
    pub fn coord(&self) -> &Coord {
        &self.inner.coord
    }

    /// The SDK.
    #[must_use]
    pub fn weixin(&self) -> &Client {
        &self.inner.weixin
    }

    /// Who keeps the tokens.
    #[must_use]
    pub fn token_source(&self) -> &SharedTokenSource {
        &self.inner.token_source
    }

    /// Tells the time.
    #[must_use]
    pub fn clock(&self) -> &dyn Clock {
        &*self.inner.clock
    }

    /// Now, epoch milliseconds.
    #[must_use]
    pub fn now_ms(&self) -> i64 {
        self.inner.clock.now_ms()
    }

    /// Randomness.
    #[must_use]
    pub fn rng(&self) -> &dyn Rng {
        &*self.inner.rng
    }

    /// Encryption at rest.
    #[must_use]
    pub fn vault(&self) -> &Vault {
        &self.inner.vault
    }

    /// Session and staff tokens.
    #[must_use]
    pub fn jwt(&self) -> &Tokens {
        &self.inner.jwt
    }

    /// Webhook endpoints, and the client that delivers to them.
    #[must_use]
    pub fn webhooks(&self) -> &Webhooks {
        &self.inner.webhooks
    }

    pub(crate) fn audit_book(&self) -> &AuditBook {
        &self.inner.audit
    }

    pub(crate) fn passwords(&self) -> &Passwords {
        &self.inner.passwords
    }

    pub(crate) fn sessions(&self) -> &SessionCache {
        &self.inner.sessions
    }

    pub(crate) fn staff(&self) -> &StaffCache {
        &self.inner.staff
    }

    pub(crate) fn keys(&self) -> &KeyCache {
        &self.inner.keys
    }

    pub(crate) fn people(&self) -> &PeopleCache {
        &self.inner.people
    }

    pub(crate) fn bootstrap_key(&self) -> Option<&BootstrapKey> {
        self.inner.bootstrap_key.as_ref()
    }

    /// A new id of ours.
    pub(crate) fn new_id<K>(&self) -> weiqiao_model::id::Id<K> {
        self.inner.ids.make(self.clock(), self.rng())
    }

    /// A staff token for a session of its own length, seconds.
    pub(crate) fn issue_staff_token(
        &self,
        staff: &weiqiao_model::StaffId,
        sid: &weiqiao_model::SessionId,
        now_ms: i64,
        life_s: i64,
    ) -> Result<String> {
        let jti = weiqiao_model::random_alnum(self.rng(), 22);
        let staff_audience = crate::jwt::Audience::Staff;
        let token = self.jwt().issue_for(staff_audience, staff.as_str(), None, sid, jti, (now_ms, life_s));
        token.map_err(AppError::internal)
    }

    /// A session or staff token.
    pub(crate) fn issue_token(
        &self,
        audience: crate::jwt::Audience,
        subject: &str,
        account: Option<&weiqiao_model::AccountName>,
        sid: &weiqiao_model::SessionId,
        now_ms: i64,
    ) -> Result<String> {
        let jti = weiqiao_model::random_alnum(self.rng(), 22);
        self.jwt().issue(audience, subject, account, sid, jti, now_ms).map_err(AppError::internal)
    }
}

impl std::fmt::Debug for App {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("App").field("auth_mode", &self.auth_mode()).finish_non_exhaustive()
    }
}

fn js_domains(settings: &AppSettings) -> std::result::Result<JsSafeDomains, SettingError> {
    match (&settings.js_safe_domains, settings.auth_mode) {
        (Some(entries), _) => JsSafeDomains::new(entries),
        (None, AuthMode::Open) => Ok(JsSafeDomains::any()),
        (None, AuthMode::Strict) => JsSafeDomains::host_of(&settings.public_url),
    }
}
