use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt as _;

use weiqiao::config::Origin;

use super::{Desk, JWT, MASTER};

#[test]
fn the_environment_wins_over_dotenv_and_dotenv_over_the_file() {
    let desk = Desk::open()
        .with_file("api_port = 1000\nlog_level = 'error'\njwt_expires_in = '1h'\n")
        .with("API_PORT", "3000");
    desk.write(".env", "API_PORT=2000\nLOG_LEVEL=warn\n");
    let loaded = desk.ok();
    assert_eq!(loaded.settings.listen.port, 3000);
    assert_eq!(loaded.settings.log.level, "warn");
    assert_eq!(loaded.settings.auth.session_ttl.as_secs(), 3600);
    let given: Vec<_> = loaded.given.iter().map(|given| (given.name.as_str(), &given.origin)).collect();
    assert_eq!(
        given,
        [("API_PORT", &Origin::Environment), ("JWT_EXPIRES_IN", &Origin::File), ("LOG_LEVEL", &Origin::DotEnv)]
    );
}

#[test]
fn a_flag_wins_over_everything_and_a_closed_setting_is_not_taken_from_the_surroundings() {
    const CLOSED: &[&str] = &["DATABASE_URL", "DB_HOST"];
    let surrounded = || {
        let desk = Desk::open()
            .with_file("api_port = 1000\ndatabase_url = 'sqlite://file.db'\n")
            .with("API_PORT", "3000")
            .with("DATABASE_URL", "sqlite://shell.db")
            .closed(CLOSED);
        desk.write(".env", "DB_HOST=db.example.com\n");
        desk
    };
    let path = |desk: &Desk, name: &str| weiqiao_store::StoreConfig::Sqlite { path: desk.path().join(name) };
    let desk = surrounded();
    let loaded = desk.ok();
    assert_eq!(loaded.settings.database.store, path(&desk, "file.db"));
    for key in CLOSED {
        assert!(loaded.notes.iter().any(|note| note.key == *key), "{key} is passed over and nobody is told");
    }

    let desk = surrounded().with_flag("API_PORT", "4000").with_flag("DATABASE_URL", "sqlite://flag.db");
    let loaded = desk.ok();
    assert_eq!((loaded.settings.listen.port, loaded.settings.database.store), (4000, path(&desk, "flag.db")));
    assert_eq!(loaded.given[0].origin, Origin::Flag);
}

#[test]
fn dotenv_is_read_in_development_only() {
    let strict = Desk::strict();
    strict.write(".env", "API_PORT=2000\nAUTH_MODE=open\n");
    let loaded = strict.ok();
    assert_eq!(loaded.settings.listen.port, 3001);
    assert!(loaded.settings.auth.mode.is_strict(), "a stray file must not open a service");
    let env_file = strict.path().join(".env").display().to_string();
    let note = loaded.notes.iter().find(|note| note.key == "AUTH_MODE").expect("what asked for the open mode is named");
    assert!(note.zh.contains(&env_file) && note.en.contains(&env_file), "and where it stands: {note}");

    let missing = Desk::empty();
    missing.write(".env", &format!("JWT_SECRET={JWT}\nSESSION_SECRET={MASTER}\nAUTH_MODE=strict\n"));
    let (keys, text) = missing.wrong();
    assert!(keys.iter().any(|key| key.ends_with(".env")), "what was expected to be read is named: {text}");

    let missing = Desk::empty();
    missing.write(".env", "A B\nAUTH_MODE=strict\n export AUTH_MODE = 'open' # for a try\n");
    let (keys, text) = missing.wrong();
    assert_eq!(keys, ["SESSION_SECRET", "JWT_SECRET", "AUTH_MODE"], "{text}");
    for part in ["AUTH_MODE=open weiqiao serve", "--config", "不能由它自己打开", "cannot choose it"] {
        assert!(text.contains(part), "{part}: {text}");
    }

    let by_variable = Desk::empty().with("AUTH_MODE", "open");
    by_variable.write(".env", "API_PORT=2000\n");
    assert_eq!(by_variable.ok().settings.listen.port, 2000);
    let by_file = Desk::empty().with_file("auth_mode = 'open'");
    by_file.write(".env", "API_PORT=2000\n");
    assert_eq!(by_file.ok().settings.listen.port, 2000);
}

