//! The account a call is made for: an argument, never ambient.

use std::fmt;
use std::sync::Arc;

use weixin_proto::{AppId, AppSecret};

use crate::security::ApiKeys;

/// Which of WeChat's two token interfaces feeds an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum TokenMode {
    /// `POST /cgi-bin/stable_token`: several programs may fetch without disturbing each other. The default.
    #[default]
    Stable,
    /// `GET /cgi-bin/token`: every fetch retires the token before it (both work for five minutes).
    Classic,
}

/// An official account, a mini program or a website application: its appid and its secret.
///
/// Cheap to clone; one [`Client`](crate::Client) serves any number of them.
#[derive(Clone)]
pub struct Account {
    credentials: Arc<Credentials>,
    token_mode: TokenMode,
    api_keys: Option<ApiKeys>,
}

struct Credentials {
    app_id: AppId,
    secret: AppSecret,
}

impl Account {
    /// An account that uses stable tokens.
    #[must_use]
    pub fn new(app_id: AppId, secret: AppSecret) -> Self {
        Self { credentials: Arc::new(Credentials { app_id, secret }), token_mode: TokenMode::default(), api_keys: None }
    }

    /// The same account with its tokens from the given interface.
    #[must_use]
    pub fn token_mode(mut self, mode: TokenMode) -> Self {
        self.token_mode = mode;
        self
    }

    /// The same account with keys of API security: calls that support it are encrypted and signed from now on.
    #[must_use]
    pub fn api_keys(mut self, keys: ApiKeys) -> Self {
        self.api_keys = Some(keys);
        self
    }

    /// The appid.
    #[must_use]
    pub fn app_id(&self) -> &AppId {
        &self.credentials.app_id
    }

    /// Which token interface the account uses.
    #[must_use]
    pub fn mode(&self) -> TokenMode {
        self.token_mode
    }

    pub(crate) fn keys(&self) -> Option<&ApiKeys> {
        self.api_keys.as_ref()
    }

    pub(crate) fn secret(&self) -> &AppSecret {
        &self.credentials.secret
    }
}

impl fmt::Debug for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Account")
            .field("app_id", &self.credentials.app_id)
            .field("token_mode", &self.token_mode)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_shows_the_appid_and_never_the_secret() {
        let account = Account::new(AppId::new("wx1"), AppSecret::new("canary")).token_mode(TokenMode::Classic);
        let shown = format!("{account:?}");
        assert!(shown.contains("wx1") && shown.contains("Classic"), "{shown}");
        assert!(!shown.contains("canary"), "{shown}");
    }
}
