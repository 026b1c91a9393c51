//! The settings of a playground, in place of what nobody gives. They are kept in its data folder for whoever wants to look
//! or to start from them (`--config`), and written only when the playground has started.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use weiqiao::config::{ConfigError, Input, Loaded, SettingsFile, load};

use crate::arguments::Arguments;

/// The first member of staff of a playground.
pub(crate) const ADMIN_PASSWORD: &str = "weiqiao-playground";
/// The API key of a playground.
pub(crate) const API_KEY: &str = "playground-api-key-for-local-use-only";

/// What the emulated console and the service share, by kind of account. They open only the playground.
const CALLBACKS: [(&str, &str, &str, &str); 2] = [
    ("official", "1", "weiqiaoPlaygroundOfficial", "PlaygroundOfficialAccountEncodingAESKey0001"),
    ("mini", "2", "weiqiaoPlaygroundMini", "PlaygroundMiniProgramEncodingAESKey00000002"),
];

/// The settings, as a file of the data folder.
pub(crate) const FILE: &str = "weiqiao-dev.toml";
/// The login instances, as a folder of it.
const LOGINS: &str = "loginTypes";

/// The login instance of a playground.
pub(crate) const LOGIN: &str = "MyWechatLogin";

/// The playground's own settings.
pub(crate) struct Defaults {
    data: PathBuf,
    text: String,
    /// Whether the login instance is ours too.
    own_login: bool,
}

impl Defaults {
    /// Fills in what `input` leaves open. Nothing is written.
    pub(crate) fn of(arguments: &Arguments, input: &Input) -> anyhow::Result<Self> {
        let data = std::path::absolute(input.folder.join(&arguments.data))
            .with_context(|| format!("--data {}", arguments.data.display()))?;
        let logins = input.surroundings().get("LOGIN_TYPES_DIR").is_some_and(|folder| !folder.trim().is_empty());
        Ok(Self { text: text(arguments, &data), data, own_login: !logins })
    }

    /// Reads the settings as if these had been written already.
    pub(crate) fn load(&self, input: Input) -> anyhow::Result<Loaded> {
        let logins = self.data.join(LOGINS);
        if !self.own_login || logins.is_dir() {
            return Ok(self.load_with(input, &logins)?);
        }
        let stand_in = tempfile::tempdir().context("a temporary folder")?;
        write_login(stand_in.path()).context("a temporary folder")?;
        Ok(self.load_with(input, stand_in.path())?)
    }

    fn load_with(&self, input: Input, logins: &Path) -> Result<Loaded, ConfigError> {
        load(&Input { file: Some(SettingsFile::Text(self.toml(logins))), ..input })
    }

    /// Writes them, now that the playground runs. A login instance that is there is left as somebody may have changed it.
    pub(crate) fn keep(&self) -> anyhow::Result<()> {
        let (file, logins) = (self.data.join(FILE), self.data.join(LOGINS));
        fs::create_dir_all(&self.data).with_context(|| format!("cannot make {}", self.data.display()))?;
        if self.own_login && !logins.is_dir() {
            write_login(&logins).with_context(|| format!("cannot write {}", logins.display()))?;
        }
        fs::write(&file, self.toml(&logins)).with_context(|| format!("cannot write {}", file.display()))
    }

