//! Who am I?

use serde::Serialize;
use weiqiao_store::facts::identity::FindIdentityById;

use super::{Person, UserInfo, fresh_s, person_of};
use crate::App;
use crate::error::{AppError, Result};
use crate::usecase::session::SessionContext;
use crate::vault::Damaged;

/// The caller's own session and profile.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Me {
    /// Our id of the person.
    pub user_id: String,
    /// The profile; empty but for the openid when it is damaged.
    pub user_info: UserInfo,
    /// The session.
    pub session: MySession,
    /// What of the profile cannot be read; logging in again writes it anew.
    #[serde(skip_serializing_if = "Damaged::is_empty")]
    pub damaged: Damaged,
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
    let (user_id, login_at) = (identity.user_id.as_str().to_owned(), identity.login_at);
    let (person, damaged) = person_of(app, identity);
    // The session knows who it is.
    let person = person.unwrap_or_else(|| Person { openid: session.openid.as_str().to_owned(), ..Person::default() });
    Ok(Me {
        user_id,
        user_info: UserInfo::of(person, login_at, fresh_s(app)),
        damaged,
        session: MySession {
            id: session.session_id.as_str().to_owned(),
            account: session.account.as_str().to_owned(),
            created_at: session.created_at.div_euclid(1000),
            expires_at: session.expires_at.div_euclid(1000),
        },
    })
}
