//! What an API key may do.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// One right of an API key. A key carries a list of them and has no other rights.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum ApiScope {
    /// Everything under `/api/admin`.
    #[serde(rename = "admin")]
    Admin,
    /// Read the access tokens and tickets of the token centre.
    #[serde(rename = "token")]
    Token,
    /// Read any user by openid.
    #[serde(rename = "user:read")]
    UserRead,
    /// Log people in with their codes from a server: `POST /api/wechat/auth` without a state, and the calls of the named
    /// login instances.
    #[serde(rename = "login:exchange")]
    LoginExchange,
    /// Send subscribe messages.
    #[serde(rename = "message:send")]
    MessageSend,
    /// Record customer actions.
    #[serde(rename = "action:write")]
    ActionWrite,
    /// Write the subscription state of advisors.
    #[serde(rename = "advisor:write")]
    AdvisorWrite,
    /// Read, publish and delete menus.
    #[serde(rename = "menu")]
    Menu,
    /// Read the phones and names of leads in clear.
    #[serde(rename = "lead:reveal")]
    LeadReveal,
}

/// A text that names no scope.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "unknown scope {0:?}: use admin, token, user:read, login:exchange, message:send, action:write, advisor:write, menu or \
     lead:reveal"
)]
pub struct UnknownScope(String);

impl ApiScope {
    /// Every scope, the way a bootstrap key carries them.
    pub const ALL: [Self; 9] = [
        Self::Admin,
        Self::Token,
        Self::UserRead,
        Self::LoginExchange,
        Self::MessageSend,
        Self::ActionWrite,
        Self::AdvisorWrite,
        Self::Menu,
        Self::LeadReveal,
    ];

    /// The word used in answers, commands and storage.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Admin => "admin",
            Self::Token => "token",
            Self::UserRead => "user:read",
            Self::LoginExchange => "login:exchange",
            Self::MessageSend => "message:send",
            Self::ActionWrite => "action:write",
            Self::AdvisorWrite => "advisor:write",
            Self::Menu => "menu",
            Self::LeadReveal => "lead:reveal",
        }
    }
}

impl fmt::Display for ApiScope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for ApiScope {
    type Err = UnknownScope;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|scope| scope.as_str() == text)
            .ok_or_else(|| UnknownScope(text.chars().take(64).collect()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_scope_has_one_word_everywhere() {
        for scope in ApiScope::ALL {
            assert_eq!(scope.as_str().parse(), Ok(scope));
            assert_eq!(serde_json::to_value(scope).unwrap(), scope.as_str());
        }
        let refusal = "message:*".parse::<ApiScope>().unwrap_err().to_string();
        assert!(ApiScope::ALL.into_iter().all(|scope| refusal.contains(scope.as_str())), "{refusal}");
    }
}
