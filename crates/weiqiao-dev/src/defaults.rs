//! The settings of a playground: a TOML file in the data folder, written at every start. The environment and `.env` win
//! over it.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use weiqiao::config::Environment;

use crate::Arguments;

/// The first member of staff of a playground.
pub(crate) const ADMIN_PASSWORD: &str = "weiqiao-playground";
/// The API key of a playground.
pub(crate) const API_KEY: &str = "playground-api-key-for-local-use-only";

/// What the emulated console and the service share, by kind of account. They open only the playground.
const CALLBACKS: [(&str, &str, &str, &str); 2] = [
    ("official", "1", "weiqiaoPlaygroundOfficial", "PlaygroundOfficialAccountEncodingAESKey0001"),
    ("mini", "2", "weiqiaoPlaygroundMini", "PlaygroundMiniProgramEncodingAESKey00000002"),
];

const FILE: &str = "weiqiao-dev.toml";

/// The login instance of a playground.
pub(crate) const LOGIN: &str = "MyWechatLogin";

/// Writes the file and says where.
pub(crate) fn write(arguments: &Arguments, environment: &Environment) -> anyhow::Result<PathBuf> {
    fs::create_dir_all(&arguments.data).with_context(|| format!("cannot make {}", arguments.data.display()))?;
    let data =
        fs::canonicalize(&arguments.data).with_context(|| format!("cannot read {}", arguments.data.display()))?;
    let database = data.join("weiqiao.db");
    let path = data.join(FILE);
    let mut text = text(arguments, &database.to_string_lossy(), environment);
    if !is_given(environment, OWN_ACCOUNTS) && !is_given(environment, &["LOGIN_TYPES_DIR"]) {
        let folder = data.join("loginTypes");
        write_login(&folder).with_context(|| format!("cannot write {}", folder.display()))?;
        let _ = writeln!(text, "login_types_dir = {}", toml_string(&folder.to_string_lossy()));
    }
    if !is_given(environment, OWN_ACCOUNTS) {
        // Last, because tables end a file.
        text.push_str(RULES);
    }
    fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))?;
    Ok(path)
}

/// What the emulated official account answers, so that the first word on the phone gets one. Any rule of one's own
/// comes first.
const RULES: &str = r#"
[[rules]]
account = "official"
priority = -1000
match = { on = "event", equals = "subscribe" }
reply = { type = "text", content = "欢迎关注！发一句 hello 试试，发「人工」会转接客服。\nWelcome! Say hello; 人工 asks for a person." }

[[rules]]
account = "official"
priority = -1000
match = { on = "text", contains = "hello" }
reply = { type = "text", content = "你好！这是微桥的自动回复。\nHello! This is an answer by a rule." }

[[rules]]
account = "official"
priority = -1000
match = { on = "text", equals = "人工" }
reply = { type = "transfer" }

[[rules]]
account = "official"
priority = -1000
match = { on = "menu", equals = "HELLO" }
reply = { type = "text", content = "您点了菜单「打个招呼」。\nYou tapped on the menu." }

[[rules]]
account = "official"
priority = -1000
match = { on = "scan" }
reply = { type = "text", content = "扫码收到了。\nYour scan has arrived." }
"#;

/// Whoever names an account of their own gets none of ours.
const OWN_ACCOUNTS: &[&str] = &["WECHAT_APP_ID", "WECHAT_OFFICIAL_APP_ID", "WECHAT_MINI_APP_ID"];

/// A login instance through the emulated official account.
fn write_login(folder: &Path) -> std::io::Result<()> {
    let folder = folder.join(LOGIN);
    fs::create_dir_all(&folder)?;
    let about = "{ \"title\": \"演示登录\", \"type\": \"auths.loginTypes.WechatPublicType\" }\n";
    fs::write(folder.join("e.json"), about)?;
    let (id, secret) = ("1".repeat(16), "1".repeat(32));
    let login = format!("{{ \"appId\": \"wx{id}\", \"appSecret\": \"{secret}\", \"state\": \"demo\" }}\n");
    fs::write(folder.join(format!("{LOGIN}.json")), login)
}

