//! Sessions that were looked up a moment ago, so that a request costs no database.

use std::sync::Arc;

use moka::future::Cache;
use weiqiao_model::SessionId;

use super::SessionContext;

/// A session ended elsewhere goes on here for at most this long, milliseconds.
pub const MAX_AGE_MS: i64 = 5_000;

const CAPACITY: u64 = 50_000;

/// What was found, and when. `None`: the session has ended.
#[derive(Clone)]
struct Seen {
    session: Option<Arc<SessionContext>>,
    at_ms: i64,
}

pub(crate) struct SessionCache {
    by_id: Cache<SessionId, Seen>,
}

impl Default for SessionCache {
    fn default() -> Self {
        Self { by_id: Cache::new(CAPACITY) }
    }
}

impl SessionCache {
    /// What was found about the session within the last five seconds. A clock that went back makes nothing younger.
    pub(crate) async fn get(&self, id: &SessionId, now_ms: i64) -> Option<Option<Arc<SessionContext>>> {
        let seen = self.by_id.get(id).await?;
        (0..MAX_AGE_MS).contains(&now_ms.saturating_sub(seen.at_ms)).then_some(seen.session)
    }

    pub(crate) async fn put(&self, id: SessionId, session: Option<Arc<SessionContext>>, now_ms: i64) {
        self.by_id.insert(id, Seen { session, at_ms: now_ms }).await;
    }

    pub(crate) async fn forget(&self, id: &SessionId) {
        self.by_id.invalidate(id).await;
    }

    /// Somebody's sessions ended, nobody knows which: all are looked up again.
    pub(crate) fn forget_all(&self) {
        self.by_id.invalidate_all();
    }
}
