//! What a section reads its settings with. Collects what is wrong instead of stopping at it.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use weiqiao_app::settings::SettingSecret;
use zeroize::Zeroizing;

use super::problem::{ConfigError, Note, Problem};
use super::sections::Settings;
use super::source::{Given, Sources, UnreadDotEnv};
use super::{GivenSetting, Loaded, catalogue};

/// What a value should have been, in Chinese and English: "must be …".
pub(super) struct Expected {
    pub(super) zh: String,
    pub(super) en: String,
}

impl Expected {
    pub(super) fn new(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { zh: zh.into(), en: en.into() }
    }
}

pub(super) struct Reader {
    sources: Sources,
    folder: PathBuf,
    problems: Vec<Problem>,
    notes: Vec<Note>,
    /// Every secret that was read, by the name it is known under.
    secrets: BTreeMap<String, SettingSecret>,
}

impl Reader {
    pub(super) fn new(sources: Sources, folder: PathBuf, problems: Vec<Problem>) -> Self {
        Self { sources, folder, problems, notes: Vec::new(), secrets: BTreeMap::new() }
    }

    /// The value as it was given, without surrounding blanks.
    pub(super) fn text(&self, name: &str) -> Option<String> {
        self.sources.given.get(name).map(|given| given.text.trim().to_owned())
    }

    /// Whether a value was given, directly or as a file.
    pub(super) fn is_given(&self, name: &str) -> bool {
        self.sources.given.contains_key(name) || self.sources.given.contains_key(&format!("{name}_FILE"))
    }

    /// The value, checked by `parse`; nothing when it is not given or wrong.
    pub(super) fn value<T>(&mut self, name: &str, parse: impl FnOnce(&str) -> Result<T, Expected>) -> Option<T> {
        match parse(&self.text(name)?) {
            Ok(value) => Some(value),
            Err(Expected { zh, en }) => {
                self.refuse(name, zh, en);
                None
            }
        }
    }

    /// The comma-separated values, each checked by `parse`; nothing when it is not given.
    pub(super) fn list<T>(&mut self, name: &str, parse: impl Fn(&str) -> Result<T, Expected>) -> Option<Vec<T>> {
        let text = self.text(name)?;
        let mut values = Vec::new();
        for item in text.split(',').map(str::trim).filter(|item| !item.is_empty()) {
            match parse(item) {
                Ok(value) => values.push(value),
                Err(Expected { zh, en }) => {
                    self.refuse(name, format!("每一项{zh}"), format!("each item {en}"));
                    return None;
                }
            }
        }
        Some(values)
    }

    /// The secret, from its value or from the file named by `NAME_FILE`.
    pub(super) fn secret(&mut self, name: &str) -> Option<SettingSecret> {
        let file = format!("{name}_FILE");
        let (value, path) = (self.sources.given.get(name), self.sources.given.get(&file));
        let found = secret_of(&self.folder, (name, value), (&file, path));
        self.keep_secret(name, found)
    }

    /// A variable that a login instance names: any one of the environment or of `.env`. That its name looks like a slip
    /// of ours no longer counts.
    pub(super) fn variable(&mut self, name: &str) -> Option<String> {
        let own = self.sources.given.get(name).map(|given| given.text.as_str());
        let value = own.or_else(|| self.sources.others.get(name).map(|value| value.as_str()))?.trim().to_owned();
        self.problems.retain(|problem| problem.key != name || self.sources.given.contains_key(name));
        Some(value).filter(|value| !value.is_empty())
    }

    /// The `[[account]]` tables of the file.
    pub(super) fn account_tables(&mut self) -> Vec<AccountTable> {
        let tables = std::mem::take(&mut self.sources.accounts);
        (1_usize..)
            .zip(tables)
            .map(|(number, values)| {
                let name = values.get("name").map_or_else(|| number.to_string(), |name| name.text.trim().to_owned());
                AccountTable { shown: format!("account.{name}"), values }
            })
            .collect()
    }

    /// The `[[rules]]` tables of the file.
    pub(super) fn rule_tables(&mut self) -> Vec<toml::Value> {
        std::mem::take(&mut self.sources.rules)
    }

    /// The secret of an account in the file.
    pub(super) fn account_secret(&mut self, table: &AccountTable, key: &str) -> Option<SettingSecret> {
        let file = format!("{key}_file");
        let shown = (table.key(key), table.key(&file));
        let (value, path) = (table.values.get(key), table.values.get(&file));
        let found = secret_of(&self.folder, (&shown.0, value), (&shown.1, path));
        self.keep_secret(&shown.0, found)
    }

