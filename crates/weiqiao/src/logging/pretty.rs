//! A line for people.

use std::fmt::Write as _;

use serde_json::Value;
use tracing::Level;

use super::line::{Line, is_active};

const DIM: &str = "\u{1b}[2m";
const OFF: &str = "\u{1b}[0m";

/// `10:58:10.123  INFO weiqiao_http::listener: message name=value`, with colours on a terminal.
pub(super) fn render(line: &Line<'_>, colour: bool) -> String {
    let paint = |code: &'static str| if colour { code } else { "" };
    let time = line.time();
    let clock = time.get(11..23).unwrap_or(&time);
    let level = paint(colour_of(line.level));
    let (dim, off) = (paint(DIM), paint(OFF));
    let mut text = format!("{dim}{clock}{off} {level}{:>5}{off} {dim}{}:{off} ", line.level.as_str(), line.target);
    push_escaped(&mut text, &line.message);
    for (name, value) in &line.fields {
        // Writing to a String does not fail.
        let _ = write!(text, " {dim}{name}={off}");
        match value {
            Value::String(value) => push_escaped(&mut text, value),
            other => text.push_str(&other.to_string()),
        }
    }
    text.push('\n');
    text
}

fn colour_of(level: Level) -> &'static str {
    match level {
        Level::ERROR => "\u{1b}[31m",
        Level::WARN => "\u{1b}[33m",
        Level::INFO => "\u{1b}[32m",
        Level::DEBUG => "\u{1b}[34m",
        Level::TRACE => "\u{1b}[35m",
    }
}

fn push_escaped(text: &mut String, value: &str) {
    for character in value.chars() {
        if is_active(character) {
            text.extend(character.escape_unicode());
        } else {
            text.push(character);
        }
    }
}
