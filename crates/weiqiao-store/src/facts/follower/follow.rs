//! Somebody follows, or no longer does. Events may arrive in any order: the newest, by WeChat's clock, counts.

use crate::value::params;
use crate::{StoreError, Transaction};

const FOLLOW: &str = "INSERT INTO follower (app_id, who, account, openid, subscribed, scene, changed_at, subscribed_at, \
    unsubscribed_at, created_at) VALUES ($1, $2, $3, $4, 1, $5, $6, $6, NULL, $7) \
    ON CONFLICT (app_id, who) DO UPDATE SET account = excluded.account, openid = excluded.openid, subscribed = 1, \
    scene = excluded.scene, changed_at = excluded.changed_at, subscribed_at = excluded.subscribed_at \
    WHERE follower.changed_at <= excluded.changed_at";

const LEAVE: &str = "INSERT INTO follower (app_id, who, account, openid, subscribed, scene, changed_at, subscribed_at, \
    unsubscribed_at, created_at) VALUES ($1, $2, $3, NULL, 0, NULL, $4, NULL, $4, $5) \
    ON CONFLICT (app_id, who) DO UPDATE SET account = excluded.account, openid = NULL, subscribed = 0, \
    changed_at = excluded.changed_at, unsubscribed_at = excluded.unsubscribed_at \
    WHERE follower.changed_at <= excluded.changed_at";

/// What they sent before they left is forgotten, too; not when they have come back since.
const FORGET: &str = "UPDATE inbox SET body = NULL, reply = NULL WHERE app_id = $1 AND who = $2 AND state = 'done' \
    AND sent_at < $3 AND EXISTS (SELECT 1 FROM follower WHERE follower.app_id = $1 AND follower.who = $2 \
    AND follower.subscribed = 0 AND follower.changed_at = $3)";

/// Somebody follows.
#[derive(Debug, Clone)]
pub struct Followed {
    /// Blind index of the openid.
    pub who: String,
    /// The openid, sealed.
    pub openid: Vec<u8>,
    /// The scene of the QR code they followed by.
    pub scene: Option<String>,
    /// When it happened, epoch milliseconds by WeChat's clock.
    pub at: i64,
}

/// Somebody no longer follows.
#[derive(Debug, Clone)]
pub struct Left {
    /// Blind index of the openid.
    pub who: String,
    /// When it happened, epoch milliseconds by WeChat's clock.
    pub at: i64,
}

/// Notes a follower.
pub(in crate::facts) async fn follow<T: Transaction>(
    tx: &mut T,
    (app_id, account): (&str, &str),
    followed: &Followed,
    now: i64,
) -> Result<(), StoreError> {
    let Followed { who, openid, scene, at } = followed;
    tx.execute(FOLLOW, params![app_id, who, account, openid, scene, *at, now]).await.map(drop)
}

/// Notes that somebody left, and forgets what they sent.
pub(in crate::facts) async fn leave<T: Transaction>(
    tx: &mut T,
    (app_id, account): (&str, &str),
    left: &Left,
    now: i64,
) -> Result<(), StoreError> {
    let Left { who, at } = left;
    let statements = vec![(LEAVE, params![app_id, who, account, *at, now]), (FORGET, params![app_id, who, *at])];
    tx.batch(statements).await.map(drop)
}
