use std::time::Duration;

use weiqiao::config::LogFormat;
use weiqiao_app::crm::{CrmLimits, MessageRules};
use weiqiao_app::settings::AuthMode;
use weiqiao_http::Cors;
use weiqiao_store::StoreConfig;

use super::Desk;

const DAY: Duration = Duration::from_secs(86_400);

#[test]
fn strict_defaults_are_the_documented_ones() {
    let desk = Desk::strict();
    let settings = desk.ok().settings;
    assert_eq!(settings.auth.mode, AuthMode::Strict);
    assert_eq!((settings.listen.host.to_string().as_str(), settings.listen.port), ("0.0.0.0", 3001));
    assert_eq!(settings.listen.public_url.as_str(), "http://localhost:3001/");
    assert!(matches!(settings.listen.cors, Cors::Off));
    assert!(settings.listen.rate_limits && settings.listen.trusted_proxies.is_empty());
    assert_eq!(settings.database.store, StoreConfig::Sqlite { path: desk.path().join("data/weiqiao.db") });
    assert!(settings.redis.url.is_none());
    assert_eq!((settings.auth.session_ttl, settings.auth.authorization_ttl), (DAY, DAY));
    assert!(settings.auth.api_key.is_none() && settings.auth.secrets.jwt_previous.is_none());
    assert!(settings.wechat.accounts.is_empty());
    assert_eq!(settings.wechat.api_base.as_str(), "https://api.weixin.qq.com/");
    assert_eq!(settings.wechat.open_base.as_str(), "https://open.weixin.qq.com/");
    assert_eq!(settings.wechat.mp_base.as_str(), "https://mp.weixin.qq.com/");
    assert_eq!((settings.wechat.js_safe_domains, settings.wechat.oauth_redirect_hosts), (None, None));
    assert_eq!((settings.admin.username.as_str(), settings.admin.password), ("admin", None));
    assert_eq!(
        (settings.log.level.as_str(), settings.log.format, settings.log.folder),
        ("info", LogFormat::Json, None)
    );
    assert_eq!(settings.log.keep_days, 14);
    assert_eq!(settings.metrics.address.unwrap().to_string(), "127.0.0.1:9464");
}

#[test]
fn open_defaults_are_for_one_person_at_one_computer() {
    let loaded = Desk::open().ok();
    let settings = &loaded.settings;
    assert_eq!(settings.auth.mode, AuthMode::Open);
    assert!(settings.listen.host.is_loopback() && !settings.listen.rate_limits);
    assert!(matches!(settings.listen.cors, Cors::AnyWithoutCredentials));
    assert_eq!(settings.log.format, LogFormat::Pretty);
    let again = Desk::open().ok().settings;
    assert_eq!(settings.auth.secrets.jwt, again.auth.secrets.jwt, "sessions survive a restart");
    assert_ne!(settings.auth.secrets.jwt, settings.auth.secrets.master);
    let in_strict = Desk::strict().with("JWT_SECRET", again.auth.secrets.jwt.expose()).wrong();
    assert_eq!(in_strict.0, ["JWT_SECRET"], "and are refused where it counts");
}

#[test]
fn the_public_address_follows_the_port() {
    let settings = Desk::open().with("API_PORT", "4000").ok().settings;
    assert_eq!(settings.listen.public_url.as_str(), "http://localhost:4000/");
}

