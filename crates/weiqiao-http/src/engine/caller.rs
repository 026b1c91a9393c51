//! Who is calling.
//!
//! Looked for in this order: `X-Api-Key`, `Authorization: Bearer`, the session cookie. The first one present counts; the same
//! header twice is refused by the [edge](super::edge) before anybody looks.
//! Under `/api/admin`, `/api/auth` and `/api/users` the console's cookie comes before the session cookie; nowhere else does it
//! mean anything. A handler names what it needs by the type of its argument:
//!
//! | argument | nobody | a credential that is wrong |
//! |---|---|---|
//! | [`Visitor`](super::visitor::Visitor), where people log in | passes | a cookie or a token that is over passes, any other bearer token is 401 |
//! | [`AnyCaller`] | passes as anonymous | 401 |
//! | [`MaybeCaller`] | passes as anonymous | a session passes as anonymous, an API key is 401 |
//! | [`KnownCaller`] | passes as anonymous in open mode, else 401 | the same, an API key is 401 |
//! | [`UserCaller`] | 401 | 401 |
//! | [`StaffCaller`] | 401 | 401 |
//!
//! An API key that is wrong is 401 at every route with a [`limit`](super::limit), whether it needs one or not. Who is known but
//! of another sort (a person at [`StaffCaller`], staff at [`UserCaller`]) is 403.
//!
//! What a caller may do is the use case's decision, or `caller.demand(…)` in the handler.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use http::header::AUTHORIZATION;
use http::request::Parts;
use http::{HeaderMap, HeaderName};
use weiqiao_app::usecase::api_key::{ApiKeyContext, is_api_key, verify_api_key};
use weiqiao_app::usecase::session::{SessionContext, verify_session};
use weiqiao_app::usecase::staff::{StaffContext, verify_staff, verify_staff_cookie};
use weiqiao_app::{AppError, Caller, ErrorKind};

use super::cookies::{self, SESSION_COOKIE};
use super::{ApiError, csrf};
use crate::AppState;

const X_API_KEY: HeaderName = HeaderName::from_static("x-api-key");

/// Whoever calls, if they show what is right or nothing.
#[derive(Debug, Clone)]
pub struct AnyCaller(pub Caller);

/// Whoever calls; a session that is over is as good as none.
#[derive(Debug, Clone)]
pub struct MaybeCaller(pub Caller);

/// Whoever calls; in strict mode not nobody.
#[derive(Debug, Clone)]
pub(crate) struct KnownCaller(pub(crate) Caller);

/// Somebody who logged in through WeChat.
#[derive(Debug, Clone)]
pub struct UserCaller(pub Arc<SessionContext>);

/// A member of staff.
#[derive(Debug, Clone)]
pub struct StaffCaller(pub Arc<StaffContext>);

/// What a request shows.
enum Shown<'a> {
    Nothing,
    Key(&'a str),
    Token(&'a str),
    Cookie(&'a str),
}

/// The header of a credential that stands there more than once. Which of them counts every reader would decide for itself, so
/// none does.
pub(super) fn repeated(headers: &HeaderMap) -> Option<&'static str> {
    let twice = |name: &HeaderName| headers.get_all(name).iter().nth(1).is_some();
    match (twice(&X_API_KEY), twice(&AUTHORIZATION)) {
        (true, _) => Some("X-Api-Key"),
        (_, true) => Some("Authorization"),
        (false, false) => None,
    }
}

fn shown<'a>(headers: &'a HeaderMap, state: &AppState) -> Shown<'a> {
    if let Some(key) = headers.get(X_API_KEY) {
        return Shown::Key(key.to_str().unwrap_or_default());
    }
    if headers.contains_key(AUTHORIZATION) {
        return match bearer(headers) {
            Some(key) if is_api_key(state.app(), key) => Shown::Key(key),
            token => Shown::Token(token.unwrap_or_default()),
        };
    }
    cookies::get(headers, SESSION_COOKIE).filter(|token| !token.is_empty()).map_or(Shown::Nothing, Shown::Cookie)
}

/// What stands behind `Authorization: Bearer`: a token, or an API key.
pub(super) fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(token.trim())
}

/// The API key a request shows, if it shows one.
pub(super) fn shown_key<'a>(headers: &'a HeaderMap, state: &AppState) -> Option<&'a str> {
    match shown(headers, state) {
        Shown::Key(key) => Some(key),
        Shown::Nothing | Shown::Token(_) | Shown::Cookie(_) => None,
    }
}

