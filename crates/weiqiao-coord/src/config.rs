//! Which driver, with what address.

use std::fmt;
use std::time::Duration;

/// Where the shared state lives.
#[derive(Debug, Clone)]
pub enum CoordConfig {
    /// In this process: right for one instance.
    Memory,
    /// On Redis 5 or newer: for several instances.
    Redis(RedisConfig),
}

/// How Redis is reached.
#[derive(Clone)]
pub struct RedisConfig {
    /// Address, with the password when there is one.
    pub url: RedisUrl,
    /// First part of every key; instances that share an account pool use the same one. Default `weiqiao`.
    pub prefix: String,
    /// Secret that hashes keys and authenticates values; the same in every instance.
    pub key_secret: [u8; 32],
    /// Time limit of one command. Default 50 ms.
    pub command_timeout: Duration,
    /// Time limit of making a connection. Default 1 s; happens in the background only.
    pub connect_timeout: Duration,
}

impl RedisConfig {
    /// The defaults for this address; `key_secret` must be the same in every instance.
    #[must_use]
    pub fn new(url: RedisUrl, key_secret: [u8; 32]) -> Self {
        Self {
            url,
            prefix: "weiqiao".to_owned(),
            key_secret,
            command_timeout: Duration::from_millis(50),
            connect_timeout: Duration::from_secs(1),
        }
    }
}

impl fmt::Debug for RedisConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RedisConfig")
            .field("url", &self.url)
            .field("prefix", &self.prefix)
            .field("command_timeout", &self.command_timeout)
            .field("connect_timeout", &self.connect_timeout)
            .finish_non_exhaustive()
    }
}

/// A Redis address: `redis://[user:password@]host[:port][/db]`, `rediss://…` for TLS, `unix:///path`. Never printed.
#[derive(Clone, PartialEq, Eq)]
pub struct RedisUrl(String);

impl RedisUrl {
    /// Takes the address; it is checked when the driver is opened.
    #[must_use]
    pub fn new(url: impl Into<String>) -> Self {
        Self(url.into())
    }

    pub(crate) fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for RedisUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[secret]")
    }
}
