//! Fields as they may be seen.

use std::fmt;

use serde_json::Value;
use tracing::field::{Field, Visit};
use weiqiao_app::scrub::Scrubber;

use super::allowed::is_allowed;

/// The longest text of one field, in characters: a caller must not be able to fill the disk with one line.
const LONGEST: usize = 2_000;

/// What stands in the place of a value that may not be seen.
const REDACTED: &str = "[redacted]";

/// Names and values of an event or a span, already redacted.
#[derive(Default)]
pub(super) struct Fields(pub(super) Vec<(&'static str, Value)>);

impl Fields {
    /// Takes in what `record` visits.
    pub(super) fn collect(&mut self, scrubber: &Scrubber, record: impl FnOnce(&mut dyn Visit)) {
        record(&mut Collector { fields: self, scrubber });
    }

    /// Sets a value, in place of an earlier one of that name.
    fn set(&mut self, name: &'static str, value: Value) {
        match self.0.iter_mut().find(|(known, _)| *known == name) {
            Some((_, old)) => *old = value,
            None => self.0.push((name, value)),
        }
    }

    /// Takes the message out.
    pub(super) fn take_message(&mut self) -> String {
        let at = self.0.iter().position(|(name, _)| *name == "message");
        match at.map(|at| self.0.remove(at).1) {
            Some(Value::String(text)) => text,
            Some(other) => other.to_string(),
            None => String::new(),
        }
    }
}

struct Collector<'a> {
    fields: &'a mut Fields,
    scrubber: &'a Scrubber,
}

impl Collector<'_> {
    fn put(&mut self, field: &Field, value: impl FnOnce(&Scrubber) -> Value) {
        let name = field.name();
        let value = if is_allowed(name) { value(self.scrubber) } else { Value::from(REDACTED) };
        self.fields.set(name, value);
    }
}

impl Visit for Collector<'_> {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.put(field, |scrubber| text(scrubber, value));
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.put(field, |scrubber| text(scrubber, &format!("{value:?}")));
    }

    fn record_error(&mut self, field: &Field, value: &(dyn std::error::Error + 'static)) {
        self.put(field, |scrubber| text(scrubber, &value.to_string()));
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.put(field, |_| value.into());
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.put(field, |_| value.into());
    }

    fn record_f64(&mut self, field: &Field, value: f64) {
        self.put(field, |_| value.into());
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.put(field, |_| value.into());
    }
}

fn text(scrubber: &Scrubber, value: &str) -> Value {
    let mut clean = scrubber.clean(value).into_owned();
    if let Some((at, _)) = clean.char_indices().nth(LONGEST) {
        clean.truncate(at);
        clean.push('…');
    }
    Value::String(clean)
}
