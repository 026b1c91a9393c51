//! Settings: where they come from, what they mean, what is wrong with them.
//!
//! A setting has one name everywhere: `JWT_SECRET` in the environment and in `.env`, `jwt_secret` in the TOML file,
//! `JWT_SECRET_FILE` (or `jwt_secret_file`) for a file that holds the value. A flag wins over the environment, that over
//! `.env`, `.env` over the file, the file over the default. `.env` is read in open mode only.
//!
//! Everything wrong is collected and told at once, in Chinese and English, naming the key, what it should be, and never
//! the value. What is only suspicious becomes a [`Note`].
//!
//! # Map
//!
//! - `sections/`: one file per section: its settings ([`Setting`]: name, default, meaning) beside how they are read.
//! - `source/`: environment, `.env`, TOML file, joined by name.
//! - `login_types`: the folder of the named login instances.
//! - `reader`: what a section reads with. `parse`: the shapes values have. `strength`: what a secret must be.
//! - [`handbook`]: the documentation and the samples, made from the same [`Setting`]s.
//!
//! To add a setting: one [`Setting`] and one field in its section. To add a section: one file, one line in
//! `sections/mod.rs`. Then `WEIQIAO_REGENERATE=1 cargo test -p weiqiao handbook`.

use std::fmt;
use std::path::PathBuf;

pub mod handbook;
mod login_types;
mod parse;
mod problem;
mod reader;
mod sections;
mod setting;
mod source;
mod strength;

pub use problem::{ConfigError, Note, Problem};
pub use sections::{
    AccountCallback, AdminSection, AuthSection, CallbackMode, CallbackSection, DatabaseSection, ListenSection,
    LogFormat, LogSection, MetricsSection, RedisSection, Settings, WechatAccount, WechatSection, catalogue,
};
pub use setting::Setting;
pub use source::{Environment, Origin};

use reader::Reader;
use source::Sources;
use weiqiao_app::settings::AuthMode;

/// What to read settings from.
#[derive(Debug, Clone)]
pub struct Input {
    /// What the command line says, by the names of the settings: wins over everything.
    pub flags: Environment,
    /// The environment of the process, or of a test.
    pub environment: Environment,
    /// The TOML settings, when there are any.
    pub file: Option<SettingsFile>,
    /// The folder relative paths start from and `.env` is looked for in.
    pub folder: PathBuf,
    /// The mode when `AUTH_MODE` is not set: strict for `weiqiao`, open for `weiqiao-dev`.
    pub default_mode: AuthMode,
    /// Settings that the environment and `.env` may not give, because whoever set them there hardly meant this program. A name
    /// that ends in `*` stands for all that begin like it.
    pub closed: &'static [&'static str],
}

/// Settings written as TOML.
#[derive(Clone, PartialEq, Eq)]
pub enum SettingsFile {
    /// A file.
    At(PathBuf),
    /// What a program would write into one.
    Text(String),
}

impl fmt::Debug for SettingsFile {
    /// A text may hold secrets and is not shown.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::At(path) => f.debug_tuple("At").field(path).finish(),
            Self::Text(_) => f.write_str("Text"),
        }
    }
}

impl Input {
    /// What command line, environment and `.env` say, the stronger first, without judging it: for programs whose own
    /// settings depend on what others are given.
    #[must_use]
    pub fn surroundings(&self) -> Environment {
        let input = Self { file: None, ..self.clone() };
        Sources::read(&input, &mut Vec::new()).into_variables()
    }
}

/// Settings that can be used, and what is worth knowing about them.
#[derive(Debug, Clone)]
pub struct Loaded {
    /// The settings.
    pub settings: Settings,
    /// What is suspicious or has no effect.
    pub notes: Vec<Note>,
    /// Which settings were given, and where; in the order of the handbook.
    pub given: Vec<GivenSetting>,
}

/// A setting that was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GivenSetting {
    /// Its name, `NAME_FILE` when it was given as a file.
    pub name: String,
    /// Where.
    pub origin: Origin,
    /// Its value; nothing when that must not be shown.
    pub value: Option<String>,
}

/// Reads and checks all settings.
///
/// # Errors
///
/// Everything that is wrong, at once.
pub fn load(input: &Input) -> Result<Loaded, ConfigError> {
    let mut problems = Vec::new();
    let sources = Sources::read(input, &mut problems);
    let mut reader = Reader::new(sources, input.folder.clone(), problems);
    let settings = Settings::read(&mut reader, input.default_mode);
    reader.finish(settings)
}
