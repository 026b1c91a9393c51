//! What the command line says.

use std::path::PathBuf;

use clap::Parser;
use weiqiao::config::{Environment, Input, SettingsFile};
use weiqiao_app::settings::AuthMode;

/// Whoever keeps these in a shell or a `.env` meant another program: a playground writes demo people into its database, and
/// its accounts are the emulated ones.
const CLOSED: &[&str] = &[
    "ALLOW_CUSTOM_WECHAT_BASE",
    "API_KEY",
    "AUTH_MODE",
    "DATABASE_URL",
    "DB_*",
    "JWT_*",
    "REDIS_*",
    "SESSION_SECRET*",
    "WECHAT_*",
];

/// 微桥演示环境：服务 + 模拟微信 / the Weiqiao playground: the service and an emulated WeChat.
#[derive(Debug, Parser)]
#[command(
    name = "weiqiao-dev",
    version,
    after_help = "先后次序：参数、环境变量、.env、默认值；账号、密钥、数据库和 Redis 只由参数或 --config 决定。\n\
                  Flags win over the environment, that over .env; accounts, secrets, the database and Redis are told by flags or \
                  --config only."
)]
pub(crate) struct Arguments {
    /// 服务的端口，默认 3001 / port of the service, 3001 unless given.
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..))]
    pub(crate) port: Option<u16>,
    /// 模拟微信的端口 / port of the emulated WeChat.
    #[arg(long, default_value_t = 3002, value_parser = clap::value_parser!(u16).range(1..))]
    pub(crate) emulator_port: u16,
    /// 数据目录 / folder of the database.
    #[arg(long, default_value = "data", value_name = "FOLDER")]
    pub(crate) data: PathBuf,
    /// 用这个数据库，代替数据目录里的 / this database in place of the one in the folder: sqlite://… or postgres://…
    #[arg(long, value_name = "URL")]
    pub(crate) database: Option<String>,
    /// 使用此 TOML 配置文件 / a settings file (TOML) in place of the playground's own.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["data", "database"])]
    pub(crate) config: Option<PathBuf>,
}

impl Arguments {
    /// What the settings are read from, but for the playground's own.
    pub(crate) fn input(&self, folder: PathBuf, environment: Environment) -> Input {
        let port = self.port.map(|port| ("API_PORT", port.to_string()));
        let database = self.database.clone().map(|url| ("DATABASE_URL", url));
        Input {
            flags: Environment::of(port.into_iter().chain(database)),
            environment,
            file: self.config.clone().map(SettingsFile::At),
            folder,
            default_mode: AuthMode::Open,
            closed: CLOSED,
        }
    }
}
