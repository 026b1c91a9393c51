//! The environment of the process.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fmt;

use zeroize::Zeroizing;

use super::{Origin, Sources, names, setting_of};
use crate::config::problem::Problem;

/// Variables by name, taken once. Its `Debug` shows names only.
#[derive(Clone, Default)]
pub struct Environment {
    variables: BTreeMap<String, Zeroizing<String>>,
    /// Names whose value is not UTF-8.
    unreadable: Vec<String>,
}

impl Environment {
    /// The environment of this process.
    #[must_use]
    pub fn of_process() -> Self {
        Self::from_os(std::env::vars_os())
    }

    /// These variables, for tests and for programs that know their settings.
    pub fn of<N: Into<String>, V: Into<String>>(variables: impl IntoIterator<Item = (N, V)>) -> Self {
        let variables = variables.into_iter().map(|(name, value)| (name.into(), Zeroizing::new(value.into())));
        Self { variables: variables.collect(), unreadable: Vec::new() }
    }

    /// These variables where this environment says nothing: how a program gives its own defaults.
    #[must_use]
    pub fn or<N: Into<String>, V: Into<String>>(mut self, defaults: impl IntoIterator<Item = (N, V)>) -> Self {
        for (name, value) in defaults {
            self.variables.entry(name.into()).or_insert_with(|| Zeroizing::new(value.into()));
        }
        self
    }

    /// All variables, by name.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.variables.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// The value of one variable.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.variables.get(name).map(|value| value.as_str())
    }

    fn from_os(variables: impl Iterator<Item = (OsString, OsString)>) -> Self {
        let mut environment = Self::default();
        for (name, value) in variables {
            let name = name.to_string_lossy().into_owned();
            match value.into_string() {
                Ok(value) => drop(environment.variables.insert(name, Zeroizing::new(value))),
                Err(_) => environment.unreadable.push(name),
            }
        }
        environment
    }
}

impl fmt::Debug for Environment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.variables.keys()).finish()
    }
}

pub(super) fn read(environment: &Environment, closed: &[&str], sources: &mut Sources, problems: &mut Vec<Problem>) {
    for name in environment.unreadable.iter().filter(|name| setting_of(name).is_some()) {
        problems.push(Problem::new(name, "不是 UTF-8 文本。", "is not UTF-8 text."));
    }
    for (name, value) in &environment.variables {
        take((name, value), Origin::Environment, closed, sources, problems);
    }
}

/// Keeps a variable that is one of ours, refuses one that was meant to be, and leaves the others alone.
pub(super) fn take(
    (name, value): (&str, &str),
    origin: Origin,
    closed: &[&str],
    sources: &mut Sources,
    problems: &mut Vec<Problem>,
) {
    // Kubernetes describes a service called `redis` as REDIS_PORT=tcp://10.0.0.1:6379: that is not our setting.
    if name.ends_with("_PORT") && value.starts_with("tcp://") {
        return;
    }
    let setting = setting_of(name);
    let shut_out = is_among(closed, setting.map_or(name, |setting| setting.name));
    let is_ours = setting.is_some() || names::is_meant_for_us(name);
    if shut_out && is_ours && !value.trim().is_empty() {
        sources.shut_out.push((name.to_owned(), origin.clone()));
    }
    if setting.is_none() {
        if is_ours && !shut_out {
            problems.push(names::unknown(name, false));
        }
        sources.others.insert(name.to_owned(), Zeroizing::new(value.to_owned()));
    } else if !shut_out {
        sources.put(name, value.to_owned(), origin);
    }
}

/// Whether a name is one of these; one that ends in `*` stands for all that begin like it.
pub(super) fn is_among(names: &[&str], name: &str) -> bool {
    names.iter().any(|one| one.strip_suffix('*').map_or(*one == name, |beginning| name.starts_with(beginning)))
}

#[cfg(test)]
mod tests {
    use std::os::unix::ffi::OsStringExt as _;

    use weiqiao_app::settings::AuthMode;

    use super::*;
    use crate::config::{Input, load};

    /// Another program's variables neither give a setting nor stop the start.
    #[test]
    fn what_is_closed_by_its_beginning_is_told_and_not_used() {
        let variables = [
            ("WECHAT_MINI_APP_ID", "wx1"),
            ("WECHAT_APPID", "wx1"),
            ("WECHAT_MINI_TOKEN_FILE", "/t"),
            ("WECHAT_MP_BASE", " "),
            ("API_KEY", "k"),
            ("API_PORT", "1"),
        ];
        let (mut sources, mut problems) = (Sources::default(), Vec::new());
        read(&Environment::of(variables), &["WECHAT_*", "API_KEY"], &mut sources, &mut problems);
        assert!(problems.is_empty(), "{problems:?}");
        assert_eq!(sources.given.keys().collect::<Vec<_>>(), ["API_PORT"]);
        let told: Vec<_> = sources.shut_out.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(told, ["API_KEY", "WECHAT_APPID", "WECHAT_MINI_APP_ID", "WECHAT_MINI_TOKEN_FILE"]);
        let mut problems = Vec::new();
        read(&Environment::of(variables), &["API_KEY"], &mut Sources::default(), &mut problems);
        assert_eq!(problems.len(), 1, "where it is not closed a slip is a slip: {problems:?}");
    }

    #[test]
    fn what_is_not_text_is_told_once() {
        let environment =
            Environment::from_os([("JWT_SECRET".into(), OsString::from_vec(vec![0xff, 0xfe]))].into_iter());
        let input = Input {
            flags: Environment::default(),
            environment,
            file: None,
            folder: "/nonexistent".into(),
            default_mode: AuthMode::Strict,
            closed: &[],
        };
        let wrong = load(&input).unwrap_err().problems;
        let said: Vec<_> =
            wrong.iter().filter(|problem| problem.key == "JWT_SECRET").map(|one| one.en.as_str()).collect();
        assert_eq!(said, ["is not UTF-8 text."]);
    }
}
