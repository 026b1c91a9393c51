//! The person leaves.

use weiqiao_model::{SessionId, SessionKind};
use weiqiao_store::facts::session::{RevokeSession, RevokeSessionsOf};

use super::SessionContext;
use crate::App;
use crate::error::Result;

/// Ends one session. Here at once, on other instances within five seconds. Ending it twice is fine.
///
/// # Errors
///
/// `Unavailable` when the database is down: then the session goes on.
pub async fn logout(app: &App, session_id: &SessionId) -> Result<()> {
    let now = app.now_ms();
    app.store().run(RevokeSession { id: session_id.clone(), now }).await?;
    app.sessions().put(session_id.clone(), None, now).await;
    Ok(())
}

/// Ends every session of the person. Answers how many there were.
///
/// # Errors
///
/// `Unavailable` when the database is down.
pub async fn logout_everywhere(app: &App, session: &SessionContext) -> Result<u64> {
    let (now, subject) = (app.now_ms(), session.user_id.as_str().to_owned());
    let ended = app.store().run(RevokeSessionsOf { kind: SessionKind::User, subject, except: None, now }).await?;
    app.sessions().forget(&session.session_id).await;
    Ok(ended)
}
