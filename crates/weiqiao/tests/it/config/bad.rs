//! T-91: settings that must not be served with. Each is refused by name, and no value is ever repeated.

use super::{Desk, JWT, MASTER};

const APP: [(&str, &str); 2] = [
    ("WECHAT_OFFICIAL_APP_ID", "wx1234567890abcdef"),
    ("WECHAT_OFFICIAL_APP_SECRET", "0a1b2c3d4e5f60718293a4b5c6d7e8f9"),
];

/// What is set on top of a good configuration, and the key that must be named.
fn table() -> Vec<(Vec<(&'static str, &'static str)>, &'static str)> {
    vec![
        // missing or empty
        (vec![("JWT_SECRET", "")], "JWT_SECRET"),
        (vec![("SESSION_SECRET", "   ")], "SESSION_SECRET"),
        // short
        (vec![("JWT_SECRET", "canary7")], "JWT_SECRET"),
        (vec![("SESSION_SECRET", "canaryK3#9fWq2!xZ8$mP5@rT1%vY4")], "SESSION_SECRET"),
        (vec![("API_KEY", "canary-api-key")], "API_KEY"),
        (vec![("ADMIN_PASSWORD", "canary-pw")], "ADMIN_PASSWORD"),
        (vec![("JWT_SECRET_PREVIOUS", "canary")], "JWT_SECRET_PREVIOUS"),
        // samples
        (vec![("JWT_SECRET", "your-256-bit-secret-canary-canary-canary")], "JWT_SECRET"),
        (vec![("SESSION_SECRET", "changeme-canary-changeme-canary-changeme")], "SESSION_SECRET"),
        (vec![("API_KEY", "<canary: put a long random value of yours here>")], "API_KEY"),
        (vec![("ADMIN_PASSWORD", "password-canary")], "ADMIN_PASSWORD"),
        (vec![("ADMIN_PASSWORD", "canary-admin-canary")], "ADMIN_PASSWORD"),
        (vec![("WECHAT_OFFICIAL_APP_SECRET", "your_app_secret_canary")], "WECHAT_OFFICIAL_APP_SECRET"),
        (vec![("WECHAT_OFFICIAL_APP_SECRET", "99999999999999999999999999999999")], "WECHAT_OFFICIAL_APP_SECRET"),
        (vec![("WECHAT_OFFICIAL_TOKEN", "weixin")], "WECHAT_OFFICIAL_TOKEN"),
        // patterns
        (vec![("JWT_SECRET", "canarycanarycanarycanarycanarycanary")], "JWT_SECRET"),
        (vec![("SESSION_SECRET", "zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz")], "SESSION_SECRET"),
        (vec![("JWT_SECRET", "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")], "JWT_SECRET"),
        // one value for two purposes
        (vec![("JWT_SECRET", MASTER)], "SESSION_SECRET"),
        (vec![("API_KEY", JWT)], "JWT_SECRET"),
        (vec![("JWT_SECRET_PREVIOUS", JWT)], "JWT_SECRET_PREVIOUS"),
        (vec![("REDIS_HOST", "r"), ("REDIS_PASSWORD", JWT)], "REDIS_PASSWORD"),
        (
            vec![
                ("REDIS_URL", "redis://:Xk7canaryQw2Zp9Lm4Rt6Vb8Nc3Hj5Fg1@r/0"),
                ("API_KEY", "Xk7canaryQw2Zp9Lm4Rt6Vb8Nc3Hj5Fg1"),
            ],
            "REDIS_URL",
        ),
        // malformed
        (vec![("WECHAT_OFFICIAL_APP_SECRET", "canary-not-32-characters")], "WECHAT_OFFICIAL_APP_SECRET"),
        (vec![("WECHAT_OFFICIAL_APP_ID", "canary1234567890ab")], "WECHAT_OFFICIAL_APP_ID"),
        (vec![("WECHAT_OFFICIAL_TOKEN", "canary token with blanks")], "WECHAT_OFFICIAL_TOKEN"),
        (vec![("WECHAT_OFFICIAL_TOKEN", "Hx8Kq2Lm"), ("WECHAT_OFFICIAL_AES_KEY", "canary")], "WECHAT_OFFICIAL_AES_KEY"),
        (vec![("API_PORT", "canary")], "API_PORT"),
        (vec![("API_HOST", "canary.example.com")], "API_HOST"),
        (vec![("PUBLIC_URL", "https://user:canary@wx.example.com")], "PUBLIC_URL"),
        (vec![("PUBLIC_URL", "https://wx.example.com/canary")], "PUBLIC_URL"),
        (vec![("AUTH_MODE", "canary")], "AUTH_MODE"),
        (vec![("CORS_ORIGIN", "*")], "CORS_ORIGIN"),
        (vec![("CORS_ORIGIN", "https://a.example.com,canary")], "CORS_ORIGIN"),
        (vec![("RATE_LIMITS", "canary")], "RATE_LIMITS"),
        (vec![("TRUSTED_PROXIES", "10.0.0.0/canary")], "TRUSTED_PROXIES"),
        (vec![("JWT_EXPIRES_IN", "canary")], "JWT_EXPIRES_IN"),
        (vec![("JWT_EXPIRES_IN", "400d")], "JWT_EXPIRES_IN"),
        (vec![("AUTHORIZATION_TTL", "0")], "AUTHORIZATION_TTL"),
        (vec![("DATABASE_URL", "mysql://root:canary@localhost/db")], "DATABASE_URL"),
        (vec![("DATABASE_URL", "postgres://u:canary@")], "DATABASE_URL"),
        (vec![("DATABASE_URL", "sqlite::memory:")], "DATABASE_URL"),
        (vec![("DB_HOST", "db"), ("DB_NAME", "n"), ("DB_USERNAME", "u"), ("DB_PORT", "canary")], "DB_PORT"),
        (vec![("DB_HOST", "https://canary/x"), ("DB_NAME", "n"), ("DB_USERNAME", "u")], "DB_HOST"),
        (vec![("DB_HOST", "db"), ("DB_NAME", "n")], "DB_USERNAME"),
        (vec![("DB_PASSWORD", "canary")], "DB_HOST"),
        (vec![("REDIS_URL", "http://:canary@r")], "REDIS_URL"),
        (vec![("REDIS_URL", "redis://r/canary")], "REDIS_URL"),
        (vec![("REDIS_DB", "1")], "REDIS_HOST"),
        (vec![("REDIS_HOST", "r"), ("REDIS_DB", "canary")], "REDIS_DB"),
        (vec![("WECHAT_TOKEN_MODE", "canary")], "WECHAT_TOKEN_MODE"),
        (vec![("WECHAT_CALLBACK_MODE", "canary")], "WECHAT_CALLBACK_MODE"),
        (vec![("WECHAT_MP_VERIFY", "../canary")], "WECHAT_MP_VERIFY"),
        (vec![("JS_SAFE_DOMAINS", "https://canary.example.com")], "JS_SAFE_DOMAINS"),
        (vec![("OAUTH_REDIRECT_HOSTS", "*.canary.example.com")], "OAUTH_REDIRECT_HOSTS"),
        (vec![("LOGIN_TYPES_DIR", "/nonexistent/canary")], "LOGIN_TYPES_DIR"),
        (vec![("SUBSCRIBE_TEMPLATES", "canary!")], "SUBSCRIBE_TEMPLATES"),
        (vec![("MESSAGE_TEMPLATES", "a,canary!")], "MESSAGE_TEMPLATES"),
        (vec![("MESSAGE_RECIPIENTS", "canary")], "MESSAGE_RECIPIENTS"),
        (vec![("MESSAGE_PAGES", "https://canary/")], "MESSAGE_PAGES"),
        (vec![("MESSAGE_PER_MINUTE", "0")], "MESSAGE_PER_MINUTE"),
        (vec![("MESSAGE_PER_DAY", "canary")], "MESSAGE_PER_DAY"),
        (vec![("MESSAGE_QUOTA", "-1")], "MESSAGE_QUOTA"),
        (vec![("PHONE_PER_USER_DAY", "canary")], "PHONE_PER_USER_DAY"),
        (vec![("PHONE_PER_DAY", "canary")], "PHONE_PER_DAY"),
        (vec![("ACTION_DUPLICATE_WINDOW", "2h")], "ACTION_DUPLICATE_WINDOW"),
        (vec![("ADMIN_USERNAME", "two canaries")], "ADMIN_USERNAME"),
        (vec![("LOG_LEVEL", "canary")], "LOG_LEVEL"),
        (vec![("LOG_DIR", "/dev/null")], "LOG_DIR"),
        (vec![("LOG_DIR", "/dev/null/canary")], "LOG_DIR"),
        (vec![("LOG_FORMAT", "canary")], "LOG_FORMAT"),
        (vec![("LOG_KEEP_DAYS", "0"), ("LOG_DIR", "x")], "LOG_KEEP_DAYS"),
        (vec![("METRICS_ADDR", "canary")], "METRICS_ADDR"),
        (vec![("METRICS_ADDR", "127.0.0.1:3001")], "METRICS_ADDR"),
        (vec![("OTEL_EXPORTER_OTLP_ENDPOINT", "canary")], "OTEL_EXPORTER_OTLP_ENDPOINT"),
        (vec![("ALLOW_CUSTOM_WECHAT_BASE", "canary")], "ALLOW_CUSTOM_WECHAT_BASE"),
        // contradictions and unknown names
        (vec![("DATABASE_URL", "sqlite://w.db"), ("DB_HOST", "canary")], "DATABASE_URL"),
        (vec![("REDIS_URL", "redis://r"), ("REDIS_HOST", "canary")], "REDIS_URL"),
        (vec![("WECHAT_OFFICIAL_TOKEN", "Hx8Kq2Lm"), ("WECHAT_CALLBACK_MODE", "safe")], "WECHAT_OFFICIAL_AES_KEY"),
        (
            vec![
                ("WECHAT_MINI_APP_ID", "wx234567890abcdef1"),
                ("WECHAT_MINI_APP_SECRET", "1a2b3c4d5e6f708192a3b4c5d6e7f809"),
                ("WECHAT_AES_KEY", "canary"),
            ],
            "WECHAT_AES_KEY",
        ),
        (vec![("WECHAT_OFICIAL_APP_ID", "canary")], "WECHAT_OFICIAL_APP_ID"),
        (vec![("JWT_SECERT", "canary")], "JWT_SECERT"),
        (vec![("DB_USER", "canary")], "DB_USER"),
    ]
}

