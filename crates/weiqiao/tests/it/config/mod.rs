//! Settings: sources, defaults, shapes, contradictions, strength.

mod bad;
mod defaults;
mod login_types;
mod sources;
mod wechat;

use std::path::Path;

use tempfile::TempDir;
use weiqiao::config::{ConfigError, Environment, Input, Loaded, SettingsFile, load};
use weiqiao_app::settings::AuthMode;

pub const JWT: &str = "Vq8#mZt2!pLx9@Wc4$hRk7%nBd3^sGf6";
pub const MASTER: &str = "uY5&jQe1*oTi8(aXv0)lKw2-zMb7=cNr";

/// A folder of its own, and variables that make a strict start possible.
pub struct Desk {
    pub folder: TempDir,
    variables: Vec<(String, String)>,
    file: Option<&'static str>,
    mode: AuthMode,
    flags: Vec<(String, String)>,
    closed: &'static [&'static str],
}

impl Desk {
    /// Nothing set, strict by default.
    pub fn empty() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
            variables: Vec::new(),
            file: None,
            mode: AuthMode::Strict,
            flags: Vec::new(),
            closed: &[],
        }
    }

    /// What a strict start needs.
    pub fn strict() -> Self {
        Self::empty().with("JWT_SECRET", JWT).with("SESSION_SECRET", MASTER)
    }

    /// Open by default, as the playground.
    pub fn open() -> Self {
        Self { mode: AuthMode::Open, ..Self::empty() }
    }

    /// Sets a variable, or takes it away when the value is empty and it is set.
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.variables.retain(|(known, _)| known != name);
        self.variables.push((name.to_owned(), value.to_owned()));
        self
    }

    pub fn without(mut self, name: &str) -> Self {
        self.variables.retain(|(known, _)| known != name);
        self
    }

    pub fn with_flag(mut self, name: &str, value: &str) -> Self {
        self.flags.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Environment and `.env` have no say in these.
    pub fn closed(self, closed: &'static [&'static str]) -> Self {
        Self { closed, ..self }
    }

    pub fn with_file(mut self, text: &str) -> Self {
        self.write("weiqiao.toml", text);
        self.file = Some("weiqiao.toml");
        self
    }

    pub fn write(&self, name: &str, text: &str) {
        std::fs::write(self.folder.path().join(name), text).unwrap();
    }

    pub fn load(&self) -> Result<Loaded, ConfigError> {
        load(&Input {
            environment: Environment::of(self.variables.clone()),
            file: self.file.map(|file| SettingsFile::At(file.into())),
            flags: Environment::of(self.flags.clone()),
            closed: self.closed,
            folder: self.folder.path().to_owned(),
            default_mode: self.mode,
        })
    }

    pub fn ok(&self) -> Loaded {
        self.load().unwrap_or_else(|error| panic!("{error}"))
    }

    /// The keys of what is wrong, in the order found, and the whole text.
    pub fn wrong(&self) -> (Vec<String>, String) {
        let error = self.load().expect_err("wrong settings");
        (error.problems.iter().map(|problem| problem.key.clone()).collect(), error.to_string())
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }
}
