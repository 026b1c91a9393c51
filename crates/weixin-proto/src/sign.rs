//! The signatures of WeChat, and their checks in constant time.
//!
//! Everything here takes texts exactly as they travelled: time stamps as the digits of the query, the `Encrypt` text
//! as it stood in the body, a page address as the browser has it. Nothing is decoded, trimmed or re-encoded first.
//! Signatures are lower-case hex, and only exactly that is accepted.

use hmac::digest::Key;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha1::{Digest as _, Sha1};
use sha2::Sha256;
use subtle::{Choice, ConstantTimeEq as _};

/// Whether two byte strings are equal, in a time that depends on their lengths only.
#[must_use]
pub fn ct_eq(left: &[u8], right: &[u8]) -> bool {
    if left.len() != right.len() {
        return false;
    }
    // Eight bytes at a time: what is compared here are mostly the 40 digits of a signature.
    let (left_words, left_rest) = left.as_chunks::<8>();
    let (right_words, right_rest) = right.as_chunks::<8>();
    let same_words = left_words.iter().zip(right_words).fold(Choice::from(1), |same, (left, right)| {
        same & u64::from_ne_bytes(*left).ct_eq(&u64::from_ne_bytes(*right))
    });
    (same_words & left_rest.ct_eq(right_rest)).into()
}

/// The `signature` of a callback's address: SHA-1 over the token, the time stamp and the nonce, sorted.
///
/// <https://developers.weixin.qq.com/doc/offiaccount/Basic_Information/Access_Overview.html>
#[must_use]
pub fn callback_signature(token: &str, timestamp: &str, nonce: &str) -> String {
    text(&sorted_sha1(&mut [token, timestamp, nonce]))
}

/// Whether `signature` is the [`callback_signature`] of the rest.
#[must_use]
pub fn verify_callback(token: &str, timestamp: &str, nonce: &str, signature: &str) -> bool {
    ct_eq(&sorted_sha1(&mut [token, timestamp, nonce]), signature.as_bytes())
}

/// The `msg_signature` of an encrypted callback or reply: as [`callback_signature`], with the Base64 text of
/// `Encrypt` as a fourth value.
///
/// <https://developers.weixin.qq.com/doc/oplatform/Third-party_Platforms/2.0/api/Before_Develop/Technical_Plan.html>
#[must_use]
pub fn msg_signature(token: &str, timestamp: &str, nonce: &str, encrypt: &str) -> String {
    text(&sorted_sha1(&mut [token, timestamp, nonce, encrypt]))
}

/// Whether `signature` is the [`msg_signature`] of the rest.
#[must_use]
pub fn verify_msg(token: &str, timestamp: &str, nonce: &str, encrypt: &str, signature: &str) -> bool {
    ct_eq(&sorted_sha1(&mut [token, timestamp, nonce, encrypt]), signature.as_bytes())
}

/// The `signature` of `wx.config` for one page.
///
/// `timestamp_s` is in seconds. `url` is the page's address as the browser has it, escapes untouched; its fragment is
/// cut here ([`page_url`]).
///
/// <https://developers.weixin.qq.com/doc/offiaccount/OA_Web_Apps/JS-SDK.html>
#[must_use]
pub fn jssdk_signature(ticket: &str, nonce: &str, timestamp_s: i64, url: &str) -> String {
    let mut hash = Sha1::new();
    hash.update(b"jsapi_ticket=");
    hash.update(ticket);
    hash.update(b"&noncestr=");
    hash.update(nonce);
    hash.update(b"&timestamp=");
    hash.update(itoa::Buffer::new().format(timestamp_s));
    hash.update(b"&url=");
    hash.update(page_url(url));
    text(&digits(hash))
}

/// A page's address without `#` and what follows: the part that is signed.
#[must_use]
pub fn page_url(url: &str) -> &str {
    memchr::memchr(b'#', url.as_bytes()).and_then(|end| url.get(..end)).unwrap_or(url)
}

/// The signature of a card: SHA-1 over the values, the card ticket among them, sorted. Empty ones change nothing.
///
/// <https://developers.weixin.qq.com/doc/offiaccount/OA_Web_Apps/JS-SDK.html> (appendix 4)
#[must_use]
pub fn card_signature(values: &[&str]) -> String {
    text(&sorted_sha1(&mut values.to_vec()))
}

/// The signature of a mini program's user over a body, or over nothing for `checksession` and its siblings:
/// HMAC-SHA256 with the session key's text, not its decoded bytes, as the key.
///
/// <https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/user-login/checkSessionKey.html>
#[must_use]
pub fn session_signature(session_key: &str, body: &[u8]) -> String {
    let mut mac = hmac_sha256(session_key.as_bytes());
    mac.update(body);
    hex::encode(mac.finalize().into_bytes())
}

/// Whether `signature` is the [`session_signature`] of the rest.
#[must_use]
pub fn verify_session(session_key: &str, body: &[u8], signature: &str) -> bool {
    same(&session_signature(session_key, body), signature)
}

