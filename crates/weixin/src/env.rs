//! What the SDK takes from outside: time, chance and waiting.
//!
//! Everything that reads a clock, draws a random number or waits does so through one of these three traits, so that a
//! test moves the clock by hand, knows the nonce beforehand and never waits.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use futures_util::future::BoxFuture;

/// The wall clock.
pub trait Clock: Send + Sync {
    /// Milliseconds since the Unix epoch.
    fn now_ms(&self) -> i64;
}

/// The operating system's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[allow(clippy::disallowed_methods, reason = "this is the one clock that reads the wall clock")]
    fn now_ms(&self) -> i64 {
        SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .map_or(0, |since| i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
    }
}

/// A source of randomness fit for secrets.
pub trait Rng: Send + Sync {
    /// Fills the whole buffer.
    fn fill(&self, buffer: &mut [u8]);
}

/// The thread's cryptographic generator, seeded by the operating system.
#[derive(Debug, Clone, Copy, Default)]
pub struct OsRng;

impl Rng for OsRng {
    fn fill(&self, buffer: &mut [u8]) {
        rand::fill(buffer);
    }
}

/// Waits between two tries of a call.
pub trait Sleeper: Send + Sync {
    /// A future that is ready after `pause`.
    fn sleep(&self, pause: Duration) -> BoxFuture<'static, ()>;
}

/// Waits on tokio's timer.
#[derive(Debug, Clone, Copy, Default)]
pub struct TokioSleeper;

impl Sleeper for TokioSleeper {
    fn sleep(&self, pause: Duration) -> BoxFuture<'static, ()> {
        Box::pin(tokio::time::sleep(pause))
    }
}

/// Draws `[A-Za-z0-9]`, every character as likely as any other.
///
/// Eight random bytes make one character by multiplication, not by remainder: the bias is below 2⁻⁵⁸, and a broken
/// generator cannot make the loop run on.
pub(crate) fn random_alphanumeric(rng: &dyn Rng, length: usize) -> String {
    const ALPHABET: &[u8; 62] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    // Scaled down from 32 bits: no character is likelier than another by more than one part in 2²⁶.
    let pick = |four: &[u8; 4]| {
        let index = (u64::from(u32::from_le_bytes(*four)) * 62) >> 32;
        ALPHABET.get(usize::try_from(index).ok()?).copied()
    };
    let mut text = Vec::with_capacity(length);
    // A whole nonce in one draw: asking the generator for each character costs more than the characters.
    let mut bytes = [0; 64];
    while text.len() < length {
        rng.fill(&mut bytes);
        let (fours, _) = bytes.as_chunks::<4>();
        text.extend(fours.iter().take(length - text.len()).filter_map(pick));
    }
    // Letters and digits are ASCII.
    String::from_utf8(text).unwrap_or_default()
}

/// A number in `0.0 ..= 1.0`.
pub(crate) fn random_fraction(rng: &dyn Rng) -> f64 {
    random_u64(rng) as f64 / u64::MAX as f64
}

fn random_u64(rng: &dyn Rng) -> u64 {
    let mut bytes = [0; 8];
    rng.fill(&mut bytes);
    u64::from_le_bytes(bytes)
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, HashSet};

    use super::*;

    struct Constant(u8);

    impl Rng for Constant {
        fn fill(&self, buffer: &mut [u8]) {
            buffer.fill(self.0);
        }
    }

    #[test]
    fn every_character_of_the_alphabet_is_as_likely_as_any_other() {
        let drawn = random_alphanumeric(&OsRng, 62_000);
        let mut seen = BTreeMap::new();
        for character in drawn.chars() {
            *seen.entry(character).or_insert(0_u32) += 1;
        }
        assert_eq!(seen.len(), 62);
        // 1000 expected each; six standard deviations are about 190.
        assert!(seen.values().all(|count| (800..1200).contains(count)), "{seen:?}");
    }

    #[test]
    fn a_broken_generator_still_ends() {
        assert_eq!(random_alphanumeric(&Constant(0x00), 3), "AAA");
        assert_eq!(random_alphanumeric(&Constant(0xff), 3), "999");
    }

    #[test]
    fn a_hundred_thousand_nonces_are_all_different() {
        let nonces: HashSet<_> = (0..100_000).map(|_| random_alphanumeric(&OsRng, 16)).collect();
        assert_eq!(nonces.len(), 100_000);
    }
}
