//! Moving the clock.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{ControlError, Engine, Inner};
use crate::clock::{MOVABLE_MS, Mode, millis, parse_rfc3339, parse_span, rfc3339};

/// What to do with the clock; several fields work in the order real, set, advance, freeze.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct ClockRequest {
    /// `"2h"`, `"30d"`, `"-5m"`, or seconds as a number.
    pub(crate) advance: Option<Value>,
    /// RFC 3339 text, or epoch milliseconds.
    pub(crate) set: Option<Value>,
    /// Stop or go on.
    pub(crate) freeze: Option<bool>,
    /// Back to real time.
    pub(crate) real: bool,
}

/// The clock as the control API shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ClockView {
    /// Emulated time, epoch milliseconds.
    pub now_ms: i64,
    /// The same as RFC 3339.
    pub now: String,
    /// Real time, epoch milliseconds.
    pub real_ms: i64,
    /// How far ahead of real time, milliseconds.
    pub offset_ms: i64,
    /// Whether it stands still.
    pub frozen: bool,
}

impl Inner {
    /// The clock now.
    pub(crate) fn clock_view(&self) -> ClockView {
        let (now_ms, real_ms) = (self.clock.now_ms(), self.clock.real_ms());
        ClockView {
            now_ms,
            now: rfc3339(now_ms),
            real_ms,
            offset_ms: now_ms - real_ms,
            frozen: matches!(self.clock.mode(), Mode::Frozen { .. }),
        }
    }
}

impl Engine {
    /// Moves time forward, to the end of the year 2100 at most; every expiry follows.
    pub fn advance(&self, by: Duration) -> ClockView {
        let mut inner = self.lock();
        let room_ms = MOVABLE_MS.end().saturating_sub(inner.clock.now_ms()).max(0);
        inner.clock.advance(millis(by).min(room_ms));
        self.clock_moved(&mut inner)
    }

    /// Stops time, or lets it run on.
    pub fn freeze(&self, frozen: bool) -> ClockView {
        let mut inner = self.lock();
        inner.clock.freeze(frozen);
        self.clock_moved(&mut inner)
    }

    /// The clock now.
    #[must_use]
    pub fn clock(&self) -> ClockView {
        self.lock().clock_view()
    }

    pub(crate) fn change_clock(&self, request: &ClockRequest) -> Result<ClockView, ControlError> {
        let invalid = |text: &str| ControlError::Invalid(text.to_owned());
        let set = match &request.set {
            None => None,
            Some(Value::String(text)) => {
                Some(parse_rfc3339(text).ok_or_else(|| invalid("set must be RFC 3339, as 2026-11-21T08:00:00Z"))?)
            }
            Some(value) => Some(value.as_i64().ok_or_else(|| invalid("set must be RFC 3339 or epoch milliseconds"))?),
        };
        let advance = match &request.advance {
            None => None,
            Some(Value::String(text)) => {
                Some(parse_span(text).ok_or_else(|| invalid("advance must be as 2h, 30d, 1h30m, 500ms, -5m"))?)
            }
            Some(value) => {
                let seconds = value.as_i64().ok_or_else(|| invalid("advance must be text as 2h, or whole seconds"))?;
                Some(seconds.saturating_mul(1000))
            }
        };
        let mut inner = self.lock();
        let before = inner.clock.mode();
        if request.real {
            inner.clock.real();
        }
        if let Some(to_ms) = set {
            inner.clock.set(to_ms);
        }
        if let Some(by_ms) = advance {
            inner.clock.advance(by_ms);
        }
        if (set.is_some() || advance.is_some()) && !MOVABLE_MS.contains(&inner.clock.now_ms()) {
            inner.clock.set_mode(before);
            return Err(invalid("the clock moves within the years 2000 to 2100 only; it stays as it was"));
        }
        if let Some(frozen) = request.freeze {
            inner.clock.freeze(frozen);
        }
        Ok(self.clock_moved(&mut inner))
    }

    fn clock_moved(&self, inner: &mut Inner) -> ClockView {
        let view = inner.clock_view();
        self.tell(inner, "clock", json!(view));
        view
    }
}
