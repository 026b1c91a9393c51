//! A line as one JSON object.

use std::fmt::Write as _;

use serde_json::{Map, Value};

use super::line::{Line, is_active};

/// The object, with the newline that ends it and no other.
pub(super) fn render(line: Line<'_>) -> String {
    let mut object = Map::new();
    object.insert("time".into(), line.time().into());
    object.insert("level".into(), line.level.as_str().to_ascii_lowercase().into());
    object.insert("target".into(), line.target.into());
    object.insert("message".into(), line.message.into());
    for (name, value) in line.fields {
        object.insert(name.into(), value);
    }
    let mut text = escape(&Value::Object(object).to_string());
    text.push('\n');
    text
}

/// JSON need not escape every character that is better not sent to a terminal. Such characters occur in strings only,
/// where their number may stand for them.
fn escape(json: &str) -> String {
    if !json.chars().any(is_active) {
        return json.to_owned();
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
