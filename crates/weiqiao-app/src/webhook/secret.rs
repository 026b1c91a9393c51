//! What deliveries are signed with.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use weiqiao_model::{Rng, random_bytes};
use zeroize::Zeroizing;

/// A secret of an endpoint: `whsec_` and 32 random bytes in base64. It has no `Display`, and `Debug` shows a fixed word.
#[derive(Clone, PartialEq, Eq)]
pub struct WebhookSecret(Zeroizing<String>);

const PREFIX: &str = "whsec_";

impl WebhookSecret {
    /// A new one.
    #[must_use]
    pub fn random(rng: &(impl Rng + ?Sized)) -> Self {
        let bytes = Zeroizing::new(random_bytes::<32>(rng));
        Self(Zeroizing::new(format!("{PREFIX}{}", STANDARD.encode(*bytes))))
    }

    /// The text people copy.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Reads the text; `None` when it is no such secret.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let secret = Self(Zeroizing::new(text.to_owned()));
        secret.key().map(|_| secret)
    }

    /// The key of the HMAC.
    #[must_use]
    pub fn key(&self) -> Option<Zeroizing<Vec<u8>>> {
        let key = STANDARD.decode(self.0.strip_prefix(PREFIX)?).ok()?;
        (!key.is_empty()).then(|| Zeroizing::new(key))
    }
}

impl fmt::Debug for WebhookSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[secret]")
    }
}

#[cfg(test)]
mod tests {
    use weiqiao_model::SeededRng;

    use super::*;

    #[test]
    fn a_secret_has_256_bits_and_is_never_shown() {
        let secret = WebhookSecret::random(&SeededRng::new(1));
        assert_eq!(secret.key().unwrap().len(), 32);
        assert_eq!(WebhookSecret::parse(secret.expose()).unwrap(), secret);
        assert_eq!(format!("{secret:?}"), "[secret]");
        for wrong in ["", "whsec_", "whsec_!", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"] {
            assert!(WebhookSecret::parse(wrong).is_none(), "{wrong}");
        }
    }
}
