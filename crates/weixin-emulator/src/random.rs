//! Random ids from a seed: the same seed and the same calls give the same tokens, so screenshots and tests repeat.
//!
//! Nothing here is secret; the emulator's tokens open only the emulator. Never use this where guessing matters.

/// A small seeded generator (SplitMix64).
#[derive(Debug, Clone)]
pub(crate) struct Random {
    state: u64,
}

const ALNUM: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const TOKEN: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const HEX: &[u8; 16] = b"0123456789abcdef";

impl Random {
    /// A generator that always starts the same way for this seed.
    pub(crate) fn new(seed: u64) -> Self {
        Self { state: seed }
    }

    /// The next 64 bits.
    pub(crate) fn next_u64(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number in `0.0..1.0`.
    pub(crate) fn unit(&mut self) -> f64 {
        // 53 bits fit a double exactly.
        #[allow(clippy::cast_precision_loss)]
        let numerator = (self.next_u64() >> 11) as f64;
        numerator / 9_007_199_254_740_992.0
    }

    /// `n` bytes.
    pub(crate) fn bytes(&mut self, n: usize) -> Vec<u8> {
        let mut out = Vec::with_capacity(n + 8);
        while out.len() < n {
            out.extend_from_slice(&self.next_u64().to_le_bytes());
        }
        out.truncate(n);
        out
    }

    fn text(&mut self, alphabet: &[u8], n: usize) -> String {
        let size = alphabet.len() as u64;
        (0..n)
            .filter_map(|_| usize::try_from(self.next_u64() % size).ok().and_then(|at| alphabet.get(at)))
            .map(|byte| char::from(*byte))
            .collect()
    }

    /// `n` characters of `[0-9A-Za-z]`.
    pub(crate) fn alnum(&mut self, n: usize) -> String {
        self.text(ALNUM, n)
    }

    /// `n` characters of `[A-Za-z0-9_-]`.
    pub(crate) fn token(&mut self, n: usize) -> String {
        self.text(TOKEN, n)
    }

    /// `n` lower-case hexadecimal digits.
    pub(crate) fn hex(&mut self, n: usize) -> String {
        self.text(HEX, n)
    }

    /// A request id: the Unix second in hexadecimal and two random groups of eight digits.
    pub(crate) fn rid(&mut self, now_ms: i64) -> String {
        let seconds = now_ms.div_euclid(1000) & 0xffff_ffff;
        format!("{seconds:08x}-{}-{}", self.hex(8), self.hex(8))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_repeats_and_another_differs() {
        let (mut a, mut b, mut c) = (Random::new(7), Random::new(7), Random::new(8));
        let (x, y, z) = (a.token(138), b.token(138), c.token(138));
        assert_eq!(x, y);
        assert_ne!(x, z);
        assert_eq!(x.len(), 138);
        assert_ne!(a.token(138), x, "the stream goes on");
    }

    #[test]
    fn request_ids_begin_with_the_second() {
        let rid = Random::new(1).rid(0x6aac_005a * 1000);
        assert!(rid.starts_with("6aac005a-"), "{rid}");
        assert_eq!(rid.split('-').map(str::len).collect::<Vec<_>>(), [8, 8, 8]);
    }

    #[test]
    fn unit_numbers_stay_in_range() {
        let mut random = Random::new(3);
        assert!((0..1000).map(|_| random.unit()).all(|n| (0.0..1.0).contains(&n)));
    }
}
