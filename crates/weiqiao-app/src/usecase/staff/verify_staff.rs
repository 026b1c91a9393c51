//! Is this token a staff session that still holds?

use std::sync::Arc;

use moka::future::Cache;
use weiqiao_model::{SessionId, SessionKind, StaffId};
use weiqiao_store::facts::session::{FindSession, RevokeSession};
use weiqiao_store::facts::staff::FindStaff;

use super::StaffContext;
use crate::App;
use crate::error::{AppError, Result};
use crate::jwt::Audience;
use crate::usecase::session::{MAX_AGE_MS, holds};

const CAPACITY: u64 = 5_000;

/// Staff sessions that were looked up within the last five seconds, and when.
#[derive(Clone)]
pub(crate) struct StaffCache {
    by_id: Cache<SessionId, (Option<Arc<StaffContext>>, i64)>,
}

impl Default for StaffCache {
    fn default() -> Self {
        Self { by_id: Cache::new(CAPACITY) }
    }
}

impl StaffCache {
    /// Forgets everybody: rights or passwords changed.
    pub(crate) fn clear(&self) {
        self.by_id.invalidate_all();
    }
}

/// The member of staff behind a token. A change of rights, a new password or a log-out works within five seconds.
///
/// # Errors
///
/// `Unauthorized` for any token that is not ours, not for staff, out of its time or revoked, and for staff that was
/// disabled, all alike. `Unavailable` when the database cannot be asked.
pub async fn verify_staff(app: &App, token: &str) -> Result<Arc<StaffContext>> {
    let now = app.now_ms();
    let claims = app.jwt().verify(Audience::Staff, token, now).map_err(|problem| {
        tracing::debug!(%problem, "a staff token was refused");
        AppError::unauthorized()
    })?;
    let cache = &app.staff().by_id;
    let staff = match cache.get(&claims.sid).await {
        Some((staff, at)) if (0..MAX_AGE_MS).contains(&now.saturating_sub(at)) => staff,
        _ => {
            let staff = look_up(app, &claims.sid).await?.map(Arc::new);
            cache.insert(claims.sid, (staff.clone(), now)).await;
            staff
        }
    };
    staff.filter(|staff| holds(staff.expires_at, now)).ok_or_else(AppError::unauthorized)
}

async fn look_up(app: &App, id: &SessionId) -> Result<Option<StaffContext>> {
    let session = app.store().read(FindSession { id: id.clone() }).await?;
    let Some(session) = session.filter(|found| found.kind == SessionKind::Staff && found.revoked_at.is_none()) else {
        return Ok(None);
    };
    let staff = app.store().read(FindStaff { id: StaffId::new(session.subject) }).await?;
    Ok(staff.filter(|staff| staff.disabled_at.is_none()).map(|staff| StaffContext {
        session_id: session.id,
        staff_id: staff.id,
        username: staff.username,
        role: staff.role,
        // A permission that a newer version knows is none here.
        extra: staff.permissions.iter().filter_map(|word| word.parse().ok()).collect(),
        expires_at: session.expires_at,
    }))
}

/// Ends a staff session. Here at once, on other instances within five seconds.
///
/// # Errors
///
/// `Unavailable` when the database is down: then the session goes on.
pub async fn staff_logout(app: &App, staff: &StaffContext) -> Result<()> {
    let now = app.now_ms();
    app.store().run(RevokeSession { id: staff.session_id.clone(), now }).await?;
    app.staff().by_id.insert(staff.session_id.clone(), (None, now)).await;
    Ok(())
}
