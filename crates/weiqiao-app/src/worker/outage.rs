//! What is said while something fails again and again, and how long to wait before it is tried again; pure. An outage is told
//! when it begins, every few seconds while it lasts, and when it is over: the log is no counter.

use std::time::Duration;

use tokio::time::Instant;

/// While it lasts it is told again after this time; nor does another one begin sooner, in the log.
const AGAIN: Duration = Duration::from_secs(5);
/// The first wait; it doubles from then on …
const PAUSE: Duration = Duration::from_millis(100);
/// … up to this.
const LONGEST_PAUSE: Duration = Duration::from_secs(2);

/// One thing that may fail for a while.
#[derive(Debug, Default)]
pub(super) struct Outage {
    /// When a failure was told last.
    told: Option<Instant>,
    /// Whether a failure was told that is not over.
    lasts: bool,
    /// How many failures were not told since then.
    left_out: u64,
    /// The next wait; nothing while all is well.
    pause: Option<Duration>,
}

impl Outage {
    /// It failed. Gives how many failures were left out, when this one is to be told.
    pub(super) fn failed(&mut self, now: Instant) -> Option<u64> {
        if self.told.is_some_and(|told| now.saturating_duration_since(told) < AGAIN) {
            self.left_out = self.left_out.saturating_add(1);
            return None;
        }
        self.told = Some(now);
        self.lasts = true;
        Some(std::mem::take(&mut self.left_out))
    }

    /// It worked. Gives how many failures were left out, when the end is to be told.
    pub(super) fn worked(&mut self) -> Option<u64> {
        self.pause = None;
        // Failures nobody was told of are told of with the next one.
        std::mem::take(&mut self.lasts).then(|| std::mem::take(&mut self.left_out))
    }

    /// How long to wait before the next try.
    pub(super) fn pause(&mut self) -> Duration {
        let pause = self.pause.unwrap_or(PAUSE);
        self.pause = Some(pause.saturating_mul(2).min(LONGEST_PAUSE));
        pause
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, PartialEq, Eq)]
    enum Said {
        Failed(u64),
        Over(u64),
    }

    /// What is said of tries ten milliseconds apart, and at which millisecond.
    fn said(tries: u64, fails: impl Fn(u64) -> bool) -> Vec<(u64, Said)> {
        let (mut outage, start, mut said) = (Outage::default(), Instant::now(), Vec::new());
        for at in (0..tries).map(|number| number * 10) {
            let what = match fails(at) {
                true => outage.failed(start + Duration::from_millis(at)).map(Said::Failed),
                false => outage.worked().map(Said::Over),
            };
            said.extend(what.map(|what| (at, what)));
        }
        said
    }

    #[test]
    fn an_outage_is_told_when_it_begins_every_five_seconds_and_when_it_is_over() {
        assert_eq!(said(1_000, |_| false), []);
        let fails = |at| (1_000..12_000).contains(&at);
        let wanted = [
            (1_000, Said::Failed(0)),
            (6_000, Said::Failed(499)),
            (11_000, Said::Failed(499)),
            (12_000, Said::Over(99)),
        ];
        assert_eq!(said(2_000, fails), wanted);
    }

    #[test]
    fn what_comes_and_goes_is_told_as_rarely() {
        let told = said(1_000, |at| at % 20 == 0);
        let wanted = [(0, Said::Failed(0)), (10, Said::Over(0)), (5_000, Said::Failed(249)), (5_010, Said::Over(0))];
        assert_eq!(told, wanted);
    }

    #[test]
    fn the_wait_doubles_up_to_two_seconds_and_begins_anew() {
        let mut outage = Outage::default();
        let waits: Vec<u128> = (0..7).map(|_| outage.pause().as_millis()).collect();
        assert_eq!(waits, [100, 200, 400, 800, 1_600, 2_000, 2_000]);
        outage.worked();
        assert_eq!(outage.pause(), PAUSE);
    }
}
