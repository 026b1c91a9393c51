//! Is this token, or this cookie, a staff session that still holds?

use std::sync::Arc;

use moka::future::Cache;
use serde_json::json;
use weiqiao_store::facts::audit::Audited;
use weiqiao_store::facts::session::{RevokeSession, TouchSession};
use weiqiao_store::facts::staff::{FindStaffSession, StoredStaffSession};

use super::StaffContext;
use crate::App;
use crate::audit::Deed;
use crate::error::{AppError, Result};
use crate::jwt::Audience;
use crate::usecase::session::MAX_AGE_MS;

const CAPACITY: u64 = 5_000;
/// How often the use of a session is written down, milliseconds.
const TOUCH_EVERY_MS: i64 = 60_000;

/// How a session was shown.
#[derive(Clone, PartialEq, Eq, Hash)]
enum Shown {
    /// Its id, by a token.
    Id(String),
    /// The hash of its cookie.
    Cookie(String),
}

/// What was found, and when.
type Seen = (Option<Arc<StaffContext>>, i64);

/// Staff sessions that were looked up within the last five seconds, and when.
#[derive(Clone)]
pub(crate) struct StaffCache {
    found: Cache<Shown, Seen>,
}

impl Default for StaffCache {
    fn default() -> Self {
        Self { found: Cache::new(CAPACITY) }
    }
}

impl StaffCache {
    /// Forgets everybody: rights or passwords changed.
    pub(crate) fn clear(&self) {
        self.found.invalidate_all();
    }
}

/// The member of staff behind a token. A change of rights, a new password or a log-out works within five seconds.
///
/// # Errors
///
/// `Unauthorized` for any token that is not ours, not for staff, out of its time, unused for too long or revoked, and for
/// staff that was disabled, all alike. `Unavailable` when the database cannot be asked.
pub async fn verify_staff(app: &App, token: &str) -> Result<Arc<StaffContext>> {
    let claims = app.jwt().verify(Audience::Staff, token, app.now_ms()).map_err(|problem| {
        tracing::debug!(%problem, "a staff token was refused");
        AppError::unauthorized()
    })?;
    find(app, Shown::Id(claims.sid.into_string())).await
}

/// The member of staff behind the console's cookie.
///
/// # Errors
///
/// As [`verify_staff`].
pub async fn verify_staff_cookie(app: &App, cookie: &str) -> Result<Arc<StaffContext>> {
    find(app, Shown::Cookie(cookie_hash(app, cookie))).await
}

pub(super) fn cookie_hash(app: &App, cookie: &str) -> String {
    app.vault().fingerprint("staff cookie", &[cookie])
}

async fn find(app: &App, shown: Shown) -> Result<Arc<StaffContext>> {
    let (now, cache) = (app.now_ms(), &app.staff().found);
    let staff = match cache.get(&shown).await {
        Some((staff, at)) if (0..MAX_AGE_MS).contains(&now.saturating_sub(at)) => staff,
        _ => {
            let staff = look_up(app, &shown, now).await?.map(Arc::new);
            cache.insert(shown, (staff.clone(), now)).await;
            staff
        }
    };
    staff.filter(|staff| now < staff.expires_at).ok_or_else(AppError::unauthorized)
}

async fn look_up(app: &App, shown: &Shown, now: i64) -> Result<Option<StaffContext>> {
    let find = match shown {
        Shown::Id(id) => FindStaffSession::Id(id.as_str().into()),
        Shown::Cookie(hash) => FindStaffSession::Cookie(hash.clone()),
    };
    let Some(found) = app.store().read(find).await?.filter(|found| found.holds_at(now)) else { return Ok(None) };
    if now.saturating_sub(found.seen_at) >= TOUCH_EVERY_MS {
        let touch = TouchSession { id: found.id.clone(), at_most_every_ms: TOUCH_EVERY_MS, now };
        // Who cannot be noted as present is still who they are.
        if let Err(error) = app.store().run(touch).await {
            tracing::debug!(%error, "the use of a staff session was not noted");
        }
    }
    Ok(Some(context(found)))
}

fn context(found: StoredStaffSession) -> StaffContext {
    let StoredStaffSession { id, expires_at, staff, .. } = found;
    StaffContext {
        session_id: id,
        staff_id: staff.id,
        username: staff.username,
        role: staff.role,
        // A permission that a newer version knows is none here.
        extra: staff.permissions.iter().filter_map(|word| word.parse().ok()).collect(),
        advisor_id: staff.advisor_id,
        expires_at,
    }
}

/// Ends a staff session. Here at once, on other instances within five seconds.
///
/// # Errors
///
/// `Unavailable` when the database is down: then the session goes on.
pub async fn staff_logout(app: &App, staff: &StaffContext) -> Result<()> {
    let detail = json!({ "session": staff.session_id.as_str() });
    let entry = app.audit_entry(staff, Deed::Logout, "staff", staff.staff_id.as_str(), &detail);
    let revoke = RevokeSession { id: staff.session_id.clone(), now: app.now_ms() };
    app.store().run(Audited::new(revoke, entry, |ended| *ended)).await?;
    app.staff().clear();
    Ok(())
}
