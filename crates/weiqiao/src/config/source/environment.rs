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
    if let Some(setting) = setting_of(name) {
        if !closed.contains(&setting.name) {
            sources.put(name, value.to_owned(), origin);
        } else if !value.trim().is_empty() {
            sources.shut_out.push((name.to_owned(), origin));
        }
    } else {
        if names::is_meant_for_us(name) {
            problems.push(names::unknown(name, false));
        }
        sources.others.insert(name.to_owned(), Zeroizing::new(value.to_owned()));
    }
}
