//! A line as one JSON object.

use std::fmt::Write as _;

use serde_json::Value;

use super::line::{Line, is_active};

/// The object, with the newline that ends it and no other. What every line has comes first, in this order.
pub(super) fn render(line: Line<'_>) -> String {
    let head = [
        ("time", line.time().into()),
        ("level", line.level.as_str().to_ascii_lowercase().into()),
        ("target", line.target.into()),
        ("message", line.message.into()),
    ];
    let mut text = String::with_capacity(256);
    for (name, value) in head.into_iter().chain(line.fields) {
        let sign = if text.is_empty() { '{' } else { ',' };
        // Writing to a String does not fail.
        let _ = write!(text, "{sign}{}:{value}", Value::from(name));
    }
    let mut text = escape(text);
    text.push_str("}\n");
    text
}

/// JSON need not escape every character that is better not sent to a terminal. Such characters occur in strings only,
/// where their number may stand for them.
fn escape(json: String) -> String {
    if !json.chars().any(is_active) {
        return json;
    }
    let mut text = String::with_capacity(json.len() + 16);
    for character in json.chars() {
        if is_active(character) {
            let mut units = [0; 2];
            for unit in character.encode_utf16(&mut units) {
                // Writing to a String does not fail.
                let _ = write!(text, "\\u{unit:04x}");
            }
        } else {
            text.push(character);
        }
    }
    text
}