/// The API key a request shows, verified; `None` when it shows none. One that is wrong is refused.
#[derive(Debug, Clone)]
pub(crate) struct MaybeKey(pub(crate) Option<Arc<ApiKeyContext>>);

impl FromRequestParts<AppState> for MaybeKey {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, ApiError> {
        match shown_key(&parts.headers, state) {
            Some(key) => Ok(Self(Some(verify_api_key(state.app(), key).await?))),
            None => Ok(Self(None)),
        }
    }
}

/// Where the console's cookie counts.
fn is_for_staff(path: &str) -> bool {
    path.starts_with("/api/admin/") || path.starts_with("/api/auth/") || path == "/api/users"
}

/// The console's cookie, where it counts and nothing else is shown.
pub(super) fn staff_cookie<'a>(parts: &'a Parts, state: &AppState) -> Option<&'a str> {
    if !is_for_staff(parts.uri.path()) {
        return None;
    }
    cookies::get(&parts.headers, state.staff_cookie()).filter(|value| !value.is_empty())
}

async fn identify(parts: &Parts, state: &AppState) -> Result<Caller, ApiError> {
    let shown = shown(&parts.headers, state);
    let staff_cookie = match shown {
        Shown::Nothing | Shown::Cookie(_) => staff_cookie(parts, state),
        Shown::Key(_) | Shown::Token(_) => None,
    };
    if matches!(shown, Shown::Nothing) && staff_cookie.is_none() {
        return Ok(Caller::Anonymous);
    }
    // In a box, because a handler's future is as large as the largest of its parts, and is moved some times.
    Box::pin(verify(parts, state, shown, staff_cookie)).await
}

async fn verify(
    parts: &Parts,
    state: &AppState,
    shown: Shown<'_>,
    staff_cookie: Option<&str>,
) -> Result<Caller, ApiError> {
    if let Some(cookie) = staff_cookie {
        let staff = verify_staff_cookie(state.app(), cookie).await?;
        csrf::check_staff(&parts.method, &parts.headers, state.settings())?;
        return Ok(Caller::Staff(staff));
    }
    match shown {
        Shown::Nothing => Ok(Caller::Anonymous),
        Shown::Key(key) => Ok(Caller::ApiKey(verify_api_key(state.app(), key).await?)),
        Shown::Token(token) => Ok(verify_token(state, token).await?),
        Shown::Cookie(token) => {
            let session = verify_session(state.app(), token).await?;
            csrf::check(&parts.method, &parts.headers, state.settings())?;
            Ok(Caller::User(session))
        }
    }
}

/// A token is for people or for staff; it says so itself, and which of the two it is costs no second signature.
async fn verify_token(state: &AppState, token: &str) -> Result<Caller, AppError> {
    match verify_session(state.app(), token).await {
        Ok(session) => Ok(Caller::User(session)),
        Err(error) if *error.kind() == ErrorKind::Unauthorized => {
            verify_staff(state.app(), token).await.map(Caller::Staff)
        }
        Err(error) => Err(error),
    }
}

impl FromRequestParts<AppState> for AnyCaller {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, ApiError> {
        identify(parts, state).await.map(Self)
    }
}

impl FromRequestParts<AppState> for MaybeCaller {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, ApiError> {
        match identify(parts, state).await {
            Ok(caller) => Ok(Self(caller)),
            Err(error)
                if error.status() == http::StatusCode::UNAUTHORIZED
                    && !matches!(shown(&parts.headers, state), Shown::Key(_)) =>
            {
                Ok(Self(Caller::Anonymous))
            }
            Err(error) => Err(error),
        }
    }
}

impl FromRequestParts<AppState> for KnownCaller {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, ApiError> {
        let MaybeCaller(caller) = MaybeCaller::from_request_parts(parts, state).await?;
        match caller {
            Caller::Anonymous if state.app().auth_mode().is_strict() => Err(ApiError::unauthorized()),
            caller => Ok(Self(caller)),
        }
    }
}

impl FromRequestParts<AppState> for UserCaller {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, ApiError> {
        let caller = identify(parts, state).await?;
        Ok(Self(Arc::clone(caller.user()?)))
    }
}

impl FromRequestParts<AppState> for StaffCaller {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, ApiError> {
        let caller = identify(parts, state).await?;
        Ok(Self(Arc::clone(caller.staff()?)))
    }
}
