//! Keys of API security (API 安全) of one account, as they are set in the console.

use serde::{Deserialize, Serialize};
use weixin_proto::api_signature::{DataKey, KeyError, VerifyingKey};

/// The keys, and whether calls must use them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ApiSecurity {
    /// 对称密钥.
    pub symmetric: Option<SymmetricKey>,
    /// 非对称密钥: the public half; the program keeps the private one.
    pub asymmetric: Option<AsymmetricKey>,
    /// Plain calls to the paths that support it are refused.
    pub required: bool,
}

/// A symmetric key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SymmetricKey {
    /// Its number, 32 hexadecimal digits with the real ones.
    pub number: String,
    /// Which cipher.
    pub kind: SymmetricKind,
    /// Base64 of 32 bytes (AES) or 16 bytes (SM4).
    pub key: String,
}

/// A cipher.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SymmetricKind {
    /// `AES256_GCM`
    Aes256Gcm,
    /// `SM4_GCM`
    Sm4Gcm,
}

/// The public half of a program's key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AsymmetricKey {
    /// Its number.
    pub number: String,
    /// Which signatures.
    pub kind: AsymmetricKind,
    /// PEM, `PUBLIC KEY` or `CERTIFICATE`.
    pub public_key: String,
}

/// A kind of signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AsymmetricKind {
    /// `RSAwithSHA256`
    Rsa,
    /// `SM2withSM3`
    Sm2,
}

impl ApiSecurity {
    /// Says what is wrong with a key.
    pub(crate) fn check(&self) -> Result<(), KeyError> {
        self.symmetric.as_ref().map(SymmetricKey::read).transpose()?;
        self.asymmetric.as_ref().map(AsymmetricKey::read).transpose()?;
        Ok(())
    }
}

impl SymmetricKey {
    pub(crate) fn read(&self) -> Result<DataKey, KeyError> {
        match self.kind {
            SymmetricKind::Aes256Gcm => DataKey::aes256(self.number.as_str(), &self.key),
            SymmetricKind::Sm4Gcm => DataKey::sm4(self.number.as_str(), &self.key),
        }
    }
}

impl AsymmetricKey {
    pub(crate) fn read(&self) -> Result<VerifyingKey, KeyError> {
        match self.kind {
            AsymmetricKind::Rsa => VerifyingKey::rsa(self.number.as_str(), &self.public_key),
            AsymmetricKind::Sm2 => VerifyingKey::sm2(self.number.as_str(), &self.public_key),
        }
    }
}
