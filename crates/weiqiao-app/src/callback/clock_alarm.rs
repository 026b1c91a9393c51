//! Is our clock wrong? A host whose clock is ten minutes off refuses every callback as stale, and would never say why.
//!
//! A stale delivery that is signed with our token is an old one sent again, by WeChat or by somebody who saw it, or a new
//! one that our clock makes old. When several come in a row and none that is fresh, it is the clock.

use std::sync::atomic::{AtomicI64, AtomicU32, Ordering};

/// So many stale ones in a row, and none that was fresh.
const SUSPICIOUS: u32 = 3;
/// How often the log is told, in milliseconds.
const TELL_EVERY_MS: i64 = 60_000;

#[derive(Debug, Default)]
pub(crate) struct ClockAlarm {
    in_a_row: AtomicU32,
    behind_s: AtomicI64,
    told_at: AtomicI64,
}

impl ClockAlarm {
    /// A delivery was fresh.
    pub(crate) fn fresh(&self) {
        if self.in_a_row.swap(0, Ordering::Relaxed) >= SUSPICIOUS {
            self.told_at.store(0, Ordering::Relaxed);
            metrics::gauge!("weiqiao_callback_clock_alarm").set(0.0);
            tracing::info!("callbacks are fresh again: the clock alarm is over");
        }
    }

    /// A delivery was signed with our token, and its time stamp was `behind_s` seconds behind our clock.
    pub(crate) fn stale(&self, behind_s: i64, now_ms: i64) {
        self.behind_s.store(behind_s, Ordering::Relaxed);
        if self.in_a_row.fetch_add(1, Ordering::Relaxed).saturating_add(1) < SUSPICIOUS {
            return;
        }
        metrics::gauge!("weiqiao_callback_clock_alarm").set(1.0);
        let told_at = self.told_at.load(Ordering::Relaxed);
        if told_at == 0 || now_ms.saturating_sub(told_at) >= TELL_EVERY_MS {
            self.told_at.store(now_ms, Ordering::Relaxed);
            tracing::error!(
                behind_s,
                "clock: every callback is refused as stale although it is signed: compare this host's clock with a time \
                 server (timedatectl); CALLBACK_WINDOW widens the window to 900 s at most"
            );
        }
    }

    /// By how many seconds our clock seems to be ahead (or behind, when negative), while that is suspected.
    pub(super) fn suspected(&self) -> Option<i64> {
        (self.in_a_row.load(Ordering::Relaxed) >= SUSPICIOUS).then(|| self.behind_s.load(Ordering::Relaxed))
    }
}

#[cfg(test)]
mod tests {
    use super::ClockAlarm;

    #[test]
    fn several_in_a_row_are_suspicious_and_one_fresh_ends_it() {
        let alarm = ClockAlarm::default();
        for _ in 0..2 {
            alarm.stale(600, 1);
        }
        assert_eq!(alarm.suspected(), None);
        alarm.fresh();
        for _ in 0..2 {
            alarm.stale(600, 1);
        }
        assert_eq!(alarm.suspected(), None, "a fresh one lies between");
        alarm.stale(601, 1);
        assert_eq!(alarm.suspected(), Some(601));
        alarm.fresh();
        assert_eq!(alarm.suspected(), None);
    }
}
