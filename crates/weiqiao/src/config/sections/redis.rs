//! What several instances share.

use url::Url;
use weiqiao_app::settings::SettingSecret;
use weiqiao_coord::RedisUrl;

use crate::config::parse;
use crate::config::reader::Reader;
use crate::config::setting::Setting;

/// See [`super::Settings::redis`].
#[derive(Debug, Clone)]
pub struct RedisSection {
    /// Its address; without one, short-lived state lives in this process.
    pub url: Option<RedisUrl>,
}

pub(super) const SETTINGS: &[Setting] = &[
    Setting::secret(
        "REDIS_URL",
        "无（单实例不需要） / none (one instance needs none)",
        "redis://[:密码@]主机[:端口][/库号]，rediss:// 为 TLS",
        "redis://[:password@]host[:port][/db], rediss:// for TLS",
    ),
    Setting::plain(
        "REDIS_HOST",
        "无 / none",
        "Redis 主机，代替 REDIS_URL 的分项写法",
        "Redis host: the parts in place of REDIS_URL",
    )
    .example("127.0.0.1"),
    Setting::plain("REDIS_PORT", "6379", "Redis 端口", "its port").example("6379"),
    Setting::secret("REDIS_PASSWORD", "无 / none", "密码", "password"),
    Setting::plain("REDIS_DB", "0", "库号", "database number").example("0"),
];

const PARTS: [&str; 4] = ["REDIS_HOST", "REDIS_PORT", "REDIS_PASSWORD", "REDIS_DB"];

pub(super) fn read(reader: &mut Reader) -> RedisSection {
    let parts: Vec<_> = PARTS.into_iter().filter(|name| reader.is_given(name)).collect();
    let url = match (reader.is_given("REDIS_URL"), parts.first()) {
        (true, Some(part)) => {
            let zh = format!("与 {part} 同时设置了；用 REDIS_URL 或者 REDIS_ 分项，只选一种。");
            let en = format!("is set together with {part}; use either REDIS_URL or the REDIS_ parts.");
            reader.refuse("REDIS_URL", zh, en);
            None
        }
        (true, None) => from_url(reader),
        (false, Some(_)) => from_parts(reader),
        (false, None) => None,
    };
    RedisSection { url }
}

fn from_url(reader: &mut Reader) -> Option<RedisUrl> {
    let given = reader.secret("REDIS_URL")?;
    let text = given.expose().trim();
    let parsed = Url::parse(text).ok().filter(|url| match url.scheme() {
        "redis" | "rediss" => url.has_host() && database_number(url.path().trim_matches('/')),
        "unix" => true,
        _ => false,
    });
    let Some(url) = parsed else {
        reader.refuse(
            "REDIS_URL",
            "应当是 redis://[:密码@]主机[:端口][/库号]、rediss://… 或 unix:///路径（密码里的特殊字符要百分号编码）。",
            "must be redis://[:password@]host[:port][/db], rediss://… or unix:///path (percent-encode special characters).",
        );
        return None;
    };
    if let Some(password) = url.password() {
        reader.remember_secret("REDIS_URL", SettingSecret::new(password));
    }
    Some(RedisUrl::new(text))
}

fn database_number(text: &str) -> bool {
    text.is_empty() || text.parse::<u16>().is_ok()
}

fn from_parts(reader: &mut Reader) -> Option<RedisUrl> {
    if !reader.is_given("REDIS_HOST") {
        reader.missing("REDIS_HOST", "REDIS_ 分项写法需要它。", "The REDIS_ parts need it.");
    }
    let password = reader.secret("REDIS_PASSWORD");
    let port = reader.value("REDIS_PORT", parse::port).unwrap_or(6379);
    let db = reader.value("REDIS_DB", |text| parse::whole_number(text, 0..=u16::MAX.into())).unwrap_or(0);
    let host = reader.text("REDIS_HOST")?;
    let host = if host.contains(':') && !host.starts_with('[') { format!("[{host}]") } else { host };
    let url = Url::parse(&format!("redis://{host}:{port}/{db}")).ok().filter(|url| url.username().is_empty());
    let Some(mut url) = url.filter(|url| url.path() == format!("/{db}")) else {
        reader.refuse(
            "REDIS_HOST",
            "应当是主机名或 IP 地址，不带协议和端口。",
            "must be a host name or IP address, without scheme and port.",
        );
        return None;
    };
    let password = password.map(|password| parse::part_of_address(password.expose()));
    url.set_password(password.as_deref()).ok()?;
    Some(RedisUrl::new(url))
}
