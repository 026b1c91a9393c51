//! The TOML file: the same settings in lower case, and `[[account]]` tables.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use toml::Value;
use zeroize::Zeroizing;

use super::{Given, Origin, Sources, closest, names, setting_of};
use crate::config::problem::Problem;
use crate::config::sections::ACCOUNT_SETTINGS;

pub(super) fn read(path: &Path, sources: &mut Sources, problems: &mut Vec<Problem>) {
    let shown = format!("--config {}", path.display());
    let text = match fs::read_to_string(path) {
        Ok(text) => Zeroizing::new(text),
        Err(error) => {
            let (zh, en) = (format!("配置文件读不出来：{error}。"), format!("the file cannot be read: {error}."));
            return problems.push(Problem::new(shown, zh, en));
        }
    };
    read_text(&text, &shown, sources, problems);
    if holds_a_secret(sources) && fs::metadata(path).is_ok_and(|file| file.permissions().mode() & 0o077 != 0) {
        sources.open_file = Some(path.to_owned());
    }
}

/// The same from a text that is known as `shown`.
pub(super) fn read_text(text: &str, shown: &str, sources: &mut Sources, problems: &mut Vec<Problem>) {
    let table = match text.parse::<toml::Table>() {
        Ok(table) => table,
        Err(error) => {
            // The parser's own text quotes the line, which may hold a secret.
            let line = error.span().map_or(0, |span| line_of(text, span.start));
            let (zh, en) = (format!("第 {line} 行不是合法的 TOML。"), format!("line {line} is not valid TOML."));
            return problems.push(Problem::new(shown, zh, en));
        }
    };
    for (key, value) in table {
        match value {
            Value::Array(tables) if key == "account" => accounts(tables, sources, problems),
            Value::Array(rules) if key == "rules" => sources.rules = rules,
            _ if key == "account" || key == "rules" => {
                let (zh, en) = (format!("请写成 [[{key}]] 表。"), format!("must be written as [[{key}]] tables."));
                problems.push(Problem::new(key, zh, en));
            }
            value => setting(&key, value, sources, problems),
        }
    }
}

fn setting(key: &str, value: Value, sources: &mut Sources, problems: &mut Vec<Problem>) {
    let name = key.to_ascii_uppercase();
    if setting_of(&name).is_none() || key != key.to_ascii_lowercase() {
        return problems.push(names::unknown(key, true));
    }
    match text_of(value) {
        Some(text) => sources.put(&name, text, Origin::File),
        None => problems.push(wrong_shape(key)),
    }
}

fn accounts(tables: Vec<Value>, sources: &mut Sources, problems: &mut Vec<Problem>) {
    for (number, table) in (1_usize..).zip(tables) {
        let Value::Table(table) = table else {
            problems.push(Problem::new("account", "请写成 [[account]] 表。", "must be written as [[account]] tables."));
            continue;
        };
        let name = table.get("name").and_then(Value::as_str).map_or_else(|| number.to_string(), str::to_owned);
        let mut account = BTreeMap::new();
        for (key, value) in table {
            let known = ACCOUNT_SETTINGS.iter().find(|setting| {
                setting.name == key || (setting.secret && key.strip_suffix("_file") == Some(setting.name))
            });
            let shown = format!("account.{name}.{key}");
            match (known, text_of(value)) {
                (None, _) => problems.push(unknown_in_account(&shown, &key)),
                (Some(_), None) => problems.push(wrong_shape(&shown)),
                (Some(_), Some(text)) if text.trim().is_empty() => {}
                (Some(_), Some(text)) => {
                    account.insert(key, Given { text: Zeroizing::new(text), origin: Origin::File });
                }
            }
        }
        sources.accounts.push(account);
    }
}

/// A text, number, switch, or list of texts, in the form the environment has.
fn text_of(value: Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text),
        Value::Integer(number) => Some(number.to_string()),
        Value::Boolean(switch) => Some(switch.to_string()),
        Value::Array(items) => {
            let texts: Option<Vec<_>> = items
                .into_iter()
                .map(|item| match item {
                    Value::String(text) if !text.contains(',') => Some(text),
                    _ => None,
                })
                .collect();
            texts.map(|texts| texts.join(","))
        }
        Value::Float(_) | Value::Datetime(_) | Value::Table(_) => None,
    }
}

fn wrong_shape(key: &str) -> Problem {
    Problem::new(
        key,
        "应当是文本、整数、true/false 或文本数组。",
        "must be a text, a whole number, true/false, or a list of texts.",
    )
}

fn unknown_in_account(shown: &str, key: &str) -> Problem {
    let all = || ACCOUNT_SETTINGS.iter().map(|setting| setting.name.to_owned());
    match closest(key, all()) {
        Some(wanted) => Problem::new(
            shown,
            format!("没有这个配置项，是不是想写 {wanted}？"),
            format!("is not a setting of an account. Did you mean {wanted}?"),
        ),
        None => {
            let all = all().collect::<Vec<_>>().join(", ");
            let zh = format!("没有这个配置项；[[account]] 里可以写：{all}。");
            Problem::new(shown, zh, format!("is not a setting of an account; those are: {all}."))
        }
    }
}

fn holds_a_secret(sources: &Sources) -> bool {
    let top =
        sources.given.keys().any(|name| setting_of(name).is_some_and(|setting| setting.secret && setting.name == name));
    let secret = |key: &str| ACCOUNT_SETTINGS.iter().any(|setting| setting.secret && setting.name == key);
    top || sources.accounts.iter().any(|account| account.keys().any(|key| secret(key)))
}

fn line_of(text: &str, offset: usize) -> usize {
    1 + text.bytes().take(offset).filter(|byte| *byte == b'\n').count()
}
