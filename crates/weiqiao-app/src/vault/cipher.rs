//! XChaCha20-Poly1305, the cipher of everything sealed.
//!
//! As draft-irtf-cfrg-xchacha makes it: a key of its own for every value, by HChaCha20 of the first 16 bytes of the nonce, and
//! ChaCha20-Poly1305 with the last 8. What is sealed here is short, and the library of TLS does that in a fifth of the time
//! that one for large messages takes to get ready: an action of a customer seals six values.

use aws_lc_rs::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, Nonce, UnboundKey};
use chacha20::{R20, hchacha};
use zeroize::Zeroizing;

/// Bytes of a key.
const KEY_BYTES: usize = 32;

/// Bytes of a nonce: chance never gives one twice.
pub(crate) const NONCE_BYTES: usize = 24;

/// Bytes that tell whether a value was altered.
pub(crate) const TAG_BYTES: usize = 16;

/// How many bytes of the nonce go into the key of a value.
const INTO_KEY: usize = 16;

/// A key that seals.
#[derive(Clone)]
pub(crate) struct Cipher {
    key: Zeroizing<[u8; KEY_BYTES]>,
}

/// Altered, or sealed with another key, nonce or associated data; or more than 256 GiB.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Refused;

impl Cipher {
    pub(crate) fn new(key: &[u8; KEY_BYTES]) -> Self {
        Self { key: Zeroizing::new(*key) }
    }

    /// Seals `body` where it lies and gives its tag.
    pub(crate) fn seal(
        &self,
        nonce: &[u8; NONCE_BYTES],
        aad: &[u8],
        body: &mut [u8],
    ) -> Result<[u8; TAG_BYTES], Refused> {
        let (key, nonce) = self.of(nonce)?;
        let tag = key.seal_in_place_separate_tag(nonce, Aad::from(aad), body).map_err(|_| Refused)?;
        tag.as_ref().try_into().map_err(|_| Refused)
    }

    /// Opens `sealed`, a body and its tag, where it lies. When it is refused, nothing of it is plain.
    pub(crate) fn open<'s>(
        &self,
        nonce: &[u8; NONCE_BYTES],
        aad: &[u8],
        sealed: &'s mut [u8],
    ) -> Result<&'s mut [u8], Refused> {
        let (key, nonce) = self.of(nonce)?;
        key.open_in_place(nonce, Aad::from(aad), sealed).map_err(|_| Refused)
    }

    /// The key of one value, and what is left of the nonce.
    fn of(&self, nonce: &[u8; NONCE_BYTES]) -> Result<(LessSafeKey, Nonce), Refused> {
        let (into_key, rest) = nonce.split_first_chunk::<INTO_KEY>().ok_or(Refused)?;
        let key: Zeroizing<[u8; KEY_BYTES]> =
            Zeroizing::new(hchacha::<R20>((&*self.key).into(), into_key.into()).into());
        let key = UnboundKey::new(&CHACHA20_POLY1305, &*key).map_err(|_| Refused)?;
        let mut nonce = [0; 12];
        nonce.iter_mut().skip(4).zip(rest).for_each(|(to, from)| *to = *from);
        Ok((LessSafeKey::new(key), Nonce::assume_unique_for_key(nonce)))
    }
}

#[cfg(test)]
mod tests {
    use chacha20poly1305::aead::{Aead as _, Payload};
    use chacha20poly1305::{KeyInit as _, XChaCha20Poly1305};
    use weiqiao_model::{Rng as _, SeededRng};

    use super::*;

    /// draft-irtf-cfrg-xchacha-03, A.3.1.
    #[test]
    fn the_vector_of_the_draft_holds() {
        let key: [u8; KEY_BYTES] = std::array::from_fn(|at| 0x80 + u8::try_from(at).unwrap());
        let nonce: [u8; NONCE_BYTES] = std::array::from_fn(|at| 0x40 + u8::try_from(at).unwrap());
        let aad = hex::decode("50515253c0c1c2c3c4c5c6c7").unwrap();
        let plain =
            b"Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, sunscreen \
            would be it.";
        let mut body = plain.to_vec();
        let tag = Cipher::new(&key).seal(&nonce, &aad, &mut body).unwrap();
        assert_eq!(hex::encode(tag), "c0875924c1c7987947deafd8780acf49");
        assert_eq!(hex::encode(&body[..16]), "bd6d179d3e83d43b9576579493c0e939");
    }

    /// Of every length around the blocks of the cipher, as an independent library does it.
    #[test]
    fn another_library_seals_and_opens_the_same() {
        let rng = SeededRng::new(3);
        for length in (0..300).chain([1_023, 1_024, 5_000]) {
            let (mut key, mut nonce) = ([0; KEY_BYTES], [0; NONCE_BYTES]);
            let (mut plain, mut aad) = (vec![0; length], vec![0; length % 90]);
            for bytes in [&mut key[..], &mut nonce[..], &mut plain[..], &mut aad[..]] {
                rng.fill(bytes);
            }
            let theirs = XChaCha20Poly1305::new(&key.into());
            let sealed = theirs.encrypt(&nonce.into(), Payload { msg: &plain, aad: &aad }).unwrap();
            let mut body = plain.clone();
            let tag = Cipher::new(&key).seal(&nonce, &aad, &mut body).unwrap();
            assert_eq!([&body[..], &tag].concat(), sealed, "{length} bytes");
            let mut opened = sealed;
            assert_eq!(Cipher::new(&key).open(&nonce, &aad, &mut opened), Ok(&mut plain[..]), "{length} bytes");
        }
    }

    #[test]
    fn whatever_is_altered_is_refused_and_stays_closed() {
        let (cipher, nonce) = (Cipher::new(&[7; KEY_BYTES]), [9; NONCE_BYTES]);
        let mut body = *b"13800000000";
        let tag = cipher.seal(&nonce, b"here", &mut body).unwrap();
        let sealed = [&body[..], &tag].concat();
        for at in 0..sealed.len() {
            let mut altered = sealed.clone();
            altered[at] ^= 1;
            assert_eq!(cipher.open(&nonce, b"here", &mut altered), Err(Refused));
            assert!(!altered.windows(5).any(|part| part == b"13800"));
        }
        assert_eq!(cipher.open(&nonce, b"there", &mut sealed.clone()), Err(Refused));
        assert_eq!(cipher.open(&[8; NONCE_BYTES], b"here", &mut sealed.clone()), Err(Refused));
        assert_eq!(Cipher::new(&[6; KEY_BYTES]).open(&nonce, b"here", &mut sealed.clone()), Err(Refused));
        for short in 0..TAG_BYTES {
            assert_eq!(cipher.open(&nonce, b"here", &mut sealed[..short].to_vec()), Err(Refused));
        }
    }
}