    fn toml(&self, logins: &Path) -> String {
        let mut toml = self.text.clone();
        if self.own_login {
            let _ = writeln!(toml, "login_types_dir = {}", toml_string(&logins.to_string_lossy()));
        }
        // Last, because tables end a file.
        toml.push_str(RULES);
        toml
    }
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

fn text(arguments: &Arguments, data: &Path) -> String {
    let Arguments { port, emulator_port, .. } = arguments;
    let mut text = format!(
        "# 演示环境的默认配置，每次启动都会重写；参数、环境变量与 .env 优先。要改：另存一份，用 --config 启动。\n\
         # Defaults of the playground, written at every start; flags, the environment and .env win over them. To change\n\
         # them, keep a copy and start with --config.\n\
         api_port = {}\n\
         metrics_addr = \"off\"\n\
         admin_password = \"{ADMIN_PASSWORD}\"\n\
         api_key = \"{API_KEY}\"\n",
        port.unwrap_or(3001)
    );
    // A database that a flag names may have a password in its address.
    if arguments.database.is_none() {
        let database = format!("sqlite://{}", data.join("weiqiao.db").to_string_lossy());
        let _ = writeln!(text, "database_url = {}", toml_string(&database));
    }
    for (kind, digit, token, aes_key) in CALLBACKS {
        let _ = writeln!(text, "wechat_{kind}_app_id = \"wx{}\"", digit.repeat(16));
        let _ = writeln!(text, "wechat_{kind}_app_secret = \"{}\"", digit.repeat(32));
        let _ = writeln!(text, "wechat_{kind}_token = \"{token}\"");
        let _ = writeln!(text, "wechat_{kind}_aes_key = \"{aes_key}\"");
    }
    // The service calls the address it listens on; browsers are sent to the name that is easier to read.
    for (base, host) in [("api", "127.0.0.1"), ("open", "localhost"), ("mp", "localhost")] {
        let _ = writeln!(text, "wechat_{base}_base = \"http://{host}:{emulator_port}\"");
    }
    text
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
    use tempfile::TempDir;
    use weiqiao::config::Environment;
    use weiqiao_app::settings::AuthMode;

    use super::*;

    const FOLDER: &str = "a \"quoted\" folder";

    /// A folder with this `.env`, and the settings a playground started there would have.
    fn started(arguments: &[&str], variables: &[(&str, &str)], dotenv: &str) -> (TempDir, Loaded) {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join(".env"), dotenv).unwrap();
        let arguments = ["weiqiao-dev", "--data", FOLDER].iter().chain(arguments);
        let arguments = Arguments::try_parse_from(arguments).unwrap();
        let input = arguments.input(folder.path().to_owned(), Environment::of(variables.iter().copied()));
        let defaults = Defaults::of(&arguments, &input).unwrap();
        let loaded = defaults.load(input).unwrap();
        assert!(!folder.path().join(FOLDER).exists(), "nothing is written before the start");
        (folder, loaded)
    }

    fn shown(folder: &TempDir, name: &str) -> String {
        folder.path().join(name).display().to_string()
    }

    #[test]
    fn the_playground_needs_no_setting() {
        let (folder, Loaded { settings, notes, .. }) = started(&["--port", "4001"], &[], "");
        assert_eq!(settings.auth.mode, AuthMode::Open);
        assert_eq!(settings.listen.port, 4001);
        assert_eq!(settings.listen.public_url.as_str(), "http://localhost:4001/");
        assert!(settings.listen.host.is_loopback());
        assert_eq!(settings.database.place(), shown(&folder, &format!("{FOLDER}/weiqiao.db")));
        assert_eq!(settings.wechat.api_base.as_str(), "http://127.0.0.1:3002/");
        assert_eq!(settings.wechat.open_base.as_str(), "http://localhost:3002/");
        assert_eq!(settings.wechat.accounts.len(), 2);
        assert_eq!(settings.wechat.login_instances.first().unwrap().name, LOGIN);
        assert_eq!(settings.callback.rules.len(), 5);
        for account in &settings.wechat.accounts {
            assert_eq!(account.callback.as_ref().unwrap().mode, weiqiao::config::CallbackMode::Safe);
        }
        assert!(notes.iter().all(|note| note.key.ends_with("_BASE")), "{notes:?}");
    }

