//! Where values come from, joined by name.

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;

use weiqiao_app::settings::AuthMode;
use zeroize::Zeroizing;

use super::problem::Problem;
use super::{Input, Setting, SettingsFile, catalogue};

mod dotenv;
mod environment;
mod file;
mod names;

pub use environment::Environment;
pub(super) use names::closest;

/// Where a value was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// The command line.
    Flag,
    /// The environment of the process.
    Environment,
    /// The file `.env`.
    DotEnv,
    /// The TOML file.
    File,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Flag => "flag",
            Self::Environment => "environment",
            Self::DotEnv => ".env",
            Self::File => "file",
        })
    }
}

/// One value as it was given. An empty one counts as not given and is not kept.
pub(super) struct Given {
    pub(super) text: Zeroizing<String>,
    pub(super) origin: Origin,
}

/// A `.env` that was left alone.
pub(super) struct UnreadDotEnv {
    pub(super) path: PathBuf,
    /// Whether it asks for the open mode, which is decided before it is read.
    pub(super) asks_for_open: bool,
}

/// Everything that was given, by the name of the setting (`JWT_SECRET`, `JWT_SECRET_FILE`).
#[derive(Default)]
pub(super) struct Sources {
    pub(super) given: BTreeMap<String, Given>,
    /// Variables that are no settings of ours, from the environment and `.env`: a login instance may name one.
    pub(super) others: BTreeMap<String, Zeroizing<String>>,
    /// Names that were given with an empty value, to say so when the setting is missed.
    pub(super) empty: Vec<String>,
    /// The `[[account]]` tables of the file, by the names of [`super::sections::ACCOUNT_SETTINGS`].
    pub(super) accounts: Vec<BTreeMap<String, Given>>,
    /// The `[[rules]]` tables of the file, as they are.
    pub(super) rules: Vec<toml::Value>,
    /// A `.env` that was found and not read, because the mode is strict.
    pub(super) unread_dotenv: Option<UnreadDotEnv>,
    /// The TOML file, when it holds a secret and others may read it.
    pub(super) open_file: Option<PathBuf>,
    /// What the environment or `.env` gave and may not; see [`Input::closed`].
    pub(super) shut_out: Vec<(String, Origin)>,
}

impl Sources {
    /// Reads all sources; the weaker first, so that the stronger replaces.
    pub(super) fn read(input: &Input, problems: &mut Vec<Problem>) -> Self {
        let mut sources = Self::default();
        match &input.file {
            Some(SettingsFile::At(path)) => file::read(&input.folder.join(path), &mut sources, problems),
            Some(SettingsFile::Text(text)) => file::read_text(text, "settings", &mut sources, problems),
            None => {}
        }
        let dotenv = input.folder.join(".env");
        if dotenv.is_file() {
            if mode_so_far(input, &sources) == AuthMode::Open {
                dotenv::read(&dotenv, input.closed, &mut sources, problems);
            } else {
                let asks_for_open =
                    dotenv::value_of(&dotenv, "AUTH_MODE").is_some_and(|text| mode_of(&text) == AuthMode::Open);
                sources.unread_dotenv = Some(UnreadDotEnv { path: dotenv, asks_for_open });
            }
        }
        environment::read(&input.environment, input.closed, &mut sources, problems);
        for (name, value) in input.flags.iter() {
            sources.put(name, value.to_owned(), Origin::Flag);
        }
        sources
    }

    /// Everything that was given, by name.
    pub(super) fn into_variables(self) -> Environment {
        let given = self.given.into_iter().map(|(name, given)| (name, given.text));
        Environment::of(given.chain(self.others).map(|(name, text)| (name, text.as_str().to_owned())))
    }

    /// Keeps one value, in place of one from a weaker source. `NAME` replaces `NAME_FILE` of a weaker source too, and
    /// the other way round; in one source they contradict each other, which the reader finds.
    fn put(&mut self, name: &str, text: String, origin: Origin) {
        let other = match name.strip_suffix("_FILE") {
            Some(base) => base.to_owned(),
            None => format!("{name}_FILE"),
        };
        if self.given.get(&other).is_some_and(|given| given.origin != origin) {
            self.given.remove(&other);
        }
        self.empty.retain(|empty| empty != name);
        if text.trim().is_empty() {
            self.given.remove(name);
            self.empty.push(name.to_owned());
        } else {
            self.given.insert(name.to_owned(), Given { text: Zeroizing::new(text), origin });
        }
    }
}

/// The mode before `.env` is read: it decides whether it is.
fn mode_so_far(input: &Input, sources: &Sources) -> AuthMode {
    let environment = (!environment::is_among(input.closed, "AUTH_MODE")).then_some(&input.environment);
    let mut outside = [Some(&input.flags), environment].into_iter().flatten().filter_map(|one| one.get("AUTH_MODE"));
    match (outside.find(|text| !text.trim().is_empty()), sources.given.get("AUTH_MODE")) {
        (Some(text), _) => mode_of(text),
        (None, Some(given)) => mode_of(&given.text),
        (None, None) => input.default_mode,
    }
}

/// The mode a text means. A malformed one is reported when it is read; until then be careful.
fn mode_of(text: &str) -> AuthMode {
    if text.trim() == "open" { AuthMode::Open } else { AuthMode::Strict }
}

/// The setting that `name` gives a value to: by its own name, or as `NAME_FILE` when it is a secret.
fn setting_of(name: &str) -> Option<&'static Setting> {
    let mut settings = catalogue();
    settings
        .find(|setting| setting.name == name || (setting.secret && name.strip_suffix("_FILE") == Some(setting.name)))
}
