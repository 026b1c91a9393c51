//! Turns events into lines.

use std::io::Write;
use std::sync::Arc;

use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::Context;
use tracing_subscriber::registry::LookupSpan;
use weiqiao_app::scrub::Scrubber;
use weiqiao_model::Clock;

use super::fields::Fields;
use super::line::Line;
use super::{json, pretty};
use crate::config::LogFormat;

/// Writes every event as one redacted line to a clone of `writer`.
pub struct LineLayer<W> {
    format: LogFormat,
    colour: bool,
    scrubber: Scrubber,
    clock: Arc<dyn Clock>,
    writer: W,
}

impl<W> LineLayer<W> {
    /// A layer that writes to clones of `writer`, in colour when it is a terminal.
    #[must_use]
    pub fn new(format: LogFormat, colour: bool, scrubber: Scrubber, clock: Arc<dyn Clock>, writer: W) -> Self {
        Self { format, colour, scrubber, clock, writer }
    }
}

impl<S, W> Layer<S> for LineLayer<W>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    W: Write + Clone + 'static,
{
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        let Some(span) = context.span(id) else { return };
        let mut fields = Fields::default();
        fields.collect(&self.scrubber, |visit| attributes.record(visit));
        span.extensions_mut().insert(fields);
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, context: Context<'_, S>) {
        let Some(span) = context.span(id) else { return };
        if let Some(fields) = span.extensions_mut().get_mut::<Fields>() {
            fields.collect(&self.scrubber, |visit| values.record(visit));
        }
    }

    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        let mut own = Fields::default();
        own.collect(&self.scrubber, |visit| event.record(visit));
        let message = own.take_message();
        let mut fields: Vec<_> = Vec::new();
        for span in context.event_scope(event).into_iter().flatten().collect::<Vec<_>>().into_iter().rev() {
            if let Some(of_span) = span.extensions().get::<Fields>() {
                fields.extend(of_span.0.iter().cloned());
            }
        }
        fields.append(&mut own.0);
        let line = Line {
            at_ms: self.clock.now_ms(),
            level: *event.metadata().level(),
            target: event.metadata().target(),
            message,
            fields: last_of_each_name(fields),
        };
        let text = match self.format {
            LogFormat::Json => json::render(line),
            LogFormat::Pretty => pretty::render(&line, self.colour),
        };
        // A log that cannot be written has nowhere to say so.
        let _ = self.writer.clone().write_all(text.as_bytes());
    }
}

/// Inner spans and the event itself win over what is around them; the order of first mention stays.
fn last_of_each_name(fields: Vec<(&'static str, serde_json::Value)>) -> Vec<(&'static str, serde_json::Value)> {
    let mut once: Vec<(&'static str, serde_json::Value)> = Vec::with_capacity(fields.len());
    for (name, value) in fields {
        match once.iter_mut().find(|(known, _)| *known == name) {
            Some((_, old)) => *old = value,
            None => once.push((name, value)),
        }
    }
    once
}

#[cfg(test)]
mod tests;