#[test]
fn any_secret_may_come_from_a_file() {
    let desk = Desk::empty().with("JWT_SECRET_FILE", "jwt").with_file("session_secret_file = 'master'\n");
    desk.write("jwt", &format!("{JWT}\n"));
    desk.write("master", &format!("{MASTER}\r\n"));
    let secrets = desk.ok().settings.auth.secrets;
    assert_eq!((secrets.jwt.expose(), secrets.master.expose()), (JWT, MASTER));

    let all: Vec<_> = weiqiao::config::catalogue().filter(|setting| setting.secret).map(|s| s.name).collect();
    for name in ["DB_PASSWORD", "REDIS_PASSWORD", "API_KEY", "ADMIN_PASSWORD", "WECHAT_MINI_APP_SECRET", "DATABASE_URL"]
    {
        assert!(all.contains(&name), "{name}");
    }
    for name in all {
        let desk = Desk::strict().without(name).with(&format!("{name}_FILE"), "/nonexistent/canary");
        let (keys, text) = desk.wrong();
        assert!(keys.contains(&format!("{name}_FILE")), "{name}: {text}");
    }
}

#[test]
fn a_stronger_source_replaces_a_value_given_the_other_way() {
    let desk = Desk::strict().without("JWT_SECRET").with("JWT_SECRET_FILE", "jwt").with_file("jwt_secret = 'weak'\n");
    desk.write("jwt", JWT);
    assert_eq!(desk.ok().settings.auth.secrets.jwt.expose(), JWT);
    let (keys, _) = Desk::strict().with("JWT_SECRET_FILE", "jwt").wrong();
    assert_eq!(keys, ["JWT_SECRET"], "in one source they contradict each other");
}

#[test]
fn empty_values_count_as_not_set() {
    let desk =
        Desk::strict().with("REDIS_URL", "").with("API_PORT", "  ").with("ADMIN_PASSWORD", "").with("API_KEY", "");
    let settings = desk.ok().settings;
    assert!(settings.redis.url.is_none() && settings.admin.password.is_none() && settings.auth.api_key.is_none());
    assert_eq!(settings.listen.port, 3001);
    let (keys, text) = Desk::strict().with("JWT_SECRET", "").wrong();
    assert_eq!(keys, ["JWT_SECRET"]);
    assert!(text.contains("is empty"), "{text}");
}

#[test]
fn the_file_knows_texts_numbers_switches_and_lists() {
    let desk = Desk::strict().with_file(
        "api_port = 4000\nrate_limits = false\nlog_keep_days = 5\nlog_dir = 'logs'\n\
         cors_origin = ['https://a.example.com', 'https://b.example.com']\n",
    );
    let settings = desk.ok().settings;
    assert_eq!((settings.listen.port, settings.listen.rate_limits, settings.log.keep_days), (4000, false, 5));
    let weiqiao_http::Cors::Origins(origins) = settings.listen.cors else { panic!() };
    assert_eq!(origins.len(), 2);
}

#[test]
fn a_file_with_a_secret_that_others_may_read_is_noted() {
    let text = format!("public_url = 'https://wx.example.com'\napi_key = '{}'\n", "qN3}rGu6[cPj9]kWt1/yFz5.oMa8^lHe");
    let desk = Desk::strict().with_file(&text);
    let path = desk.path().join("weiqiao.toml");
    let noted = |mode| {
        std::fs::set_permissions(&path, Permissions::from_mode(mode)).unwrap();
        desk.ok().notes.iter().any(|note| note.en.contains("chmod 600"))
    };
    assert!(noted(0o644) && !noted(0o600));
}

#[test]
fn variables_of_other_programs_do_not_matter() {
    let desk = Desk::strict()
        .with("PATH", "/bin")
        .with("PORT", "80")
        .with("REDIS_PORT", "tcp://10.0.0.1:6379")
        .with("REDIS_PORT_6379_TCP", "tcp://10.0.0.1:6379")
        .with("WEIQIAO_TEST_POSTGRES_URL", "postgres://x");
    assert!(desk.ok().settings.redis.url.is_none());
}

#[test]
fn everything_wrong_is_told_at_once_in_both_languages() {
    let desk = Desk::empty()
        .with("API_PORT", "99999")
        .with("PUBLIC_URL", "wx.example.com")
        .with("LOG_FORMAT", "xml")
        .with("WECHAT_APPID", "wx1")
        .with_file("log_levle = 'info'\n[[account]]\nname = 'shop'\nkind = 'official'\nap_id = 'wx1'\n");
    let (keys, text) = desk.wrong();
    for key in [
        "API_PORT",
        "PUBLIC_URL",
        "LOG_FORMAT",
        "WECHAT_APPID",
        "log_levle",
        "account.shop.ap_id",
        "account.shop.app_id",
        "account.shop.app_secret",
        "JWT_SECRET",
        "SESSION_SECRET",
    ] {
        assert!(keys.iter().any(|found| found == key), "{key}: {keys:?}");
    }
    for part in ["没有启动", "nothing was started", "Did you mean log_level?", "是不是想写 app_id", "openssl rand"]
    {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert!(text.contains("配置有 10 处问题") && text.contains("10 settings are wrong"), "{text}");
}
