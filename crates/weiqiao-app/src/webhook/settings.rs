//! What webhooks are told, as plain data.

use std::time::Duration;

/// How webhooks are delivered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebhookSettings {
    /// Whether addresses inside (loopback, private, link-local) and plain `http` are allowed. For development, and where the
    /// receivers are in the same private network.
    pub allow_private: bool,
    /// The longest one delivery may take, connecting included; at most 20 s.
    pub timeout: Duration,
    /// An endpoint that took nothing for this long is switched off.
    pub disable_after: Duration,
}

impl Default for WebhookSettings {
    fn default() -> Self {
        Self {
            allow_private: false,
            timeout: Duration::from_secs(10),
            disable_after: Duration::from_secs(5 * 24 * 3_600),
        }
    }
}
