//! The one key that comes from the settings, before there is anybody to make others.

use subtle::ConstantTimeEq as _;
use weiqiao_model::ApiScope;

use super::ApiKeyContext;
use super::format::sha256;
use crate::settings::{SettingError, SettingSecret};

/// The shortest `API_KEY`, in bytes.
const MIN_BYTES: usize = 24;

/// `API_KEY`: any text, all scopes. Only its hash is kept here.
pub(crate) struct BootstrapKey {
    hash: [u8; 32],
    /// In bytes. No secret: what is longer or shorter, such as the token of a session, need not be hashed.
    length: usize,
}

impl BootstrapKey {
    pub(crate) fn new(key: &SettingSecret) -> Result<Self, SettingError> {
        if key.expose().len() < MIN_BYTES {
            return Err(SettingError::new("API_KEY", format!("must have at least {MIN_BYTES} characters")));
        }
        Ok(Self { hash: sha256(key.expose()), length: key.expose().len() })
    }

    pub(super) fn is(&self, presented: &str) -> bool {
        presented.len() == self.length && bool::from(sha256(presented).ct_eq(&self.hash))
    }

    pub(super) fn context() -> ApiKeyContext {
        ApiKeyContext { id: None, name: "API_KEY".to_owned(), scopes: ApiScope::ALL.to_vec() }
    }
}
