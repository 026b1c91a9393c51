//! The newest token or ticket, so that instances need not read the store for it.

use std::fmt;
use std::time::Duration;

use crate::coord::Inner;
use crate::key::{Key, Meaning};

/// The newest access token or ticket of each account.
///
/// A copy for speed: the store holds the truth and decides which generation is the newest. After a flush an older one
/// may come back for a moment, so compare the generation with the one you know.
///
/// **Without Redis** nothing is found and nothing is kept: read the store.
#[derive(Clone, Copy)]
pub struct Tokens<'a>(pub(crate) &'a Inner);

/// A token or ticket as instances share it.
#[derive(Clone, PartialEq, Eq)]
pub struct SharedToken {
    /// Grows by one with every fetch of this kind for this account.
    pub generation: u64,
    /// The token, sealed by the caller.
    pub sealed: Vec<u8>,
    /// When WeChat forgets it, epoch milliseconds.
    pub expires_at_ms: i64,
}

/// What became of a token that was offered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PutToken {
    /// It is the newest now.
    Stored,
    /// One of the same or a later generation is there.
    NotNewer,
    /// It has expired, or Redis does not answer: nothing was kept.
    NotKept,
}

impl Tokens<'_> {
    /// The newest token of `kind` for the account `app_id`, if there is a live one here.
    pub async fn get(&self, app_id: &str, kind: &str) -> Option<SharedToken> {
        let found = match self.0.raw.get_newest(&self.key(app_id, kind)).await {
            Ok(found) => found,
            Err(_unavailable) => {
                self.0.degraded(Meaning::Token);
                None
            }
        };
        let (generation, value) = found?;
        let (expires_at, sealed) = value.split_first_chunk()?;
        let token = SharedToken { generation, sealed: sealed.to_vec(), expires_at_ms: i64::from_be_bytes(*expires_at) };
        (token.expires_at_ms > self.0.clock.now_ms()).then_some(token)
    }

    /// Offers a token to the other instances.
    pub async fn put_if_newer(&self, app_id: &str, kind: &str, token: &SharedToken) -> PutToken {
        let life = token.expires_at_ms.saturating_sub(self.0.clock.now_ms());
        let Ok(life @ 1..) = u64::try_from(life) else { return PutToken::NotKept };
        let value = [&token.expires_at_ms.to_be_bytes(), token.sealed.as_slice()].concat();
        let key = self.key(app_id, kind);
        match self.0.raw.put_if_newer(&key, token.generation, &value, Duration::from_millis(life)).await {
            Ok(true) => PutToken::Stored,
            Ok(false) => PutToken::NotNewer,
            Err(_unavailable) => {
                self.0.degraded(Meaning::Token);
                PutToken::NotKept
            }
        }
    }

    /// Forgets the token: its account is gone or has a new secret. Without Redis it stays until it expires.
    pub async fn forget(&self, app_id: &str, kind: &str) {
        if self.0.raw.delete(&self.key(app_id, kind)).await.is_err() {
            self.0.degraded(Meaning::Token);
        }
    }

    fn key(&self, app_id: &str, kind: &str) -> Key {
        self.0.key(Meaning::Token, app_id, kind)
    }
}

impl fmt::Debug for SharedToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SharedToken")
            .field("generation", &self.generation)
            .field("sealed", &"[sealed]")
            .field("expires_at_ms", &self.expires_at_ms)
            .finish()
    }
}
