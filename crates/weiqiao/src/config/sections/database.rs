//! Where facts are stored: a SQLite file, or Postgres.

use std::path::PathBuf;

use url::Url;
use weiqiao_app::settings::SettingSecret;
use weiqiao_store::StoreConfig;

use crate::config::parse;
use crate::config::reader::Reader;
use crate::config::setting::Setting;

/// See [`super::Settings::database`].
#[derive(Debug, Clone)]
pub struct DatabaseSection {
    /// Which engine, and where.
    pub store: StoreConfig,
}

impl DatabaseSection {
    /// Where the facts are, for people: the file, or server and database without user and password.
    #[must_use]
    pub fn place(&self) -> String {
        let url = match &self.store {
            StoreConfig::Sqlite { path } => return path.display().to_string(),
            StoreConfig::Postgres { url, .. } => Url::parse(url).ok(),
        };
        let host = url.as_ref().and_then(Url::host_str).unwrap_or_default();
        let port = url.as_ref().and_then(Url::port).unwrap_or(5432);
        format!("postgres://{host}:{port}{}", url.as_ref().map(Url::path).unwrap_or_default())
    }

    /// The folder for small files of ours: that of the SQLite file, or `data` beside Postgres.
    #[must_use]
    pub fn data_folder(&self) -> PathBuf {
        match &self.store {
            StoreConfig::Sqlite { path } => path.parent().map(PathBuf::from).unwrap_or_default(),
            StoreConfig::Postgres { .. } => PathBuf::from("data"),
        }
    }
}

pub(super) const SETTINGS: &[Setting] = &[
    Setting::secret(
        "DATABASE_URL",
        "sqlite://data/weiqiao.db",
        "sqlite://文件路径，或 postgres://用户:密码@主机:端口/库名",
        "sqlite://path/to/file, or postgres://user:password@host:port/database",
    )
    .example("sqlite://data/weiqiao.db"),
    Setting::plain(
        "DB_HOST",
        "无 / none",
        "Postgres 主机，代替 DATABASE_URL 的分项写法",
        "Postgres host: the parts in place of DATABASE_URL",
    )
    .example("127.0.0.1"),
    Setting::plain("DB_PORT", "5432", "Postgres 端口", "its port").example("5432"),
    Setting::plain("DB_NAME", "设 DB_HOST 时必填 / required with DB_HOST", "数据库名", "database").example("weiqiao"),
    Setting::plain("DB_USERNAME", "设 DB_HOST 时必填 / required with DB_HOST", "用户名", "user").example("weiqiao"),
    Setting::secret("DB_PASSWORD", "无 / none", "密码", "password"),
];

const PARTS: [&str; 5] = ["DB_HOST", "DB_PORT", "DB_NAME", "DB_USERNAME", "DB_PASSWORD"];

pub(super) fn read(reader: &mut Reader) -> DatabaseSection {
    let parts: Vec<_> = PARTS.into_iter().filter(|name| reader.is_given(name)).collect();
    let store = match (reader.is_given("DATABASE_URL"), parts.first()) {
        (true, Some(part)) => {
            let zh = format!("与 {part} 同时设置了；用 DATABASE_URL 或者 DB_ 分项，只选一种。");
            let en = format!("is set together with {part}; use either DATABASE_URL or the DB_ parts.");
            reader.refuse("DATABASE_URL", zh, en);
            None
        }
        (true, None) => from_url(reader),
        (false, Some(_)) => from_parts(reader),
        (false, None) => None,
    };
    DatabaseSection { store: store.unwrap_or_else(|| StoreConfig::Sqlite { path: reader.path("data/weiqiao.db") }) }
}

fn from_url(reader: &mut Reader) -> Option<StoreConfig> {
    let given = reader.secret("DATABASE_URL")?;
    let text = given.expose().trim();
    if let Some(path) = text.strip_prefix("sqlite:") {
        let path = path.strip_prefix("//").unwrap_or(path);
        if path.is_empty() || path.contains(['?', '#']) || path == ":memory:" {
            reader.refuse(
                "DATABASE_URL",
                "sqlite: 后面应当是文件路径，例如 sqlite://data/weiqiao.db 或 sqlite:///var/lib/weiqiao/weiqiao.db。",
                "must name a file after sqlite:, such as sqlite://data/weiqiao.db or sqlite:///var/lib/weiqiao/weiqiao.db.",
            );
            return None;
        }
        return Some(StoreConfig::Sqlite { path: reader.path(path) });
    }
    let url = Url::parse(text).ok().filter(|url| matches!(url.scheme(), "postgres" | "postgresql") && url.has_host());
    let Some(url) = url else {
        reader.refuse(
            "DATABASE_URL",
            "应当是 sqlite://文件路径 或 postgres://用户:密码@主机:端口/库名（密码里的特殊字符要百分号编码）。",
            "must be sqlite://path or postgres://user:password@host:port/database (percent-encode special characters).",
        );
        return None;
    };
    if let Some(password) = url.password() {
        reader.remember_secret("DATABASE_URL", SettingSecret::new(password));
    }
    Some(postgres(text.to_owned()))
}

fn from_parts(reader: &mut Reader) -> Option<StoreConfig> {
    let without_host = !reader.is_given("DB_HOST");
    let needed: &[&str] = if without_host { &["DB_HOST"] } else { &["DB_NAME", "DB_USERNAME"] };
    for name in needed.iter().copied().filter(|name| without_host || !reader.is_given(name)).collect::<Vec<_>>() {
        reader.missing(
            name,
            "DB_ 分项写法需要 DB_HOST、DB_NAME 和 DB_USERNAME。",
            "The DB_ parts need DB_HOST, DB_NAME and DB_USERNAME.",
        );
    }
    let password = reader.secret("DB_PASSWORD");
    let port = reader.value("DB_PORT", parse::port).unwrap_or(5432);
    let (host, name, user) = (reader.text("DB_HOST")?, reader.text("DB_NAME")?, reader.text("DB_USERNAME")?);
    let wrong_host = |reader: &mut Reader| {
        reader.refuse(
            "DB_HOST",
            "应当是主机名或 IP 地址，不带协议和端口。",
            "must be a host name or IP address, without scheme and port.",
        );
    };
    let host = if host.contains(':') && !host.starts_with('[') { format!("[{host}]") } else { host };
    let Ok(mut url) = Url::parse(&format!("postgres://{host}:{port}")) else {
        wrong_host(reader);
        return None;
    };
    if !url.username().is_empty() || !matches!(url.path(), "" | "/") || url.query().is_some() {
        wrong_host(reader);
        return None;
    }
    url.set_path(&parse::part_of_address(&name));
    // These fail for addresses without a host only.
    url.set_username(&parse::part_of_address(&user)).ok()?;
    let password = password.map(|password| parse::part_of_address(password.expose()));
    url.set_password(password.as_deref()).ok()?;
    Some(postgres(url.into()))
}

fn postgres(url: String) -> StoreConfig {
    StoreConfig::Postgres { url, pool_size: StoreConfig::DEFAULT_POOL_SIZE }
}
