//! Who am I?

use serde::Serialize;
use weiqiao_store::facts::identity::FindIdentityById;

use super::UserInfo;
use crate::App;
use crate::error::{AppError, Result};
use crate::usecase::session::SessionContext;

/// The caller's own session and profile.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Me {
    /// Our id of the person.
    pub user_id: String,
    /// The profile.
    pub user_info: UserInfo,
    /// The session.
    pub session: MySession,
}

/// The session somebody asks with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MySession {
    /// Its id.
    pub id: String,
    /// The account it began through.
    pub account: String,
    /// When it began, epoch seconds.
    pub created_at: i64,
    /// When it ends, epoch seconds.
    pub expires_at: i64,
}

/// Reads the person behind a session.
///
/// # Errors
///
/// `Unauthorized` when the person was deleted meanwhile, `Unavailable` when the database is down.
pub async fn me(app: &App, session: &SessionContext) -> Result<Me> {
    let find = FindIdentityById { identity_id: session.identity_id.clone() };
    let identity = app.store().read(find).await?.ok_or_else(AppError::unauthorized)?;
    Ok(Me {
        user_id: identity.user_id.as_str().to_owned(),
        user_info: UserInfo::of_row(app, identity)?,
        session: MySession {
            id: session.session_id.as_str().to_owned(),
            account: session.account.as_str().to_owned(),
            created_at: session.created_at.div_euclid(1000),
            expires_at: session.expires_at.div_euclid(1000),
        },
    })
}