    /// The database of a project somebody works on is in their shell and in its `.env`.
    #[test]
    fn only_a_flag_or_a_named_file_says_which_database_it_is() {
        let shell = [("DATABASE_URL", "postgres://u:p@db.example.com/theirs"), ("REDIS_URL", "redis://r.example.com")];
        let (folder, Loaded { settings, notes, .. }) = started(&[], &shell, "DB_HOST=db.example.com\nDB_NAME=theirs\n");
        assert_eq!(settings.database.place(), shown(&folder, &format!("{FOLDER}/weiqiao.db")));
        assert!(settings.redis.url.is_none());
        for key in ["DATABASE_URL", "REDIS_URL", "DB_HOST", "DB_NAME"] {
            assert!(notes.iter().any(|note| note.key == key), "{key} is passed over and nobody is told: {notes:?}");
        }
        let (folder, loaded) = started(&["--database", "sqlite://mine.db"], &shell, "");
        assert_eq!(loaded.settings.database.place(), shown(&folder, "mine.db"));

        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("own.toml"), "database_url = 'sqlite://own.db'\n").unwrap();
        let arguments = Arguments::try_parse_from(["weiqiao-dev", "--config", "own.toml"]).unwrap();
        let settings = load(&arguments.input(folder.path().to_owned(), Environment::of(shell))).unwrap().settings;
        assert_eq!(settings.database.place(), shown(&folder, "own.db"));
        for flag in ["--data", "--database"] {
            let both = ["weiqiao-dev", "--config", "own.toml", flag, "x"];
            assert!(Arguments::try_parse_from(both).is_err(), "{flag} would have no effect");
        }
    }

    #[test]
    fn a_port_of_the_command_line_wins_and_the_address_follows_the_port() {
        let port = |arguments: &[&str]| {
            let listen = started(arguments, &[("API_PORT", "5001")], "API_PORT=6001").1.settings.listen;
            assert_eq!(listen.public_url.port(), Some(listen.port));
            listen.port
        };
        assert_eq!(port(&["--port", "4001"]), 4001);
        assert_eq!(port(&[]), 5001);
    }

    /// What somebody keeps for the program they work on, or for a service in production, is not the playground's.
    #[test]
    fn accounts_and_secrets_of_a_shell_are_passed_over() {
        let shell = [
            ("AUTH_MODE", "strict"),
            ("SESSION_SECRET", "theirs"),
            ("JWT_SECRET", "theirs"),
            ("JWT_EXPIRES_IN", "forever"),
            ("API_KEY", "theirs"),
            ("DB_USER", "theirs"),
            ("WECHAT_APPID", "wx1234567890abcdef"),
            ("WECHAT_OFFICIAL_APP_ID", "wx1234567890abcdef"),
            ("WECHAT_OFFICIAL_APP_SECRET", "0a1b2c3d4e5f60718293a4b5c6d7e8f9"),
            ("WECHAT_CALLBACK_MODE", "plain"),
            ("WECHAT_API_BASE", "https://api.weixin.qq.com"),
        ];
        let dotenv: String = shell.iter().map(|(name, value)| format!("{name}={value}\n")).collect();
        let (_, untouched) = started(&[], &[], "");
        let (_, beside) = started(&[], &shell, "LOG_LEVEL=error\n");
        assert_eq!(beside.settings.log.level, "error", "what else `.env` says is read, whatever mode the shell is for");
        for (_, Loaded { settings, notes, .. }) in [started(&[], &shell, ""), started(&[], &[], &dotenv)] {
            for (name, _) in shell {
                assert!(
                    notes.iter().any(|note| note.key == name),
                    "{name} is passed over and nobody is told: {notes:?}"
                );
            }
            assert_eq!(format!("{:?}", settings.wechat), format!("{:?}", untouched.settings.wechat));
            assert_eq!(settings.auth.mode, AuthMode::Open);
            assert_eq!(settings.auth.session_ttl, untouched.settings.auth.session_ttl);
            assert_eq!(settings.auth.api_key.as_ref().unwrap().expose(), API_KEY);
            let (used, usual) = (&settings.auth.secrets, &untouched.settings.auth.secrets);
            assert_eq!(used.master.expose(), usual.master.expose());
            assert_eq!(used.jwt.expose(), usual.jwt.expose());
        }
    }

    #[test]
    fn accounts_of_a_named_file_replace_the_emulated_ones_whole() {
        let folder = tempfile::tempdir().unwrap();
        let own = "wechat_official_app_id = 'wx1234567890abcdef'\n\
                   wechat_official_app_secret = '0a1b2c3d4e5f60718293a4b5c6d7e8f9'\n";
        fs::write(folder.path().join("own.toml"), own).unwrap();
        let arguments = Arguments::try_parse_from(["weiqiao-dev", "--config", "own.toml"]).unwrap();
        let settings = load(&arguments.input(folder.path().to_owned(), Environment::default())).unwrap().settings;
        assert_eq!(settings.wechat.accounts.len(), 1);
        assert!(settings.callback.rules.is_empty(), "nobody's own account answers our sentences");
        assert!(settings.wechat.login_instances.is_empty());
        assert_eq!(settings.wechat.api_base.host_str(), Some("api.weixin.qq.com"));
    }

    #[test]
    fn a_login_instance_that_was_changed_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let arguments = Arguments::try_parse_from(["weiqiao-dev", "--data", "d"]).unwrap();
        let input = arguments.input(folder.path().to_owned(), Environment::default());
        let defaults = Defaults::of(&arguments, &input).unwrap();
        defaults.keep().unwrap();
        let about = folder.path().join("d").join(LOGINS).join(LOGIN).join("e.json");
        let theirs = fs::read_to_string(&about).unwrap().replace("演示登录", "我的登录");
        fs::write(&about, &theirs).unwrap();
        assert_eq!(defaults.load(input).unwrap().settings.wechat.login_instances.first().unwrap().title, "我的登录");
        defaults.keep().unwrap();
        assert_eq!(fs::read_to_string(&about).unwrap(), theirs);
    }
}
