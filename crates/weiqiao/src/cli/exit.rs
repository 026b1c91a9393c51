//! How a command ends.

use std::process::ExitCode;

use serde_json::{Value, json};
use weiqiao_app::error::{FieldProblem, code};
use weiqiao_app::{AppError, ErrorKind};
use weiqiao_store::{StoreError, StoreErrorKind};

use super::spoken;
use super::words::lang;
use crate::compose::ComposeError;
use crate::config::ConfigError;
use crate::logging::LogError;

/// Done.
pub const DONE: u8 = 0;
/// It could not be done: refused, not found, does not match.
pub const FAILED: u8 = 1;
/// The command line is wrong.
pub const USAGE: u8 = 2;
/// A server we need does not answer; trying again later may help.
pub const UNAVAILABLE: u8 = 69;
/// The settings cannot be used.
pub const CONFIG: u8 = 78;

/// Why a command did not do what was asked.
#[derive(Debug)]
pub(crate) struct Failure {
    code: u8,
    /// For people: what happened, to what, what next.
    text: String,
    /// For programs.
    json: Value,
}

impl Failure {
    pub(crate) fn failed(text: impl Into<String>) -> Self {
        Self::with("FAILED", FAILED, text)
    }

    pub(crate) fn usage(text: impl Into<String>) -> Self {
        Self::with("USAGE", USAGE, text)
    }

    pub(crate) fn settings(error: &ConfigError) -> Self {
        let problem =
            |problem: &crate::config::Problem| json!({"key": problem.key, "zh": problem.zh, "en": problem.en});
        let problems: Vec<_> = error.problems.iter().map(problem).collect();
        Self { code: CONFIG, text: error.text(lang()), json: json!({"code": "SETTINGS", "problems": problems}) }
    }

    /// The log cannot be written where the settings say.
    pub(crate) fn unusable_log(error: &LogError) -> Self {
        let code = if matches!(error, LogError::Running(_)) { FAILED } else { CONFIG };
        Self::with("LOG", code, error.to_string())
    }

    /// A file that cannot be used: what about it, and what is wrong with each of its fields.
    pub(crate) fn invalid(head: &str, problems: &[(&FieldProblem, String)]) -> Self {
        let lines: String = problems.iter().map(|(_, text)| format!("\n  {text}")).collect();
        let details = problems.iter().map(|(problem, text)| detail(problem, text)).collect::<Value>();
        let json = json!({"code": code::VALIDATION_FAILED, "message": head, "details": details});
        Self { code: FAILED, text: format!("{head}{lines}"), json }
    }

    /// The same where 1 means "different", as for `diff`.
    pub(crate) fn of_comparison(mut self) -> Self {
        if self.code == FAILED {
            self.code = USAGE;
        }
        self
    }

    fn with(word: &str, code: u8, text: impl Into<String>) -> Self {
        let text = text.into();
        Self { code, json: json!({"code": word, "message": text}), text }
    }

    /// Tells it on standard error; the code to end with.
    pub(crate) fn report(&self, as_json: bool) -> ExitCode {
        let text = if as_json { json!({"error": self.json}).to_string() } else { self.text.clone() };
        super::output::tell(&text);
        ExitCode::from(self.code)
    }
}

impl From<ComposeError> for Failure {
    fn from(error: ComposeError) -> Self {
        let text = spoken::compose(&error, lang());
        match &error {
            ComposeError::Store(error) => Self::from(error.clone()),
            error if error.is_unavailable() => Self::with("UNAVAILABLE", UNAVAILABLE, text),
            error if error.is_config() => Self::with("SETTINGS", CONFIG, text),
            _ => Self::failed(text),
        }
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        let text = spoken::store(&error, lang());
        match error.kind() {
            StoreErrorKind::Unavailable => Self::with("UNAVAILABLE", UNAVAILABLE, text),
            StoreErrorKind::Locked => Self::with("LOCKED", FAILED, text),
            StoreErrorKind::Config => Self::with("SETTINGS", CONFIG, text),
            _ => Self::failed(text),
        }
    }
}

impl From<AppError> for Failure {
    fn from(error: AppError) -> Self {
        let code = if matches!(error.kind(), ErrorKind::Unavailable(_)) { UNAVAILABLE } else { FAILED };
        let lang = lang();
        let said = spoken::app(&error, lang);
        let text = said.text();
        let mut json = json!({"code": error.code(), "message": said.message});
        if let Value::Object(fields) = &mut json {
            if let Some(hint) = said.hint {
                fields.insert("hint".into(), hint.into());
            }
            if let ErrorKind::Invalid(problems) = error.kind() {
                let details = problems.iter().map(|problem| detail(problem, &spoken::field(problem, lang)));
                fields.insert("details".into(), details.collect());
            }
        }
        Self { code, text, json }
    }
}

/// What is wrong with one field, for programs.
fn detail(problem: &FieldProblem, text: &str) -> Value {
    json!({"field": problem.field, "rule": problem.rule, "message": text})
}
