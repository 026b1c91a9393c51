//! WeChat says that what is known about somebody has to go.

use weiqiao_model::{IdentityId, UserId};

use crate::value::params;
use crate::{StoreError, Transaction};

const CLEAR_PROFILE: &str = "UPDATE identity SET profile = NULL, profile_unionid = NULL, profile_at = NULL \
    WHERE app_id = $1 AND openid_index = $2";

const FIND: &str = "SELECT id, user_id FROM identity WHERE app_id = $1 AND openid_index = $2";

const DELETE_SESSIONS: &str = "DELETE FROM session WHERE identity_id = $1";

const DELETE_TOKENS: &str = "DELETE FROM oauth_token WHERE identity_id = $1";

const DELETE_KEY: &str = "DELETE FROM session_key WHERE identity_id = $1";

const DELETE: &str = "DELETE FROM identity WHERE id = $1";

/// Only the last identity takes the link with it.
const UNLINK: &str = "DELETE FROM union_link WHERE user_id = $1 \
    AND NOT EXISTS (SELECT 1 FROM identity WHERE identity.user_id = $1)";

/// Deletes the profile. The identity and its sessions go on.
pub(in crate::facts) async fn forget_profile<T: Transaction>(
    tx: &mut T,
    app_id: &str,
    openid_index: &str,
) -> Result<(), StoreError> {
    tx.execute(CLEAR_PROFILE, params![app_id, openid_index]).await.map(drop)
}

/// Deletes the identity with its sessions, tokens and session key.
pub(in crate::facts) async fn forget_person<T: Transaction>(
    tx: &mut T,
    app_id: &str,
    openid_index: &str,
) -> Result<(), StoreError> {
    let Some(mut row) = tx.query_opt(FIND, params![app_id, openid_index]).await? else { return Ok(()) };
    let (identity, user): (IdentityId, UserId) = (row.id()?, row.id()?);
    tx.batch(vec![
        (DELETE_SESSIONS, params![&identity]),
        (DELETE_TOKENS, params![&identity]),
        (DELETE_KEY, params![&identity]),
        (DELETE, params![&identity]),
        (UNLINK, params![&user]),
    ])
    .await
    .map(drop)
}