#[test]
fn each_is_refused_by_name_alone() {
    let table = table();
    assert!(table.len() >= 25);
    for (bad, key) in table {
        let desk = Desk::strict().with("PUBLIC_URL", "https://wx.example.com");
        let desk = APP.iter().chain(&bad).fold(desk, |desk, (name, value)| desk.with(name, value));
        let (keys, text) = desk.wrong();
        assert_eq!(keys, [key], "{bad:?}\n{text}");
        assert!(text.contains(key), "{text}");
        for (_, value) in bad.iter().filter(|(_, value)| value.trim().len() >= 6) {
            assert!(!text.contains(value.trim()), "{key}: the value is repeated\n{text}");
        }
        let without_names = text.replace("canary-api", "");
        assert!(!without_names.contains("canary"), "{key}: part of the value is repeated\n{text}");
    }
}

#[test]
fn no_debug_form_of_the_settings_holds_a_secret() {
    let desk = Desk::strict()
        .with("API_KEY", "Xk7canaryQw2Zp9Lm4Rt6Vb8Nc3Hj5Fg1")
        .with("ADMIN_PASSWORD", "three canary boats")
        .with("DATABASE_URL", "postgres://u:canary@db/w")
        .with("REDIS_URL", "redis://:canary@r/0")
        .with("WECHAT_APP_ID", "wx1234567890abcdef")
        .with("WECHAT_APP_SECRET", "0a1b2canary5f60718293a4b5c6d7e8f")
        .with("WECHAT_TOKEN", "canaryHx8Kq2Lm");
    let shown = format!("{:?}", desk.ok());
    assert!(!shown.contains("canary") && !shown.contains(JWT) && !shown.contains(MASTER), "{shown}");
}

