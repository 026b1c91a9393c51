//! API keys for other programs: `wxk_live_<id>_<43 characters>_<crc>`.

mod bootstrap;
mod create_api_key;
mod format;
mod list_api_keys;
mod revoke_api_key;
mod verify_api_key;

use weiqiao_model::{ApiKeyId, ApiScope};

pub(crate) use bootstrap::BootstrapKey;
pub use create_api_key::{CreatedApiKey, NewApiKey, create_api_key};
pub use format::{ApiKeyText, KeyFormatError};
pub use list_api_keys::{ListedApiKey, list_api_keys};
pub use revoke_api_key::revoke_api_key;
pub(crate) use verify_api_key::KeyCache;
pub use verify_api_key::{is_api_key, verify_api_key};

use crate::error::{AppError, Result, code};

/// A verified key: which program it is and what it may do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiKeyContext {
    /// Our id of it; `None` for the bootstrap key of the settings.
    pub id: Option<ApiKeyId>,
    /// What people call it.
    pub name: String,
    /// What it may do.
    pub scopes: Vec<ApiScope>,
}

impl ApiKeyContext {
    /// Whether it may do this. `admin` covers the rest, but neither reading tokens nor reading phones of leads in clear: those
    /// scopes must be given by name.
    #[must_use]
    pub fn may(&self, scope: ApiScope) -> bool {
        let by_name = matches!(scope, ApiScope::Token | ApiScope::LeadReveal);
        self.scopes.contains(&scope) || (!by_name && self.scopes.contains(&ApiScope::Admin))
    }

    /// # Errors
    ///
    /// `Forbidden` with code `SCOPE_MISSING` and the name of the scope.
    pub fn demand(&self, scope: ApiScope) -> Result<()> {
        if self.may(scope) {
            return Ok(());
        }
        Err(AppError::forbidden(code::SCOPE_MISSING, format!("API Key 缺少权限 {scope}"))
            .with_hint(format!("请为这个 API Key 增加 scope「{scope}」，或换用拥有它的 Key。")))
    }
}