    /// Takes note of a secret that is part of another value.
    pub(super) fn remember_secret(&mut self, name: &str, secret: SettingSecret) {
        self.secrets.insert(name.to_owned(), secret);
    }

    /// Refuses a secret that guards two different things: whoever learns it for one has the other.
    pub(super) fn refuse_shared_secrets(&mut self) {
        let mut found = Vec::new();
        for (number, (name, secret)) in self.secrets.iter().enumerate() {
            let earlier = self.secrets.iter().take(number).find(|(_, other)| *other == secret);
            if let Some((other, _)) = earlier.filter(|(other, _)| purpose(other) != purpose(name)) {
                found.push(Problem::new(
                    name,
                    format!("与 {other} 的值相同；每个用途都要有自己的密钥。"),
                    format!("has the same value as {other}; each purpose needs a secret of its own."),
                ));
            }
        }
        self.problems.append(&mut found);
    }

    /// A path, relative to the folder the program was started in.
    pub(super) fn path(&self, text: &str) -> PathBuf {
        self.folder.join(text)
    }

    pub(super) fn refuse(&mut self, key: impl Into<String>, zh: impl Into<String>, en: impl Into<String>) {
        self.problems.push(Problem::new(key, zh, en));
    }

    pub(super) fn note(&mut self, key: impl Into<String>, zh: impl Into<String>, en: impl Into<String>) {
        self.notes.push(Note::new(key, zh, en));
    }

    /// Says that a setting is missing: not given at all, or given with nothing in it.
    pub(super) fn missing(&mut self, name: &str, zh: &str, en: &str) {
        if self.was_refused(name) {
            // It is there and cannot be read.
            return;
        }
        match self.sources.empty.iter().any(|empty| empty == name) {
            true => self.refuse(name, format!("是空的。{zh}"), format!("is empty. {en}")),
            false => self.refuse(name, format!("没有设置。{zh}"), format!("is not set. {en}")),
        }
    }

    /// Whether something wrong with `key` is known already.
    pub(super) fn was_refused(&self, key: &str) -> bool {
        let file = format!("{key}_FILE");
        self.problems.iter().any(|problem| problem.key == key || problem.key.eq_ignore_ascii_case(&file))
    }

    pub(super) fn has_problems(&self) -> bool {
        !self.problems.is_empty()
    }

    /// The settings, unless something was wrong.
    pub(super) fn finish(mut self, settings: Option<Settings>) -> Result<Loaded, ConfigError> {
        if let Some(dotenv) = self.sources.unread_dotenv.take() {
            self.note_unread_dotenv(&dotenv);
        }
        if let Some(path) = self.sources.open_file.take() {
            let key = format!("--config {}", path.display());
            let (zh, en) =
                ("里面有密钥，却允许其他用户读取；请 chmod 600。", "holds a secret and others may read it; chmod 600.");
            self.note(key, zh, en);
        }
        for (name, origin) in std::mem::take(&mut self.sources.shut_out) {
            let zh = format!("来自 {origin}，没有使用：这个程序只听命令行参数和 --config 的。");
            let en = format!("in the {origin} is not used: this program is told by its flags or by --config only.");
            self.note(name, zh, en);
        }
        let given = self.given();
        let unused: Vec<_> = catalogue().filter(|setting| !setting.in_use && self.is_given(setting.name)).collect();
        for setting in unused {
            self.note(setting.name, "已检查；这个版本还用不到它。", "is checked; this version does not use it yet.");
        }
        match settings {
            Some(settings) if self.problems.is_empty() => Ok(Loaded { settings, notes: self.notes, given }),
            _ => Err(ConfigError { problems: self.problems }),
        }
    }

