//! A push on one line.

use serde_json::{Value, json};

use super::forward::Forwarded;
use crate::lang::Lang;

/// As many characters of the message are shown.
const SHOWN: usize = 100;

/// For people: when, where, what, the answer, and what came of handing it on.
pub(super) fn line(push: &Value, forwarded: Option<&Forwarded>, lang: Lang) -> String {
    let text = |name: &str| push.get(name).and_then(Value::as_str).unwrap_or_default();
    let time = text("timestamp").get(11..19).unwrap_or_default();
    let kind = text("type").trim_start_matches("wechat.");
    let said = push.get("data").map(shortened).unwrap_or_default();
    let mut line = format!("{time}  {}  {kind}  {said}", text("account"));
    let reply = |name: &str| push.get("reply")?.get(name)?.as_str();
    if let Some(word) = reply("type").filter(|word| *word != "none") {
        let content = reply("content").map(|content| format!(" {}", cut(content))).unwrap_or_default();
        line.push_str(&format!("  ← {word}{content}"));
    }
    if let Some(ms) = push.get("response_ms").and_then(Value::as_i64) {
        line.push_str(&format!("  ({}, {ms} ms)", text("decided_by")));
    }
    if let Some(Forwarded { status, ms }) = forwarded {
        let status = status.map_or_else(ToString::to_string, |status| status.to_string());
        line.push_str(&format!("\n          {} {status}  {ms} ms", lang.pick("→ 转发", "→ forwarded")));
    }
    line
}

/// For programs.
pub(super) fn json(mut push: Value, forwarded: Option<&Forwarded>) -> Value {
    if let (Value::Object(fields), Some(Forwarded { status, ms })) = (&mut push, forwarded) {
        let told = match status {
            Ok(status) => json!({"status": status, "ms": ms}),
            Err(error) => json!({"error": error, "ms": ms}),
        };
        fields.insert("forwarded".to_owned(), told);
    }
    push
}

/// What was said: the words of a text, the fields of anything else.
fn shortened(data: &Value) -> String {
    let fields = data.get("data").unwrap_or(data);
    match ["content", "event_key", "Content", "EventKey"].iter().find_map(|name| fields.get(*name)?.as_str()) {
        Some(text) => cut(text),
        None => cut(&fields.to_string()),
    }
}

/// Safe for a terminal: people write these.
fn cut(text: &str) -> String {
    let plain: String = text.chars().map(|character| if character.is_control() { ' ' } else { character }).collect();
    match plain.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", plain.get(..end).unwrap_or_default()),
        None => plain,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_says_it_all_and_no_escape_sequence_gets_through() {
        let push = json!({
            "id": "1", "type": "wechat.message.text", "account": "official", "timestamp": "2025-09-05T08:58:10.123Z",
            "data": {"type": "text", "data": {"content": "hi\u{1b}[2J"}}, "reply": {"type": "text", "content": "你好"},
            "decided_by": "rule:1", "response_ms": 3,
        });
        let forwarded = Forwarded { status: Ok(200), ms: 12 };
        assert_eq!(
            line(&push, Some(&forwarded), Lang::En),
            "08:58:10  official  message.text  hi [2J  ← text 你好  (rule:1, 3 ms)\n          → forwarded 200  12 ms"
        );
        assert_eq!(json(push, Some(&forwarded))["forwarded"], json!({"status": 200, "ms": 12}));
    }
}