/// The `signature` beside `rawData` of a mini program: SHA-1 over the raw data and the session key's text.
///
/// <https://developers.weixin.qq.com/miniprogram/dev/framework/open-ability/signature.html>
#[must_use]
pub fn raw_data_signature(raw_data: &str, session_key: &str) -> String {
    let mut hash = Sha1::new();
    hash.update(raw_data);
    hash.update(session_key);
    hex::encode(hash.finalize())
}

/// Whether `signature` is the [`raw_data_signature`] of the rest.
#[must_use]
pub fn verify_raw_data(raw_data: &str, session_key: &str, signature: &str) -> bool {
    same(&raw_data_signature(raw_data, session_key), signature)
}

/// HMAC under a key of any length: a long one counts by its hash, a short one is filled with zeros.
fn hmac_sha256(key: &[u8]) -> Hmac<Sha256> {
    let mut block = Key::<Hmac<Sha256>>::default();
    let hashed = (key.len() > block.len()).then(|| Sha256::digest(key));
    for (to, from) in block.iter_mut().zip(hashed.as_deref().unwrap_or(key)) {
        *to = *from;
    }
    Hmac::new(&block)
}

fn same(expected: &str, given: &str) -> bool {
    ct_eq(expected.as_bytes(), given.as_bytes())
}

/// The hex digits of a SHA-1.
type Digits = [u8; 40];

/// Sorted byte by byte, joined without anything between.
fn sorted_sha1(values: &mut [&str]) -> Digits {
    values.sort_unstable();
    let mut hash = Sha1::new();
    for value in values {
        hash.update(value);
    }
    digits(hash)
}

fn digits(hash: Sha1) -> Digits {
    #[allow(clippy::indexing_slicing, clippy::cast_possible_truncation, reason = "computed by the compiler")]
    const PAIRS: [[u8; 2]; 256] = {
        let (mut pairs, mut byte) = ([[0; 2]; 256], 0);
        while byte < 256 {
            let (high, low) = ((byte >> 4) as u8, (byte & 0xf) as u8);
            pairs[byte] =
                [high + if high < 10 { b'0' } else { b'a' - 10 }, low + if low < 10 { b'0' } else { b'a' - 10 }];
            byte += 1;
        }
        pairs
    };
    let hash: [u8; 20] = hash.finalize().into();
    let mut digits = [0; 40];
    for (pair, byte) in digits.as_chunks_mut::<2>().0.iter_mut().zip(hash) {
        *pair = PAIRS.get(usize::from(byte)).copied().unwrap_or_default();
    }
    digits
}

fn text(digits: &Digits) -> String {
    // Hex digits are ASCII.
    std::str::from_utf8(digits).unwrap_or_default().to_owned()
}

#[cfg(test)]
#[allow(clippy::string_slice, reason = "tests cut ASCII")]
mod tests {
    use super::*;

    #[test]
    fn only_the_exact_signature_is_accepted() {
        let right = callback_signature("AAAAA", "1714036504", "1514711492");
        assert!(verify_callback("AAAAA", "1714036504", "1514711492", &right));
        for wrong in ["", &right.to_uppercase(), &right[1..], &format!("{right} "), &format!("{right}0")] {
            assert!(!verify_callback("AAAAA", "1714036504", "1514711492", wrong), "{wrong}");
        }
        assert!(!verify_callback("AAAAB", "1714036504", "1514711492", &right));
    }

    #[test]
    fn one_bit_anywhere_makes_texts_different() {
        for length in 0..=41 {
            let one = vec![7; length];
            assert!(ct_eq(&one, &one.clone()));
            assert!(!ct_eq(&one, &vec![7; length + 1]));
            for at in 0..length {
                let mut other = one.clone();
                other[at] ^= 0x80;
                assert!(!ct_eq(&one, &other), "{length}, {at}");
            }
        }
    }

    #[test]
    fn a_fragment_is_never_signed() {
        assert_eq!(page_url("https://a.cn/b?c=d#e#f"), "https://a.cn/b?c=d");
        assert_eq!(page_url("https://a.cn/b"), "https://a.cn/b");
        assert_eq!(jssdk_signature("t", "n", 1, "https://a.cn/#/x"), jssdk_signature("t", "n", 1, "https://a.cn/"));
    }

    #[test]
    fn a_long_hmac_key_counts_by_its_hash() {
        // RFC 4231, test case 6.
        let mut mac = hmac_sha256(&[0xaa; 131]);
        mac.update(b"Test Using Larger Than Block-Size Key - Hash Key First");
        assert_eq!(
            hex::encode(mac.finalize().into_bytes()),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
        );
    }

    #[test]
    fn the_order_of_card_values_does_not_matter() {
        assert_eq!(card_signature(&["b", "a", "", "c"]), card_signature(&["c", "b", "a"]));
    }
}