fn text(arguments: &Arguments, database: &str, environment: &Environment) -> String {
    let Arguments { port, emulator_port, .. } = arguments;
    let mut text = format!(
        "# 演示环境的默认配置，每次启动都会重写；环境变量与 .env 优先。\n\
         # Defaults of the playground, written at every start; the environment and .env win over them.\n\
         api_port = {port}\n\
         public_url = \"http://localhost:{port}\"\n\
         metrics_addr = \"off\"\n\
         admin_password = \"{ADMIN_PASSWORD}\"\n\
         api_key = \"{API_KEY}\"\n"
    );
    // A database or account that is named elsewhere is used whole, not mixed with ours.
    if !is_given(environment, &["DATABASE_URL", "DB_HOST"]) {
        let _ = writeln!(text, "database_url = {}", toml_string(&format!("sqlite://{database}")));
    }
    if !is_given(environment, OWN_ACCOUNTS) {
        let plain = environment.get("WECHAT_CALLBACK_MODE").is_some_and(|mode| mode.trim() == "plain");
        for (kind, digit, token, aes_key) in CALLBACKS {
            let _ = writeln!(text, "wechat_{kind}_app_id = \"wx{}\"", digit.repeat(16));
            let _ = writeln!(text, "wechat_{kind}_app_secret = \"{}\"", digit.repeat(32));
            let _ = writeln!(text, "wechat_{kind}_token = \"{token}\"");
            // In plain mode a key is a mistake.
            if !plain {
                let _ = writeln!(text, "wechat_{kind}_aes_key = \"{aes_key}\"");
            }
        }
        // The service calls the address it listens on; browsers are sent to the name that is easier to read.
        for (base, host) in [("api", "127.0.0.1"), ("open", "localhost"), ("mp", "localhost")] {
            let _ = writeln!(text, "wechat_{base}_base = \"http://{host}:{emulator_port}\"");
        }
    }
    text
}

fn is_given(environment: &Environment, names: &[&str]) -> bool {
    names.iter().any(|name| environment.get(name).is_some_and(|value| !value.trim().is_empty()))
}

/// A TOML string: quotes, backslashes and control characters escaped.
fn toml_string(text: &str) -> String {
    let mut quoted = String::from("\"");
    for character in text.chars() {
        match character {
            '"' | '\\' => quoted.extend(['\\', character]),
            c if c.is_control() => {
                let _ = write!(quoted, "\\u{:04X}", u32::from(c));
            }
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use clap::Parser as _;
    use weiqiao::config::{Input, load};
    use weiqiao_app::settings::AuthMode;

    use super::*;

    fn loaded(variables: &[(&str, &str)]) -> weiqiao::config::Settings {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("a \"quoted\" folder");
        let arguments = Arguments::parse_from(["weiqiao-dev", "--port", "4001", "--data", data.to_str().unwrap()]);
        let environment = Environment::of(variables.iter().copied());
        let file = write(&arguments, &environment).unwrap();
        let input = Input { environment, file: Some(file), folder: folder.path().into(), default_mode: AuthMode::Open };
        load(&input).unwrap().settings
    }

    #[test]
    fn the_playground_needs_no_setting() {
        let settings = loaded(&[]);
        assert_eq!(settings.auth.mode, AuthMode::Open);
        assert_eq!(settings.listen.port, 4001);
        assert!(settings.listen.host.is_loopback());
        assert_eq!(settings.wechat.api_base.as_str(), "http://127.0.0.1:3002/");
        assert_eq!(settings.wechat.open_base.as_str(), "http://localhost:3002/");
        assert_eq!(settings.wechat.accounts.len(), 2);
        assert_eq!(settings.wechat.login_instances.first().unwrap().name, LOGIN);
        assert_eq!(settings.callback.rules.len(), 5);
        for account in &settings.wechat.accounts {
            assert_eq!(account.callback.as_ref().unwrap().mode, weiqiao::config::CallbackMode::Safe);
        }
    }

    #[test]
    fn callbacks_may_be_plain() {
        let settings = loaded(&[("WECHAT_CALLBACK_MODE", "plain")]);
        for account in &settings.wechat.accounts {
            assert!(account.callback.as_ref().unwrap().aes_key.is_none());
        }
    }

    #[test]
    fn a_real_account_replaces_the_emulated_ones_whole() {
        let settings = loaded(&[
            ("WECHAT_OFFICIAL_APP_ID", "wx1234567890abcdef"),
            ("WECHAT_OFFICIAL_APP_SECRET", "0a1b2c3d4e5f60718293a4b5c6d7e8f9"),
        ]);
        assert_eq!(settings.wechat.accounts.len(), 1);
        assert!(settings.callback.rules.is_empty(), "nobody's own account answers our sentences");
        assert!(settings.wechat.login_instances.is_empty());
        assert_eq!(settings.wechat.api_base.host_str(), Some("api.weixin.qq.com"));
    }
}
