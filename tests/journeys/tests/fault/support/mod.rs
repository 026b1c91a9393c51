//! A service that can be killed, people who use it, and a book of what they were told.

mod book;
mod check;
mod desk;
mod load;
#[path = "../../../../support/port.rs"]
mod port;
mod rows;

use std::time::Duration;

pub(crate) use book::{Action, Book};
pub(crate) use check::{Findings, check, drained, lost};
pub(crate) use desk::crashed;
pub(crate) use desk::{API_KEY, Desk, Engine, Process};
pub(crate) use load::{Load, lock as locked};
pub(crate) use port::Port;
pub(crate) use rows::Rows;

/// How many: `short` in every run, `long` when `WEIQIAO_FAULT_LONG` is set.
pub(crate) fn figure(short: usize, long: usize) -> usize {
    if std::env::var_os("WEIQIAO_FAULT_LONG").is_some() { long } else { short }
}

/// The number in this variable, or else this one.
pub(crate) fn given(variable: &str, otherwise: usize) -> usize {
    std::env::var(variable).ok().and_then(|text| text.parse().ok()).unwrap_or(otherwise)
}

/// Figures for people.
pub(crate) fn say(text: impl std::fmt::Display) {
    println!("{text}");
}

/// The middle, the largest but one in a hundred, the largest.
pub(crate) fn spread(times: &mut [Duration]) -> (Duration, Duration, Duration) {
    times.sort();
    let at = |share: f64| {
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss)]
        let index = ((times.len() as f64 - 1.0) * share) as usize;
        times.get(index).copied().unwrap_or_default()
    };
    (at(0.5), at(0.99), at(1.0))
}

/// Waits for something, looking every few milliseconds.
pub(crate) async fn until<T>(what: &str, limit: Duration, mut look: impl AsyncFnMut() -> Option<T>) -> T {
    let deadline = std::time::Instant::now() + limit;
    loop {
        if let Some(found) = look().await {
            return found;
        }
        assert!(std::time::Instant::now() < deadline, "not within {limit:?}: {what}");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

/// A source of chance that says how to have the same again.
pub(crate) struct Chance(u64);

impl Chance {
    pub(crate) fn new(name: &str) -> Self {
        let seed = std::env::var("WEIQIAO_FAULT_SEED").ok().and_then(|seed| seed.parse().ok());
        let seed = seed.unwrap_or_else(|| u64::from(std::process::id()) * 7_919);
        say(format!("{name}: WEIQIAO_FAULT_SEED={seed}"));
        Self(seed)
    }

    /// One of `range`.
    pub(crate) fn of(&mut self, range: std::ops::RangeInclusive<u64>) -> u64 {
        // SplitMix64.
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        range.start() + (z ^ (z >> 31)) % (range.end() - range.start() + 1)
    }
}
