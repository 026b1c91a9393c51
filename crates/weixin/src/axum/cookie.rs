//! Cookies that only we can have written.

use axum::http::header::{COOKIE, SET_COOKIE};
use axum::http::{HeaderMap, HeaderValue};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

/// Signs and verifies. What is signed for one purpose does not verify for another.
#[derive(Clone)]
pub(super) struct Signer {
    key: Hmac<Sha256>,
}

impl Signer {
    /// Keys are told apart by account: a cookie of one is nothing to another.
    pub(super) fn new(key: &[u8], app_id: &str) -> Option<Self> {
        let mut own = Hmac::<Sha256>::new_from_slice(key).ok()?;
        own.update(b"weixin axum cookies\0");
        own.update(app_id.as_bytes());
        Some(Self { key: Hmac::new_from_slice(&own.finalize().into_bytes()).ok()? })
    }

    /// `<text in base64url>.<signature>`
    pub(super) fn sign(&self, purpose: &str, text: &[u8]) -> String {
        let mac = self.mac(purpose, text).finalize().into_bytes();
        format!("{}.{}", URL_SAFE_NO_PAD.encode(text), URL_SAFE_NO_PAD.encode(mac))
    }

    /// The text, if we signed it for this purpose. Compared in constant time.
    pub(super) fn verify(&self, purpose: &str, signed: &str) -> Option<Vec<u8>> {
        let (text, mac) = signed.split_once('.')?;
        let (text, mac) = (URL_SAFE_NO_PAD.decode(text).ok()?, URL_SAFE_NO_PAD.decode(mac).ok()?);
        self.mac(purpose, &text).verify_slice(&mac).ok()?;
        Some(text)
    }

    fn mac(&self, purpose: &str, text: &[u8]) -> Hmac<Sha256> {
        let mut mac = self.key.clone();
        mac.update(&(purpose.len() as u64).to_be_bytes());
        mac.update(purpose.as_bytes());
        mac.update(text);
        mac
    }
}

/// The first cookie of this name.
pub(super) fn get<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let lines = headers.get_all(COOKIE).iter().filter_map(|line| line.to_str().ok());
    let pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.filter(|(found, _)| *found == name).map(|(_, value)| value).next()
}

/// Adds a cookie for us alone; no life deletes it.
pub(super) fn set(headers: &mut HeaderMap, name: &str, value: &str, life_s: i64, secure: bool) {
    let secure = if secure { "; Secure" } else { "" };
    let line = format!("{name}={value}; Path=/; Max-Age={life_s}; HttpOnly; SameSite=Lax{secure}");
    // Name and value are of base64url, digits and letters.
    if let Ok(line) = HeaderValue::from_str(&line) {
        headers.append(SET_COOKIE, line);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_signed_verifies_and_nothing_else() {
        let signer = Signer::new(b"key", "wx1").unwrap();
        let signed = signer.sign("user", "小明".as_bytes());
        assert_eq!(signer.verify("user", &signed).as_deref(), Some("小明".as_bytes()));
        assert_eq!(signer.verify("state", &signed), None);
        for other in [Signer::new(b"other", "wx1").unwrap(), Signer::new(b"key", "wx2").unwrap()] {
            assert_eq!(other.verify("user", &signed), None);
        }
        for position in 0..signed.len() {
            let mut altered = signed.clone().into_bytes();
            altered[position] = if altered[position] == b'A' { b'B' } else { b'A' };
            let altered = String::from_utf8(altered).unwrap();
            assert!(altered == signed || signer.verify("user", &altered).is_none(), "{position}");
        }
        for junk in ["", ".", "a.b", "小明.", &signed.replace('.', "")] {
            assert_eq!(signer.verify("user", junk), None, "{junk}");
        }
    }
}
