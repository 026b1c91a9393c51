//! The sections, one file each: what they hold, what their settings are called, how they are read.

use weiqiao_app::settings::AuthMode;
use weiqiao_app::webhook::WebhookSettings;
use weiqiao_app::worker::WorkerSettings;

use super::reader::Reader;
use super::setting::Setting;

mod admin;
mod auth;
mod callback;
mod database;
mod listen;
mod log;
mod messages;
mod metrics;
mod redis;
mod tracing;
mod webhook;
mod wechat;
mod worker;

pub use admin::AdminSection;
pub use auth::AuthSection;
pub use callback::CallbackSection;
pub use database::DatabaseSection;
pub use listen::ListenSection;
pub use log::{LogFormat, LogSection};
pub use metrics::MetricsSection;
pub use redis::RedisSection;
pub use wechat::{AccountCallback, CallbackMode, WechatAccount, WechatSection};

pub(super) use wechat::{ACCOUNT_SETTINGS, app_id, app_secret};

/// Everything the service is told.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The public listener and who may call it from where.
    pub listen: ListenSection,
    /// Who may call what, and the keys of sessions and encryption.
    pub auth: AuthSection,
    /// Where facts are stored.
    pub database: DatabaseSection,
    /// What instances share.
    pub redis: RedisSection,
    /// The accounts, and where WeChat is.
    pub wechat: WechatSection,
    /// How callbacks are received.
    pub callback: CallbackSection,
    /// How events go to other programs.
    pub webhook: WebhookSettings,
    /// How work is done later.
    pub worker: WorkerSettings,
    /// The first member of staff.
    pub admin: AdminSection,
    /// What is written to the log, and where.
    pub log: LogSection,
    /// Where figures are shown.
    pub metrics: MetricsSection,
}

/// A section's title and settings, in the order of the handbook.
pub(super) const SECTIONS: [(&str, &str, &[Setting]); 13] = [
    ("监听与网址", "Listening and addresses", listen::SETTINGS),
    ("登录与密钥", "Sign-in and keys", auth::SETTINGS),
    ("数据库", "Database", database::SETTINGS),
    ("Redis", "Redis", redis::SETTINGS),
    ("微信", "WeChat", wechat::SETTINGS),
    ("小程序与订阅消息", "Mini program and its messages", messages::SETTINGS),
    ("消息与事件推送", "Callbacks", callback::SETTINGS),
    ("事件转发", "Webhooks", webhook::SETTINGS),
    ("后台任务", "Background work", worker::SETTINGS),
    ("管理员", "First member of staff", admin::SETTINGS),
    ("日志", "Log", log::SETTINGS),
    ("指标", "Metrics", metrics::SETTINGS),
    ("链路追踪", "Tracing", tracing::SETTINGS),
];

/// Every setting, in the order of the handbook.
pub fn catalogue() -> impl Iterator<Item = &'static Setting> {
    SECTIONS.iter().flat_map(|(_, _, settings)| settings.iter())
}

impl Settings {
    /// Reads all sections. Sections go on with a stand-in after a problem, so that later ones are checked too; the
    /// reader refuses the whole in the end.
    pub(super) fn read(reader: &mut Reader, default_mode: AuthMode) -> Option<Self> {
        let mode = auth::mode(reader, default_mode);
        let listen = listen::read(reader, mode)?;
        let auth = auth::read(reader, mode);
        let database = database::read(reader);
        let redis = redis::read(reader);
        let mut wechat = wechat::read(reader, mode, &listen)?;
        wechat.crm.messages = messages::rules(reader);
        wechat.crm.limits = messages::limits(reader, listen.rate_limits);
        let callback = callback::read(reader, mode, &wechat);
        let webhook = webhook::read(reader, mode);
        let worker = worker::read(reader);
        let admin = admin::read(reader, mode);
        let log = log::read(reader, mode);
        let metrics = metrics::read(reader, &listen);
        tracing::read(reader);
        if mode.is_strict() {
            reader.refuse_shared_secrets();
        }
        Some(Self { listen, auth, database, redis, wechat, callback, webhook, worker, admin, log, metrics })
    }
}
