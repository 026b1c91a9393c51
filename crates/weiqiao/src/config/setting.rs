//! What a setting is called and what it is for.

/// One setting: the documentation and the samples are made from these.
#[derive(Debug, Clone, Copy)]
pub struct Setting {
    /// Its name in the environment; in the file it is the same in lower case.
    pub name: &'static str,
    /// Whether its value must never be shown; then it may also be given as `NAME_FILE`.
    pub secret: bool,
    /// What holds when it is not given, for people.
    pub default: &'static str,
    /// A value to show in samples; empty when a sample would tempt people to keep it.
    pub example: &'static str,
    /// What it is for, in Chinese.
    pub zh: &'static str,
    /// What it is for, in English.
    pub en: &'static str,
    /// Whether this version acts on it. A setting of a later version is checked and has no effect yet.
    pub in_use: bool,
}

impl Setting {
    pub(crate) const fn plain(name: &'static str, default: &'static str, zh: &'static str, en: &'static str) -> Self {
        Self { name, secret: false, default, example: "", zh, en, in_use: true }
    }

    pub(crate) const fn secret(name: &'static str, default: &'static str, zh: &'static str, en: &'static str) -> Self {
        Self { secret: true, ..Self::plain(name, default, zh, en) }
    }

    pub(crate) const fn example(self, example: &'static str) -> Self {
        Self { example, ..self }
    }

    pub(crate) const fn not_in_use_yet(self) -> Self {
        Self { in_use: false, ..self }
    }

    /// Its name in the TOML file.
    #[must_use]
    pub fn file_name(&self) -> String {
        self.name.to_ascii_lowercase()
    }
}
