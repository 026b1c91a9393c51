//! Lets WeChat rest when it does not answer. Pure state: it is told the time and decides nothing else.
//!
//! There is one for the API base, not one for each account: what it looks at, connections and answers that are none, is a
//! matter of the host and the way to it, and no account would fare better than another. A refusal with a code is an answer,
//! so an account that is refused never shuts out the others. Accounts have their own rests, see [`super::apps`].

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// As many failures without an answer in between open it, over however long a time.
const IN_A_ROW: u32 = 10;
/// So does half of all tries that ended in the last ten seconds, if they were as many as this.
const ENOUGH: u32 = 10;
/// How much of the past counts, in seconds.
const WINDOW_S: i64 = 10;
/// While it is open one try goes out this often, in milliseconds.
const PROBE_EVERY_MS: i64 = 5_000;

/// Whether calls leave.
#[derive(Debug, Default)]
pub(crate) struct Breaker {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    in_a_row: u32,
    /// The last ten seconds in which something ended, oldest first.
    window: VecDeque<Second>,
    /// Since when it is open or, later, when the last probe began, epoch milliseconds.
    resting_since_ms: Option<i64>,
}

/// What ended in one second.
#[derive(Debug, Default)]
struct Second {
    second: i64,
    ended: u32,
    failed: u32,
}

/// What a result changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Change {
    /// Nothing.
    None,
    /// Calls stay here from now on.
    Opened,
    /// Calls leave again.
    Closed,
}

impl Breaker {
    /// How long calls stay here; `None` when one may leave. Changes nothing.
    pub(crate) fn rests(&self, now_ms: i64) -> Option<Duration> {
        rest(self.state().resting_since_ms?, now_ms)
    }

    /// How many tries in a row had no answer.
    pub(crate) fn failures(&self) -> u32 {
        self.state().in_a_row
    }

    /// Whether it is open, a probe due or not.
    pub(crate) fn is_open(&self) -> bool {
        self.state().resting_since_ms.is_some()
    }

    /// Lets a try out, or says how long to wait. While it is open, a try that is let out is a probe and begins the wait for
    /// the next one, whatever becomes of it.
    pub(crate) fn admit(&self, now_ms: i64) -> Result<(), Duration> {
        let mut state = self.state();
        let Some(since_ms) = state.resting_since_ms else { return Ok(()) };
        if let Some(rest) = rest(since_ms, now_ms) {
            return Err(rest);
        }
        state.resting_since_ms = Some(now_ms);
        Ok(())
    }

    /// An answer came, be it a refusal.
    pub(crate) fn answered(&self, now_ms: i64) -> Change {
        let mut state = self.state();
        state.in_a_row = 0;
        if state.resting_since_ms.take().is_some() {
            state.window.clear();
            return Change::Closed;
        }
        state.ended(now_ms, false);
        Change::None
    }

