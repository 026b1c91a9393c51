//! The asymmetric keys: ours signs calls, the one of WeChat's certificate verifies answers.

use std::fmt;
use std::sync::Arc;

use ::base64::Engine as _;
use ::base64::engine::general_purpose::STANDARD;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa;
use aws_lc_rs::signature::{ParsedPublicKey, RSA_PSS_2048_8192_SHA256, RSA_PSS_SHA256, RsaKeyPair};
use sm2::SecretKey;
use sm2::dsa::signature::{Signer as _, Verifier as _};
use sm2::pkcs8::{DecodePrivateKey as _, DecodePublicKey as _};

use super::{ApiSignatureError, Context, KeyError, Reason, pem};
use crate::base64::LENIENT;

const RSA_PRIVATE: &str = "RSA private key";
const RSA_PUBLIC: &str = "certificate or public key of RSA";
const SM2_PRIVATE: &str = "SM2 private key";
const SM2_PUBLIC: &str = "certificate or public key of SM2";

/// A private key that signs bodies, with the number of its public half.
#[derive(Clone)]
pub struct SigningKey {
    number: String,
    key: Private,
}

#[derive(Clone)]
enum Private {
    Rsa(Arc<RsaKeyPair>),
    Sm2(Box<sm2::dsa::SigningKey>),
}

impl SigningKey {
    /// A key of the kind `RSAwithSHA256`, 2048 bits or more, as PEM (`RSA PRIVATE KEY` or `PRIVATE KEY`).
    ///
    /// # Errors
    ///
    /// No number, or not such a key.
    pub fn rsa(number: impl Into<String>, pem: &str) -> Result<Self, KeyError> {
        let block = pem::decode(pem, RSA_PRIVATE)?;
        let pair = match block.label.as_str() {
            "RSA PRIVATE KEY" => RsaKeyPair::from_der(&block.der),
            "PRIVATE KEY" => RsaKeyPair::from_pkcs8(&block.der),
            _ => return Err(KeyError::Pem { kind: RSA_PRIVATE }),
        };
        let pair = pair.map_err(|_| KeyError::Content { kind: RSA_PRIVATE })?;
        Ok(Self { number: numbered(number)?, key: Private::Rsa(Arc::new(pair)) })
    }

    /// A key of the kind `SM2withSM3`, as PEM (`PRIVATE KEY`). Its number is part of what it signs.
    ///
    /// # Errors
    ///
    /// No number, or not such a key.
    pub fn sm2(number: impl Into<String>, pem: &str) -> Result<Self, KeyError> {
        let number = numbered(number)?;
        let block = pem::decode(pem, SM2_PRIVATE)?;
        let wrong = KeyError::Content { kind: SM2_PRIVATE };
        let secret = SecretKey::from_pkcs8_der(&block.der).map_err(|_| wrong)?;
        let key = sm2::dsa::SigningKey::new(&number, &secret).map_err(|_| wrong)?;
        Ok(Self { number, key: Private::Sm2(Box::new(key)) })
    }

    /// The number the console shows with the key.
    #[must_use]
    pub fn number(&self) -> &str {
        &self.number
    }

    /// The signature of a body as the header `Wechatmp-Signature` carries it.
    ///
    /// # Errors
    ///
    /// When the key cannot sign. No key that could be read is known to do that.
    pub fn sign(&self, context: &Context<'_>, body: &[u8]) -> Result<String, ApiSignatureError> {
        let text = context.signing_text(body);
        let signature = match &self.key {
            Private::Rsa(pair) => {
                let mut signature = vec![0; pair.public_modulus_len()];
                pair.sign(&RSA_PSS_SHA256, &SystemRandom::new(), &text, &mut signature).map_err(|_| Reason::TooLong)?;
                signature
            }
            Private::Sm2(key) => key.try_sign(&text).map_err(|_| Reason::TooLong)?.to_der().as_bytes().to_vec(),
        };
        Ok(STANDARD.encode(signature))
    }
}

impl fmt::Debug for SigningKey {
    /// Kind and number, never the key.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = match self.key {
            Private::Rsa(_) => "RSA",
            Private::Sm2(_) => "SM2",
        };
        f.debug_struct("SigningKey").field("kind", &kind).field("number", &self.number).finish_non_exhaustive()
    }
}

/// A public key that verifies bodies, with the number of its certificate.
#[derive(Clone)]
pub struct VerifyingKey {
    number: String,
    key: Public,
}

#[derive(Clone)]
enum Public {
    Rsa(Arc<ParsedPublicKey>),
    Sm2(Box<sm2::dsa::VerifyingKey>),
}

impl VerifyingKey {
    /// The key of an RSA certificate (`CERTIFICATE`), or the key alone (`PUBLIC KEY`), as PEM.
    ///
    /// # Errors
    ///
    /// No number, or not such a certificate.
    pub fn rsa(number: impl Into<String>, pem: &str) -> Result<Self, KeyError> {
        let wrong = KeyError::Content { kind: RSA_PUBLIC };
        let der = pem::public_key(pem, RSA_PUBLIC)?;
        let key = rsa::PublicKey::from_der(&der).map_err(|_| wrong)?;
        let key = ParsedPublicKey::new(&RSA_PSS_2048_8192_SHA256, key.as_ref()).map_err(|_| wrong)?;
        Ok(Self { number: numbered(number)?, key: Public::Rsa(Arc::new(key)) })
    }

    /// The key of an SM2 certificate (`CERTIFICATE`), or the key alone (`PUBLIC KEY`), as PEM.
    ///
    /// # Errors
    ///
    /// No number, or not such a certificate.
    pub fn sm2(number: impl Into<String>, pem: &str) -> Result<Self, KeyError> {
        let (number, wrong) = (numbered(number)?, KeyError::Content { kind: SM2_PUBLIC });
        let der = pem::public_key(pem, SM2_PUBLIC)?;
        let key = sm2::PublicKey::from_public_key_der(&der).map_err(|_| wrong)?;
        let key = sm2::dsa::VerifyingKey::new(&number, key).map_err(|_| wrong)?;
        Ok(Self { number, key: Public::Sm2(Box::new(key)) })
    }

    /// The number the console shows with the certificate; not the one inside the certificate.
    #[must_use]
    pub fn number(&self) -> &str {
        &self.number
    }

    /// Whether a body is signed with the private half of this key.
    #[must_use]
    pub fn verify(&self, context: &Context<'_>, body: &[u8], signature: &str) -> bool {
        let Ok(signature) = LENIENT.decode(signature) else { return false };
        let text = context.signing_text(body);
        match &self.key {
            Public::Rsa(key) => key.verify_sig(&text, &signature).is_ok(),
            Public::Sm2(key) => {
                sm2::dsa::Signature::from_der(&signature).is_ok_and(|signature| key.verify(&text, &signature).is_ok())
            }
        }
    }
}

impl fmt::Debug for VerifyingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VerifyingKey").field("number", &self.number).finish_non_exhaustive()
    }
}

fn numbered(number: impl Into<String>) -> Result<String, KeyError> {
    let number = number.into();
    if number.is_empty() { Err(KeyError::Number) } else { Ok(number) }
}
