//! Unkeyed hashes, for values too random to be guessed: states, codes, cookies, sessions, secrets of accounts.
//!
//! Without a key on purpose: a changed master key must not break the logins under way, nor orphan a row of tokens. What can
//! be guessed (addresses, phone numbers) needs [`Vault::fingerprint`](crate::vault::Vault::fingerprint).

use sha2::{Digest as _, Sha256};

/// SHA-256 in hex over a purpose and parts, each with its length in front.
pub(crate) fn digest(purpose: &str, parts: &[&str]) -> String {
    let mut sha = Sha256::new();
    for part in std::iter::once(&purpose).chain(parts) {
        sha.update((part.len() as u64).to_be_bytes());
        sha.update(part.as_bytes());
    }
    // `hex::encode` goes character by character; this is on the way of most requests.
    let mut hex = [0; 64];
    let written = hex::encode_to_slice(sha.finalize(), &mut hex);
    debug_assert!(written.is_ok());
    std::str::from_utf8(&hex).unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn purpose_and_every_part_count() {
        let base = digest("code", &["wx1", "abc"]);
        assert_eq!(base, digest("code", &["wx1", "abc"]));
        assert_eq!(base.len(), 64);
        for other in [digest("state", &["wx1", "abc"]), digest("code", &["wx1a", "bc"]), digest("code", &["wx1abc"])] {
            assert_ne!(base, other);
        }
    }
}
