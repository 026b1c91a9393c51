//! Chinese or English.

use crate::config::Environment;

/// The language people are spoken to in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Lang {
    /// 中文.
    Zh,
    /// English.
    #[default]
    En,
}

impl Lang {
    /// What the locale says: `LC_ALL` before `LC_MESSAGES` before `LANG`; Chinese when it begins with `zh`.
    #[must_use]
    pub fn of(environment: &Environment) -> Self {
        let set = |name| environment.get(name).filter(|value| !value.is_empty());
        let locale = set("LC_ALL").or_else(|| set("LC_MESSAGES")).or_else(|| set("LANG"));
        if locale.is_some_and(|locale| locale.to_ascii_lowercase().starts_with("zh")) { Self::Zh } else { Self::En }
    }

    /// The text of the two in this language.
    #[must_use]
    pub fn pick<T>(self, zh: T, en: T) -> T {
        match self {
            Self::Zh => zh,
            Self::En => en,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stronger_variable_decides() {
        let lang = |variables: &[(&str, &str)]| Lang::of(&Environment::of(variables.iter().copied()));
        assert_eq!(lang(&[]), Lang::En);
        assert_eq!(lang(&[("LANG", "zh_CN.UTF-8")]), Lang::Zh);
        assert_eq!(lang(&[("LANG", "zh_CN.UTF-8"), ("LC_ALL", "C")]), Lang::En);
        assert_eq!(lang(&[("LANG", "en_US.UTF-8"), ("LC_MESSAGES", "zh_TW"), ("LC_ALL", "")]), Lang::Zh);
    }
}
