//! Is this token a session that still holds?

use std::sync::Arc;

use weiqiao_model::{SessionId, SessionKind, UserId};
use weiqiao_store::facts::session::{FindSession, StoredSession};

use super::SessionContext;
use crate::App;
use crate::error::{AppError, Result};
use crate::jwt::{Audience, LEEWAY_S, TokenProblem};
use crate::usecase::user::{open_openid, openid_place};

/// The session behind a token. On the way of every request: one signature, and the database only every five seconds.
///
/// # Errors
///
/// `Unauthorized` for any token that is not ours, not for people, out of its time, revoked or forgotten, all alike.
/// `Unavailable` when the database cannot be asked.
pub async fn verify_session(app: &App, token: &str) -> Result<Arc<SessionContext>> {
    let now = app.now_ms();
    let claims = app.jwt().verify(Audience::User, token, now).map_err(|problem| {
        tracing::debug!(%problem, "a token was refused");
        AppError::unauthorized()
    })?;
    let session = match app.sessions().get(&claims.sid, now).await {
        Some(seen) => seen,
        None => look_up(app, &claims.sid, now).await?,
    };
    session.filter(|session| holds(session.expires_at, now)).ok_or_else(AppError::unauthorized)
}

/// Whether we signed this token, for a person or for staff, even if it is over or was revoked. Says nothing about who may do
/// what: only whether somebody shows something old or something wrong.
#[must_use]
pub fn was_issued_here(app: &App, token: &str) -> bool {
    let now = app.now_ms();
    [Audience::User, Audience::Staff]
        .into_iter()
        .any(|audience| matches!(app.jwt().verify(audience, token, now), Ok(_) | Err(TokenProblem::Time)))
}

async fn look_up(app: &App, id: &SessionId, now: i64) -> Result<Option<Arc<SessionContext>>> {
    let stored = app.store().read(FindSession { id: id.clone() }).await?;
    let session = stored.and_then(|stored| context(app, stored)).map(Arc::new);
    app.sessions().put(id.clone(), session.clone(), now).await;
    Ok(session)
}

/// Whether the session goes on, asked of the database itself: another instance may have ended it a moment ago.
///
/// # Errors
///
/// `Unavailable` when the database cannot be asked.
pub(crate) async fn is_alive(app: &App, id: &SessionId) -> Result<bool> {
    let stored = app.store().read(FindSession { id: id.clone() }).await?;
    Ok(stored.is_some_and(|session| is_begun(&session) && holds(session.expires_at, app.now_ms())))
}

/// A person's, and not ended early.
fn is_begun(stored: &StoredSession) -> bool {
    stored.kind == SessionKind::User && stored.identity.is_some() && stored.revoked_at.is_none()
}

fn context(app: &App, stored: StoredSession) -> Option<SessionContext> {
    if !is_begun(&stored) {
        return None;
    }
    let identity = stored.identity?;
    let opened = open_openid(app.vault(), &identity.app_id, &identity.openid_index, &identity.openid);
    let place = openid_place(&identity.openid_index, &identity.app_id);
    // Who cannot be told any more logs in again, which writes the openid anew.
    let openid = app.vault().row(identity.identity_id.as_str()).keep(&["openid"], place, opened)?;
    Some(SessionContext {
        session_id: stored.id,
        user_id: UserId::new(stored.subject),
        account: identity.account,
        app_id: identity.app_id,
        identity_id: identity.identity_id,
        openid,
        created_at: stored.created_at,
        expires_at: stored.expires_at,
    })
}

/// With the same leeway as the token, so that both end together.
pub(crate) fn holds(expires_at: i64, now: i64) -> bool {
    now <= expires_at.saturating_add((LEEWAY_S + 1) * 1000 - 1)
}
