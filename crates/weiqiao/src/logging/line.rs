//! What a line is made of.

use serde_json::Value;
use time::OffsetDateTime;
use time::format_description::BorrowedFormatItem;
use time::macros::format_description;
use tracing::Level;

/// One event, redacted, before it takes a form.
pub(super) struct Line<'a> {
    pub(super) at_ms: i64,
    pub(super) level: Level,
    pub(super) target: &'a str,
    pub(super) message: String,
    /// Fields of the spans around it, outermost first, then its own; each name once.
    pub(super) fields: Vec<(&'static str, Value)>,
}

impl Line<'_> {
    /// The moment, UTC, with milliseconds.
    pub(super) fn time(&self) -> String {
        const FORMAT: &[BorrowedFormatItem<'_>] =
            format_description!("[year]-[month]-[day]T[hour]:[minute]:[second].[subsecond digits:3]Z");
        let moment = OffsetDateTime::from_unix_timestamp_nanos(i128::from(self.at_ms) * 1_000_000);
        moment.ok().and_then(|moment| moment.format(FORMAT).ok()).unwrap_or_default()
    }
}

/// Whether the character would do something to a terminal or a reader instead of being read: controls, separators that
/// some take for the end of a line, and marks that turn the direction of writing.
pub(super) fn is_active(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{2028}' | '\u{2029}' | '\u{200e}' | '\u{200f}' | '\u{061c}' | '\u{feff}')
        || matches!(character, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}
