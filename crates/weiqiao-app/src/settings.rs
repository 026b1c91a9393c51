//! What the use cases need to be told, as plain data. Where it comes from (environment, file) is the binary's business.

use std::time::Duration;

use url::Url;
use weiqiao_model::{AccountKind, AccountName};
use weixin::TokenMode;
use weixin::oauth::Scope;
use weixin_proto::{AppId, AppSecret, Secret};

use crate::callback::CallbackSettings;
use crate::crm::CrmSettings;
use crate::webhook::WebhookSettings;
use crate::worker::WorkerSettings;

/// Everything the use cases can be told. Built by the binary, checked by [`App::start`](crate::App::start).
#[derive(Debug, Clone)]
pub struct AppSettings {
    /// Who may call what.
    pub auth_mode: AuthMode,
    /// How browsers reach us; every `redirect_uri` and the default page to return to begin with it.
    pub public_url: Url,
    /// The accounts; the first of a kind is that kind's default.
    pub accounts: Vec<AccountSettings>,
    /// The named login instances.
    pub login_instances: Vec<LoginInstanceSettings>,
    /// Hosts a login may return to (`host`, `host:port` or `host:*`); `None` means the host of `public_url`.
    pub oauth_redirect_hosts: Option<Vec<String>>,
    /// Hosts pages may be signed for (`host` or `host/path`; a host covers its sub-domains). `None` means any host in
    /// open mode and the host of `public_url` in strict mode.
    pub js_safe_domains: Option<Vec<String>>,
    /// Signing and encryption keys.
    pub secrets: SecretSettings,
    /// Life of a session and its token, 24 hours unless said otherwise.
    pub session_ttl: Duration,
    /// How long a web login counts as fresh in `GET /api/user/{openid}`, 24 hours unless said otherwise.
    pub authorization_ttl: Duration,
    /// One API key with all scopes that needs no row in the database.
    pub bootstrap_api_key: Option<SettingSecret>,
    /// How callbacks are received.
    pub callback: CallbackSettings,
    /// How webhooks are delivered.
    pub webhook: WebhookSettings,
    /// How customers and advisors are dealt with.
    pub crm: CrmSettings,
    /// How work is done later.
    pub worker: WorkerSettings,
}

/// Who may call what; see `AUTH_MODE`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AuthMode {
    /// The documented calls work with no credential. For development.
    Open,
    /// Sessions, API keys and staff tokens are demanded. For production.
    Strict,
}

impl AuthMode {
    /// Whether credentials are demanded.
    #[must_use]
    pub fn is_strict(self) -> bool {
        self == Self::Strict
    }
}

/// One account: an appid with its secret.
#[derive(Debug, Clone)]
pub struct AccountSettings {
    /// Our name for it, used in `?account=` and in logs.
    pub name: AccountName,
    /// Official account or mini program.
    pub kind: AccountKind,
    /// WeChat's id of it.
    pub app_id: AppId,
    /// Its password towards WeChat.
    pub app_secret: AppSecret,
    /// Which of WeChat's two token calls is used.
    pub token_mode: TokenMode,
    /// The open-platform group it belongs to: users of accounts in one group are the same user when their unionid is.
    pub group: Option<String>,
}

/// One named login instance: a login of its own address.
#[derive(Debug, Clone)]
pub struct LoginInstanceSettings {
    /// Its name, as it stands in addresses.
    pub name: String,
    /// What people call it.
    pub title: String,
    /// The official account's appid.
    pub app_id: AppId,
    /// Its password towards WeChat.
    pub app_secret: AppSecret,
    /// What people are asked for.
    pub scope: Scope,
    /// What every state begins with: at most 96 letters and digits, or nothing.
    pub state_label: String,
}

/// A secret from the settings.
pub type SettingSecret = Secret<SettingKind>;

/// Marks secrets of ours; see [`SettingSecret`].
#[derive(Debug, Clone, Copy)]
pub enum SettingKind {}

/// Signing and encryption keys. See [`vault`](crate::vault) and [`jwt`](crate::jwt) for what is derived from them.
#[derive(Debug, Clone)]
pub struct SecretSettings {
    /// Master key of everything encrypted at rest (`SESSION_SECRET`).
    pub master: SettingSecret,
    /// Earlier master keys: still read, never written with.
    pub master_previous: Vec<SettingSecret>,
    /// Signs session and staff tokens (`JWT_SECRET`).
    pub jwt: SettingSecret,
    /// The earlier `JWT_SECRET`: still accepted, never signed with.
    pub jwt_previous: Option<SettingSecret>,
}

impl AppSettings {
    /// Settings with the documented defaults and no account.
    #[must_use]
    pub fn new(auth_mode: AuthMode, public_url: Url, secrets: SecretSettings) -> Self {
        Self {
            auth_mode,
            public_url,
            accounts: Vec::new(),
            login_instances: Vec::new(),
            oauth_redirect_hosts: None,
            js_safe_domains: None,
            secrets,
            session_ttl: DAY,
            authorization_ttl: DAY,
            bootstrap_api_key: None,
            callback: CallbackSettings::default(),
            webhook: WebhookSettings::default(),
            crm: CrmSettings::default(),
            worker: WorkerSettings::default(),
        }
    }

    /// Everything secret in here that is text, so that it can be recognised wherever it turns up. Never to be shown.
    pub fn secret_texts(&self) -> impl Iterator<Item = &str> {
        let SecretSettings { master, master_previous, jwt, jwt_previous } = &self.secrets;
        let ours = [master, jwt].into_iter().chain(master_previous).chain(jwt_previous).chain(&self.bootstrap_api_key);
        let accounts = self.accounts.iter().map(|account| account.app_secret.expose());
        let instances = self.login_instances.iter().map(|instance| instance.app_secret.expose());
        let callbacks = self.callback.accounts.iter();
        let callbacks = callbacks.flat_map(|one| [&one.token].into_iter().chain(&one.previous_tokens));
        ours.map(SettingSecret::expose).chain(accounts).chain(instances).chain(callbacks.map(|token| token.expose()))
    }

    /// The settings with one more account.
    #[must_use]
    pub fn with_account(mut self, account: AccountSettings) -> Self {
        self.accounts.push(account);
        self
    }
}

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// A setting that cannot be used. Names the setting, never its value when that is secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{key}: {problem}")]
pub struct SettingError {
    /// The setting as the operator knows it, such as `OAUTH_REDIRECT_HOSTS`.
    pub key: &'static str,
    /// What is wrong and what would be right.
    pub problem: String,
}

impl SettingError {
    pub(crate) fn new(key: &'static str, problem: impl Into<String>) -> Self {
        Self { key, problem: problem.into() }
    }
}