    /// No connection, no answer, or none that WeChat gives.
    pub(crate) fn failed(&self, now_ms: i64) -> Change {
        let mut state = self.state();
        state.in_a_row = state.in_a_row.saturating_add(1);
        if state.resting_since_ms.is_some() {
            return Change::None;
        }
        state.ended(now_ms, true);
        if state.in_a_row < IN_A_ROW && !state.is_mostly_failing() {
            return Change::None;
        }
        state.resting_since_ms = Some(now_ms);
        Change::Opened
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn ended(&mut self, now_ms: i64, failed: bool) {
        let second = now_ms.div_euclid(1000);
        // A clock that was set back makes the past the future: it does not count either.
        self.window.retain(|one| (second - WINDOW_S + 1..=second).contains(&one.second));
        if self.window.back().is_none_or(|newest| newest.second != second) {
            self.window.push_back(Second { second, ..Second::default() });
        }
        if let Some(newest) = self.window.back_mut() {
            newest.ended += 1;
            newest.failed += u32::from(failed);
        }
    }

    fn is_mostly_failing(&self) -> bool {
        let ended: u32 = self.window.iter().map(|one| one.ended).sum();
        let failed: u32 = self.window.iter().map(|one| one.failed).sum();
        ended >= ENOUGH && failed.saturating_mul(2) >= ended
    }
}

/// How much of the wait is left. None after a clock was set back, which would make it last for ever.
fn rest(since_ms: i64, now_ms: i64) -> Option<Duration> {
    let elapsed_ms = now_ms.saturating_sub(since_ms);
    let left_ms = (0..PROBE_EVERY_MS).contains(&elapsed_ms).then(|| PROBE_EVERY_MS - elapsed_ms)?;
    u64::try_from(left_ms).ok().map(Duration::from_millis)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 1_767_196_800_000;

    fn fail(breaker: &Breaker, times: u32, now_ms: i64) {
        (0..times).for_each(|_| assert!(breaker.failed(now_ms) != Change::Closed));
    }

    #[test]
    fn ten_failures_in_a_row_open_it_over_however_long_a_time() {
        let breaker = Breaker::default();
        for hour in 0..9 {
            assert_eq!(breaker.failed(NOW + hour * 3_600_000), Change::None);
            assert_eq!(breaker.admit(NOW + hour * 3_600_000), Ok(()));
        }
        assert_eq!(breaker.failed(NOW + 9 * 3_600_000), Change::Opened);
        assert_eq!(breaker.admit(NOW + 9 * 3_600_000), Err(Duration::from_secs(5)));
    }

    #[test]
    fn an_answer_ends_the_row() {
        let breaker = Breaker::default();
        for round in 0..20 {
            fail(&breaker, 9, NOW + round * 60_000);
            breaker.answered(NOW + round * 60_000);
            assert!(!breaker.is_open(), "round {round}: nine failures and an answer a minute");
        }
        assert_eq!(breaker.failures(), 0);
    }

    #[test]
    fn half_of_all_within_ten_seconds_open_it() {
        let breaker = Breaker::default();
        for second in 0..4 {
            breaker.answered(NOW + second * 1000);
            assert_eq!(breaker.failed(NOW + second * 1000), Change::None, "too few to tell");
        }
        breaker.answered(NOW + 5_000);
        assert_eq!(breaker.failed(NOW + 6_000), Change::Opened, "five of ten");
        let mostly_fine = Breaker::default();
        for second in 0..100 {
            mostly_fine.answered(NOW + second * 1000);
            mostly_fine.answered(NOW + second * 1000);
            assert_eq!(mostly_fine.failed(NOW + second * 1000), Change::None, "a third");
        }
    }

    #[test]
    fn what_is_older_than_ten_seconds_does_not_count() {
        let breaker = Breaker::default();
        for _ in 0..4 {
            breaker.failed(NOW);
            breaker.answered(NOW);
        }
        (0..9).for_each(|_| assert!(breaker.answered(NOW + 10_000) != Change::Closed));
        assert_eq!(breaker.failed(NOW + 10_000), Change::None, "one of ten");
    }

    #[test]
    fn one_probe_in_five_seconds_and_the_first_answer_closes_it() {
        let breaker = Breaker::default();
        fail(&breaker, 10, NOW);
        let out: Vec<i64> = (0..20_000).filter(|ms| breaker.admit(NOW + ms).is_ok()).collect();
        assert_eq!(out, [5_000, 10_000, 15_000]);
        breaker.failed(NOW + 19_000);
        assert_eq!(breaker.rests(NOW + 19_000), Some(Duration::from_secs(1)), "a failed probe prolongs nothing");
        assert_eq!(breaker.answered(NOW + 20_000), Change::Closed);
        assert_eq!((breaker.admit(NOW + 20_000), breaker.failures()), (Ok(()), 0));
        fail(&breaker, 9, NOW + 20_000);
        assert!(!breaker.is_open(), "it begins anew");
    }

    #[test]
    fn a_clock_that_is_set_does_not_hold_calls_back() {
        let day_ms = 86_400_000;
        for step_ms in [-day_ms, -1, day_ms] {
            let breaker = Breaker::default();
            fail(&breaker, 10, NOW);
            assert_eq!(breaker.admit(NOW + step_ms), Ok(()), "{step_ms}");
            assert!(breaker.admit(NOW + step_ms).is_err(), "{step_ms}: and then the usual wait");
        }
        let breaker = Breaker::default();
        fail(&breaker, 4, NOW);
        (0..9).for_each(|_| assert!(breaker.answered(NOW - day_ms) != Change::Closed));
        assert_eq!(breaker.failed(NOW - day_ms), Change::None, "the window knows no future");
    }
}
