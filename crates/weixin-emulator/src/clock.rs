//! The emulator's own time: real time plus an offset, or frozen.
//!
//! Every expiry in the emulator is computed from here, so a test that wants to see a token two hours later moves the
//! clock instead of waiting.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// Where real time comes from: epoch milliseconds.
pub type TimeSource = Arc<dyn Fn() -> i64 + Send + Sync>;

/// Milliseconds of one day.
pub(crate) const DAY_MS: i64 = 86_400_000;
/// Beijing is eight hours ahead of UTC; WeChat's days and months begin there.
const BEIJING_MS: i64 = 8 * 3_600_000;

/// The earliest and the latest moment the clock can be moved to, epoch milliseconds: the years 2000 to 2100. Beyond them neither
/// dates nor sums of times are safe with whoever reads the clock.
pub(crate) const MOVABLE_MS: std::ops::RangeInclusive<i64> = 946_684_800_000..=4_133_980_799_999;

/// How the clock relates to real time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Mode {
    /// Runs with real time, this many milliseconds ahead (negative: behind).
    Running {
        /// Milliseconds added to real time.
        offset_ms: i64,
    },
    /// Stands still at this moment.
    Frozen {
        /// Epoch milliseconds.
        at_ms: i64,
    },
}

/// The movable clock.
pub(crate) struct Clock {
    source: TimeSource,
    mode: Mode,
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Clock").field("mode", &self.mode).finish_non_exhaustive()
    }
}

impl Clock {
    /// A clock showing exactly what `source` says.
    pub(crate) fn new(source: TimeSource) -> Self {
        Self { source, mode: Mode::Running { offset_ms: 0 } }
    }

    /// Emulated time, epoch milliseconds.
    pub(crate) fn now_ms(&self) -> i64 {
        match self.mode {
            Mode::Running { offset_ms } => (self.source)().saturating_add(offset_ms),
            Mode::Frozen { at_ms } => at_ms,
        }
    }

    /// Real time, epoch milliseconds.
    pub(crate) fn real_ms(&self) -> i64 {
        (self.source)()
    }

    /// How the clock relates to real time.
    pub(crate) fn mode(&self) -> Mode {
        self.mode
    }

    /// Puts the clock back into a mode taken from [`Clock::mode`].
    pub(crate) fn set_mode(&mut self, mode: Mode) {
        self.mode = mode;
    }

    /// Moves time forward (or back, when negative); running or frozen stays as it was.
    pub(crate) fn advance(&mut self, by_ms: i64) {
        match &mut self.mode {
            Mode::Running { offset_ms } => *offset_ms = offset_ms.saturating_add(by_ms),
            Mode::Frozen { at_ms } => *at_ms = at_ms.saturating_add(by_ms),
        }
    }

    /// Jumps to a moment; running or frozen stays as it was.
    pub(crate) fn set(&mut self, to_ms: i64) {
        match &mut self.mode {
            Mode::Running { offset_ms } => *offset_ms = to_ms.saturating_sub((self.source)()),
            Mode::Frozen { at_ms } => *at_ms = to_ms,
        }
    }

    /// Stops (`true`) or lets time run on from where it stands (`false`).
    pub(crate) fn freeze(&mut self, frozen: bool) {
        let now = self.now_ms();
        self.mode = if frozen {
            Mode::Frozen { at_ms: now }
        } else {
            Mode::Running { offset_ms: now.saturating_sub((self.source)()) }
        };
    }

    /// Back to real time.
    pub(crate) fn real(&mut self) {
        self.mode = Mode::Running { offset_ms: 0 };
    }
}