#[test]
fn every_value_is_read() {
    let desk = Desk::strict()
        .with("API_HOST", "127.0.0.1")
        .with("API_PORT", "8080")
        .with("PUBLIC_URL", "https://WX.example.com")
        .with("CORS_ORIGIN", "https://a.example.com, https://b.example.com:8443")
        .with("RATE_LIMITS", "off")
        .with("TRUSTED_PROXIES", "10.0.0.0/8,192.168.1.1")
        .with("JWT_SECRET_PREVIOUS", "pR7+tEb4/wYn1~dHs9:xQk3;gVm6<uJc")
        .with("SESSION_SECRET_PREVIOUS", "iZ8?fLo2>aTr5|eXw0_hBv7`nSy4{mDk")
        .with("JWT_EXPIRES_IN", "7d")
        .with("AUTHORIZATION_TTL", "30m")
        .with("API_KEY", "qN3}rGu6[cPj9]kWt1\\yFz5.oMa8^lHe")
        .with("JS_SAFE_DOMAINS", "wx.example.com,shop.example.com/h5")
        .with("OAUTH_REDIRECT_HOSTS", "app.example.com:8443")
        .with("ADMIN_USERNAME", "root")
        .with("ADMIN_PASSWORD", "three quiet green boats")
        .with("LOG_LEVEL", "warn,weiqiao_app=debug")
        .with("LOG_FORMAT", "pretty")
        .with("LOG_DIR", "logs")
        .with("LOG_KEEP_DAYS", "3")
        .with("METRICS_ADDR", "off");
    let settings = desk.ok().settings;
    assert_eq!((settings.listen.host.to_string().as_str(), settings.listen.port), ("127.0.0.1", 8080));
    assert_eq!(settings.listen.public_url.as_str(), "https://wx.example.com/");
    let Cors::Origins(origins) = settings.listen.cors else { panic!() };
    assert_eq!(origins, ["https://a.example.com", "https://b.example.com:8443"]);
    assert!(!settings.listen.rate_limits);
    assert_eq!(
        settings.listen.trusted_proxies.iter().map(ToString::to_string).collect::<Vec<_>>(),
        ["10.0.0.0/8", "192.168.1.1/32"]
    );
    assert!(settings.auth.secrets.jwt_previous.is_some() && settings.auth.secrets.master_previous.len() == 1);
    assert_eq!((settings.auth.session_ttl, settings.auth.authorization_ttl), (7 * DAY, DAY / 48));
    assert!(settings.auth.api_key.is_some());
    assert_eq!(settings.wechat.js_safe_domains.unwrap(), ["wx.example.com", "shop.example.com/h5"]);
    assert_eq!(settings.wechat.oauth_redirect_hosts.unwrap(), ["app.example.com:8443"]);
    assert_eq!((settings.admin.username.as_str(), settings.admin.password.is_some()), ("root", true));
    assert_eq!((settings.log.level.as_str(), settings.log.keep_days), ("warn,weiqiao_app=debug", 3));
    assert_eq!(settings.log.folder, Some(desk.path().join("logs")));
    assert_eq!(settings.metrics.address, None);
}

#[test]
fn the_database_is_a_file_or_postgres_by_address_or_by_parts() {
    let desk = Desk::strict();
    let store = |desk: Desk| desk.ok().settings.database.store;
    let file = |text| store(Desk::strict().with("DATABASE_URL", text));
    assert!(
        matches!(file("sqlite:///var/lib/w/w.db"), StoreConfig::Sqlite { path } if path.to_str() == Some("/var/lib/w/w.db"))
    );
    assert!(
        matches!(file("sqlite:w.db"), StoreConfig::Sqlite { path } if path.ends_with("w.db") && path.is_absolute())
    );
    let url = "postgresql://u:p%40ss@db.example.com:6543/w?sslmode=verify-full";
    assert!(matches!(file(url), StoreConfig::Postgres { url: found, .. } if found == url));
    let parts = desk
        .with("DB_HOST", "db")
        .with("DB_NAME", "my db")
        .with("DB_USERNAME", "us:er")
        .with("DB_PASSWORD", "p@ss/w#rd%");
    let StoreConfig::Postgres { url, .. } = store(parts) else { panic!() };
    assert_eq!(url, "postgres://us%3Aer:p%40ss%2Fw%23rd%25@db:5432/my%20db");
}

#[test]
fn redis_is_given_by_address_or_by_parts() {
    assert!(Desk::strict().with("REDIS_URL", "rediss://:p@redis:6380/2").ok().settings.redis.url.is_some());
    let parts =
        |password| Desk::strict().with("REDIS_HOST", "redis").with("REDIS_PASSWORD", password).with("REDIS_DB", "3");
    let url = parts("p@s%s").ok().settings.redis.url.unwrap();
    assert_eq!(url, weiqiao_coord::RedisUrl::new("redis://:p%40s%25s@redis:6379/3"));
    let url = parts("").ok().settings.redis.url.unwrap();
    assert_eq!(url, weiqiao_coord::RedisUrl::new("redis://redis:6379/3"), "an empty password is none");
}