    /// A strict start that failed for want of settings is often a `.env` that was expected to be read, and most of all one that
    /// asks for the open mode: it would have to be read before it is known whether it may be.
    fn note_unread_dotenv(&mut self, UnreadDotEnv { path, asks_for_open }: &UnreadDotEnv) {
        let shown = path.display().to_string();
        let (key, zh, en) = if *asks_for_open {
            let zh = format!(
                "的值 open 写在 {shown} 里，不起作用，这个文件里的其他配置也没有读取：.env 只在 open 模式下读取，不能由它自己打开 open 模式。\
                 开发时请用环境变量给出：AUTH_MODE=open weiqiao serve，或在 --config 的文件里写 auth_mode = \"open\"；\
                 正式部署请删去这一行，其他配置改由环境变量或 --config 给出。"
            );
            let en = format!(
                "is open in {shown}, which has no effect, and nothing else in that file was read: .env is read in open mode only \
                 and cannot choose it. For development give it in the environment (AUTH_MODE=open weiqiao serve) or as \
                 auth_mode = \"open\" in the file of --config; for a deployment delete that line and give the other settings in \
                 the environment or with --config."
            );
            ("AUTH_MODE".to_owned(), zh, en)
        } else {
            let zh =
                "没有读取：.env 只在开发时使用，即环境变量 AUTH_MODE 或 --config 的文件里的 auth_mode 为 open 时。";
            let en = "was not read: .env is for development only, that is when AUTH_MODE in the environment, or auth_mode in \
                      the file of --config, is open.";
            (shown, zh.to_owned(), en.to_owned())
        };
        if self.has_problems() {
            self.refuse(key, zh, en);
        } else {
            self.note(key, zh, en);
        }
    }

    fn given(&self) -> Vec<GivenSetting> {
        let names = catalogue()
            .flat_map(|setting| [(setting.name.to_owned(), setting.secret), (format!("{}_FILE", setting.name), false)]);
        names
            .filter_map(|(name, secret)| {
                let given = self.sources.given.get(&name)?;
                let value = (!secret).then(|| given.text.trim().to_owned());
                Some(GivenSetting { name, origin: given.origin.clone(), value })
            })
            .collect()
    }

    fn keep_secret(&mut self, name: &str, found: Result<Option<SettingSecret>, Problem>) -> Option<SettingSecret> {
        let found = found.map_err(|problem| self.problems.push(problem)).ok()??;
        self.secrets.insert(name.to_owned(), found.clone());
        Some(found)
    }
}

/// What a secret guards. Credentials of the same sort may be alike in two accounts or servers; ours may not.
fn purpose(name: &str) -> String {
    let lower = name.to_ascii_lowercase();
    let lower = lower
        .strip_suffix("_previous")
        .filter(|name| name.contains('_') && !name.ends_with("secret"))
        .unwrap_or(&lower);
    if lower.starts_with("db_") || lower.starts_with("redis_") || lower == "database_url" {
        return "a server beside us".to_owned();
    }
    let of_account = ["wechat_", "account.", "login instance "].iter().any(|start| lower.starts_with(start));
    let sort = ["app_secret", "aes_key", "token"].into_iter().find(|sort| of_account && lower.ends_with(sort));
    sort.unwrap_or(lower).to_owned()
}

/// One `[[account]]` table.
pub(super) struct AccountTable {
    shown: String,
    values: BTreeMap<String, Given>,
}

impl AccountTable {
    /// What a setting of this account is called in messages.
    pub(super) fn key(&self, key: &str) -> String {
        format!("{}.{key}", self.shown)
    }

    pub(super) fn text(&self, key: &str) -> Option<&str> {
        self.values.get(key).map(|given| given.text.trim())
    }
}

/// The secret given as a value or as a file, by the names it is known under.
fn secret_of(
    folder: &Path,
    (name, value): (&str, Option<&Given>),
    (file_name, file): (&str, Option<&Given>),
) -> Result<Option<SettingSecret>, Problem> {
    match (value, file) {
        (None, None) => Ok(None),
        (Some(value), None) => Ok(Some(SettingSecret::new(value.text.as_str()))),
        (Some(_), Some(_)) => Err(Problem::new(
            name,
            format!("与 {file_name} 同时设置了；只能留一个。"),
            format!("is set together with {file_name}; keep one of them."),
        )),
        (None, Some(path)) => {
            let path = folder.join(path.text.trim());
            let text = fs::read_to_string(&path).map(Zeroizing::new).map_err(|error| {
                let shown = path.display();
                Problem::new(
                    file_name,
                    format!("文件 {shown} 读不出来：{error}。"),
                    format!("the file {shown} cannot be read: {error}."),
                )
            })?;
            let text = text.trim_end_matches(['\n', '\r']);
            if text.trim().is_empty() {
                return Err(Problem::new(file_name, "文件是空的。", "the file is empty."));
            }
            Ok(Some(SettingSecret::new(text)))
        }
    }
}