/// The operating system's time. The only place of this crate that reads it.
#[allow(clippy::disallowed_methods)]
pub(crate) fn system_time() -> TimeSource {
    Arc::new(|| {
        std::time::SystemTime::now()
            .duration_since(std::time::UNIX_EPOCH)
            .map_or(0, |since| i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
    })
}

/// Number of the Beijing day a moment belongs to.
pub(crate) fn beijing_day(now_ms: i64) -> i64 {
    now_ms.saturating_add(BEIJING_MS).div_euclid(DAY_MS)
}

/// Number of the Beijing month a moment belongs to (year × 12 + month).
pub(crate) fn beijing_month(now_ms: i64) -> i64 {
    OffsetDateTime::from_unix_timestamp(now_ms.saturating_add(BEIJING_MS).div_euclid(1000))
        .map_or(0, |at| i64::from(at.year()) * 12 + i64::from(u8::from(at.month())))
}

/// A moment as RFC 3339 text in UTC with milliseconds; the number itself when it is out of range.
pub(crate) fn rfc3339(at_ms: i64) -> String {
    OffsetDateTime::from_unix_timestamp_nanos(i128::from(at_ms) * 1_000_000)
        .ok()
        .and_then(|at| at.format(&Rfc3339).ok())
        .unwrap_or_else(|| at_ms.to_string())
}

/// Reads RFC 3339 text as epoch milliseconds.
pub(crate) fn parse_rfc3339(text: &str) -> Option<i64> {
    let at = OffsetDateTime::parse(text, &Rfc3339).ok()?;
    i64::try_from(at.unix_timestamp_nanos().div_euclid(1_000_000)).ok()
}

/// Milliseconds of a duration, saturating.
pub(crate) fn millis(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}

/// Reads `"2h"`, `"1h30m"`, `"500ms"`, `"-5m"`, `"30d"` as milliseconds; a bare number is seconds.
pub(crate) fn parse_span(text: &str) -> Option<i64> {
    let text = text.trim();
    let (sign, mut rest) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text),
    };
    if rest.is_empty() {
        return None;
    }
    let mut total: i64 = 0;
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        let (number, tail) = rest.split_at_checked(digits)?;
        let unit_end = tail.find(|c: char| c.is_ascii_digit()).unwrap_or(tail.len());
        let (unit, next) = tail.split_at_checked(unit_end)?;
        let factor = match unit {
            "ms" => 1,
            "" | "s" => 1000,
            "m" | "min" => 60_000,
            "h" => 3_600_000,
            "d" => DAY_MS,
            _ => return None,
        };
        total = total.checked_add(number.parse::<i64>().ok()?.checked_mul(factor)?)?;
        rest = next;
    }
    Some(sign * total)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_read_with_units_and_signs() {
        for (text, ms) in [
            ("2h", 7_200_000),
            ("1h30m", 5_400_000),
            ("500ms", 500),
            ("45", 45_000),
            ("30d", 30 * DAY_MS),
            ("-5m", -300_000),
            (" 5min ", 300_000),
        ] {
            assert_eq!(parse_span(text), Some(ms), "{text}");
        }
        for text in ["", "-", "h", "2w", "2 h", "9223372036854775807d"] {
            assert_eq!(parse_span(text), None, "{text}");
        }
    }

    #[test]
    fn the_clock_runs_jumps_freezes_and_returns() {
        let mut clock = Clock::new(Arc::new(|| 1_000));
        clock.advance(500);
        assert_eq!(clock.now_ms(), 1_500);
        clock.set(9_000);
        assert_eq!((clock.now_ms(), clock.real_ms()), (9_000, 1_000));
        clock.freeze(true);
        assert_eq!(clock.mode(), Mode::Frozen { at_ms: 9_000 });
        clock.advance(1);
        clock.freeze(false);
        assert_eq!(clock.mode(), Mode::Running { offset_ms: 8_001 });
        clock.real();
        assert_eq!(clock.now_ms(), 1_000);
    }

    #[test]
    fn days_and_months_begin_in_beijing() {
        // 2026-01-31T16:00:00Z is 2026-02-01T00:00:00+08:00.
        let midnight = parse_rfc3339("2026-01-31T16:00:00Z").unwrap();
        assert_eq!(beijing_day(midnight) - beijing_day(midnight - 1), 1);
        assert_eq!(beijing_month(midnight) - beijing_month(midnight - 1), 1);
        assert_eq!(rfc3339(midnight), "2026-01-31T16:00:00Z");
    }
}
