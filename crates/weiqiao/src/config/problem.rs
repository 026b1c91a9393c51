//! What is wrong with a setting, for people who read Chinese and people who read English.

use std::fmt;

use crate::lang::Lang;

/// One thing that is wrong. Names the key and what would be right, never the value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The setting as the operator wrote it, such as `JWT_SECRET` or `account.shop.app_secret`.
    pub key: String,
    /// What is wrong and what to write instead, in Chinese.
    pub zh: String,
    /// The same in English.
    pub en: String,
}

/// Something that works but deserves a look.
pub type Note = Problem;

/// Settings that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigError {
    /// Everything that is wrong; never empty.
    pub problems: Vec<Problem>,
}

impl Problem {
    pub(crate) fn new(key: impl Into<String>, zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { key: key.into(), zh: zh.into(), en: en.into() }
    }

    /// The text in one language.
    #[must_use]
    pub fn text(&self, lang: Lang) -> &str {
        match lang {
            Lang::Zh => &self.zh,
            Lang::En => &self.en,
        }
    }
}

impl ConfigError {
    /// Everything that is wrong, in one language.
    #[must_use]
    pub fn text(&self, lang: Lang) -> String {
        let count = self.problems.len();
        let settings = if count == 1 { "setting is" } else { "settings are" };
        let head = lang.pick(
            format!("配置有 {count} 处问题，没有启动。"),
            format!("{count} {settings} wrong; nothing was started."),
        );
        let problems = self.problems.iter().map(|problem| format!("\n  {}\n    {}\n", problem.key, problem.text(lang)));
        let reference = lang.pick("说明：", "Reference:");
        format!("{head}\n{}\n{reference} docs/configuration.md", problems.collect::<String>())
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "  {}\n    {}\n    {}", self.key, self.zh, self.en)
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = self.problems.len();
        let settings = if count == 1 { "setting is" } else { "settings are" };
        writeln!(f, "配置有 {count} 处问题，没有启动。{count} {settings} wrong; nothing was started.")?;
        self.problems.iter().try_for_each(|problem| write!(f, "\n{problem}\n"))?;
        write!(f, "\n说明 Reference: docs/configuration.md")
    }
}

impl std::error::Error for ConfigError {}