#[test]
fn what_is_suspicious_is_noted_and_does_not_stop() {
    let noted = |desk: Desk| -> Vec<String> { desk.ok().notes.into_iter().map(|note| note.key).collect() };
    let quiet =
        || Desk::strict().with("PUBLIC_URL", "https://wx.example.com").with("WECHAT_APP_ID", "wx1234567890abcdef");
    let quiet = || quiet().with("WECHAT_APP_SECRET", "0a1b2c3d4e5f60718293a4b5c6d7e8f9");
    assert_eq!(noted(quiet()), [""; 0]);
    assert_eq!(noted(quiet().without("PUBLIC_URL")), ["PUBLIC_URL"]);
    assert_eq!(noted(quiet().with("PUBLIC_URL", "http://wx.example.com")), ["PUBLIC_URL"]);
    assert_eq!(noted(quiet().with("LOG_KEEP_DAYS", "3")), ["LOG_KEEP_DAYS"]);
    assert_eq!(noted(quiet().with("METRICS_ADDR", "0.0.0.0:9464")), ["METRICS_ADDR"]);
    let crm = quiet().with("SUBSCRIBE_TEMPLATES", "thing1,time2,TPL=thing4|-|-|name5").ok().settings.wechat.crm;
    assert_eq!((crm.fields.time.as_deref(), crm.fields.phone.as_deref()), (Some("time2"), None));
    assert_eq!(crm.fields_of("TPL").name.as_deref(), Some("name5"));
    assert!(
        !crm.advisor_self_register
            && quiet().with("ADVISOR_SELF_REGISTER", "on").ok().settings.wechat.crm.advisor_self_register
    );
    assert_eq!(noted(quiet().with("WECHAT_TOKEN", "Hx8Kq2Lm")), ["WECHAT_TOKEN", "WECHAT_TOKEN"], "plain mode");
    assert_eq!(noted(Desk::open().with("API_HOST", "0.0.0.0")), ["AUTH_MODE", "WECHAT_APP_ID"]);
}

#[test]
fn what_may_be_sent_and_how_much_of_it() {
    let crm = |desk: Desk| desk.ok().settings.wechat.crm;
    let usual = crm(Desk::open());
    assert_eq!(usual.messages, MessageRules::default());
    assert_eq!(usual.limits, CrmLimits::default());
    assert!(crm(Desk::open().with("RATE_LIMITS", "on")).limits.on);
    let told = [
        ("MESSAGE_TEMPLATES", "t1, shop/t2"),
        ("MESSAGE_RECIPIENTS", "known"),
        ("MESSAGE_PAGES", "pages/shop/*"),
        ("MESSAGE_PER_MINUTE", "1"),
        ("MESSAGE_PER_DAY", "2"),
        ("MESSAGE_QUOTA", "3"),
        ("PHONE_PER_USER_DAY", "4"),
        ("PHONE_PER_DAY", "5"),
        ("ACTION_DUPLICATE_WINDOW", "2m"),
    ];
    let crm = crm(told.into_iter().fold(Desk::open(), |desk, (name, value)| desk.with(name, value)));
    let rules = &crm.messages;
    assert!(rules.allows_template("mini", "t1") && rules.allows_template("shop", "t2"));
    assert!(!rules.allows_template("mini", "t2") && rules.known_recipients);
    assert!(rules.pages.allow("pages/shop/a") && !rules.pages.allow("pages/index/index"));
    assert_eq!(rules.duplicate_window, Some(Duration::from_secs(120)));
    let limits = &crm.limits;
    assert_eq!((limits.messages_per_minute, limits.messages_per_day, limits.message_quota), (1, 2, 3));
    assert_eq!((limits.phones_per_person, limits.phones_per_day, limits.on), (4, 5, false));
}
