//! Where chance comes from.

use std::sync::{Arc, Mutex, PoisonError};

use rand::SeedableRng as _;
use rand::rngs::StdRng;

/// Gives random bytes. Passed in wherever something must not be guessed or must differ every time.
pub trait Rng: Send + Sync {
    /// Fills the buffer. Never fails.
    fn fill(&self, buffer: &mut [u8]);
}

impl<R: Rng + ?Sized> Rng for Arc<R> {
    fn fill(&self, buffer: &mut [u8]) {
        (**self).fill(buffer);
    }
}

/// Cryptographically secure random bytes, seeded by the operating system.
#[derive(Debug, Clone, Copy, Default)]
pub struct OsRng;

impl Rng for OsRng {
    fn fill(&self, buffer: &mut [u8]) {
        rand::Rng::fill_bytes(&mut rand::rng(), buffer);
    }
}

/// The same bytes for the same seed, for tests and demo data. Never for secrets.
#[derive(Debug)]
pub struct SeededRng {
    state: Mutex<StdRng>,
}

impl SeededRng {
    /// A sequence fixed by `seed`.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self { state: Mutex::new(StdRng::seed_from_u64(seed)) }
    }
}

impl Rng for SeededRng {
    fn fill(&self, buffer: &mut [u8]) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        rand::Rng::fill_bytes(&mut *state, buffer);
    }
}

/// `N` random bytes.
pub fn random_bytes<const N: usize>(rng: &(impl Rng + ?Sized)) -> [u8; N] {
    let mut bytes = [0; N];
    rng.fill(&mut bytes);
    bytes
}

/// `length` characters of `[A-Za-z0-9]`, every one equally likely (5.95 bits each: 22 characters are 130 bits).
pub fn random_alnum(rng: &(impl Rng + ?Sized), length: usize) -> String {
    const ALPHABET: &[u8; 62] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    let mut text = String::with_capacity(length);
    while text.len() < length {
        for byte in random_bytes::<32>(rng) {
            // Six bits; the two of 64 that have no character are thrown away, so no character is favoured.
            if let Some(&character) = ALPHABET.get(usize::from(byte >> 2))
                && text.len() < length
            {
                text.push(char::from(character));
            }
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn one_seed_gives_one_sequence() {
        let first = random_bytes::<64>(&SeededRng::new(7));
        assert_eq!(first, random_bytes::<64>(&SeededRng::new(7)));
        assert_ne!(first, random_bytes::<64>(&SeededRng::new(8)));
    }

    #[test]
    fn alphanumerics_have_the_length_and_every_character_alike() {
        let rng = SeededRng::new(1);
        for length in [0, 1, 16, 31, 32, 33, 200] {
            let text = random_alnum(&rng, length);
            assert_eq!(text.len(), length);
            assert!(text.bytes().all(|byte| byte.is_ascii_alphanumeric()), "{text}");
        }
        let mut counts = [0_u32; 128];
        for byte in random_alnum(&rng, 62_000).bytes() {
            counts[usize::from(byte)] += 1;
        }
        let seen: Vec<u32> = counts.into_iter().filter(|&count| count > 0).collect();
        assert_eq!(seen.len(), 62);
        assert!(seen.iter().all(|count| (800..1_200).contains(count)), "{seen:?}");
    }

    #[test]
    fn the_system_source_does_not_repeat() {
        let drawn: HashSet<_> = (0..10_000).map(|_| random_bytes::<16>(&OsRng)).collect();
        assert_eq!(drawn.len(), 10_000);
    }
}