#[test]
fn a_broken_file_names_the_line_and_quotes_nothing() {
    for (text, line) in
        [("jwt_secret = 'canary", 1), ("api_port = 1\n\nx = = canary\n", 3), ("a = 1\na = 'canary'\n", 2)]
    {
        let (keys, shown) = Desk::strict().with_file(text).wrong();
        assert!(keys[0].starts_with("--config") && shown.contains(&format!("line {line} ")), "{shown}");
        assert!(!shown.contains("canary"), "{shown}");
    }
    for (text, key) in [
        ("api_port = 1.5", "api_port"),
        ("cors_origin = [1]", "cors_origin"),
        ("API_PORT = 1", "API_PORT"),
        ("[log]\nlevel = 'x'", "log"),
    ] {
        assert_eq!(Desk::strict().with_file(text).wrong().0, [key]);
    }
    let missing = weiqiao::config::load(&weiqiao::config::Input {
        environment: weiqiao::config::Environment::of([("AUTH_MODE", "open")]),
        file: Some(weiqiao::config::SettingsFile::At("missing.toml".into())),
        flags: weiqiao::config::Environment::default(),
        closed: &[],
        folder: Desk::empty().path().to_owned(),
        default_mode: weiqiao_app::settings::AuthMode::Strict,
    });
    assert!(missing.unwrap_err().to_string().contains("missing.toml"));
}
