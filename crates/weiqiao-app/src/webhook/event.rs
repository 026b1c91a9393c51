//! What is delivered.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// An event, as receivers read it.
///
/// ```json
/// {"id": "0199193d-b6cb-7b2e-8f3a-2f5c1c7f9d10", "type": "wechat.message.text", "account": "official",
///  "timestamp": "2025-09-05T08:58:10.123Z", "data": {}}
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Event {
    /// The same on every try and every replay: whoever has seen it before drops it.
    pub id: String,
    /// What happened: `wechat.message.<type>`, `wechat.event.<type>`, `weiqiao.test`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The name of the account it happened to.
    pub account: String,
    /// When, ISO 8601 in UTC.
    pub timestamp: String,
    /// The message or event itself.
    pub data: Value,
}

impl Event {
    /// An event of that time (epoch milliseconds).
    #[must_use]
    pub fn new(
        id: impl Into<String>,
        kind: impl Into<String>,
        account: impl Into<String>,
        at_ms: i64,
        data: Value,
    ) -> Self {
        Self { id: id.into(), kind: kind.into(), account: account.into(), timestamp: timestamp(at_ms), data }
    }
}

/// ISO 8601 with milliseconds; years are those of a calendar.
fn timestamp(at_ms: i64) -> String {
    OffsetDateTime::from_unix_timestamp_nanos(i128::from(at_ms) * 1_000_000)
        .ok()
        .and_then(|time| time.format(&Rfc3339).ok())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_reads_as_documented() {
        let data = serde_json::json!({"content": "你好"});
        let event = Event::new("1", "wechat.message.text", "official", 1_757_062_690_123, data);
        let text = serde_json::to_string(&event).unwrap();
        assert_eq!(
            text,
            r#"{"id":"1","type":"wechat.message.text","account":"official","timestamp":"2025-09-05T08:58:10.123Z","data":{"content":"你好"}}"#
        );
        assert_eq!(serde_json::from_str::<Event>(&text).unwrap(), event);
    }
}
