//! The browser a login comes from: what it began in is what it has to end in.

use axum::extract::FromRequestParts;
use http::HeaderMap;
use http::header::USER_AGENT;
use http::request::Parts;
use sha2::{Digest as _, Sha256};
use weiqiao_app::usecase::api_key::is_api_key;
use weiqiao_app::usecase::login::{Browser, BrowserCookie, LoginAnswer, STATE_TTL_MS, StartedLogin};
use weiqiao_app::usecase::session::{verify_session, was_issued_here};
use weiqiao_model::SessionId;

use super::ApiError;
use super::cookies::{self, Cookie, SESSION_COOKIE};
use crate::AppState;
use crate::settings::HttpSettings;

/// What a request brought that tells its browser from others.
///
/// A cookie that means nothing is nothing: browsers send what they have, and nobody may be kept from logging in anew. So is
/// a bearer token of ours that is over, which a client may still attach to everything. A bearer token that was never ours
/// is a mistake, and refused with 401.
#[derive(Debug, Clone)]
pub(crate) struct Visitor {
    /// The cookie that binds logins, and the session, verified.
    pub(crate) browser: Browser,
    /// The `User-Agent`, to tell sessions apart in a list.
    pub(crate) user_agent: Option<String>,
}

impl FromRequestParts<AppState> for Visitor {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, ApiError> {
        let cookie = cookies::get(&parts.headers, state.binding_cookie()).and_then(BrowserCookie::parse);
        let session = session(state, &parts.headers).await?;
        let user_agent = parts.headers.get(USER_AGENT).and_then(|agent| agent.to_str().ok()).map(str::to_owned);
        Ok(Self { browser: Browser { cookie, session }, user_agent })
    }
}

async fn session(state: &AppState, headers: &HeaderMap) -> Result<Option<SessionId>, ApiError> {
    let bearer = super::caller::bearer(headers).filter(|token| !is_api_key(state.app(), token));
    let Some(token) = bearer.or_else(|| cookies::get(headers, SESSION_COOKIE)) else { return Ok(None) };
    match verify_session(state.app(), token).await {
        Ok(session) => Ok(Some(session.session_id.clone())),
        Err(_) if bearer.is_some() && !was_issued_here(state.app(), token) => Err(ApiError::unauthorized()),
        Err(_) => Ok(None),
    }
}

/// The name of the binding cookie.
pub(crate) fn binding_cookie_name(settings: &HttpSettings) -> String {
    cookie_name(settings, "wx-st")
}

/// The name of the cookie that remembers where a login began.
pub(crate) fn back_cookie_name(settings: &HttpSettings) -> String {
    cookie_name(settings, "wx-back")
}

/// The name of the console's cookie.
pub(crate) fn staff_cookie_name(settings: &HttpSettings) -> String {
    match settings.is_https() {
        true => "__Host-adm".to_owned(),
        false => cookie_name(settings, "adm"),
    }
}

/// The `__Host-` prefix, which keeps sub-domains from planting a cookie, where we are reached by https; and eight digits of
/// our address, because cookies do not tell ports apart.
fn cookie_name(settings: &HttpSettings, word: &str) -> String {
    let digest = Sha256::digest(settings.public_url.as_str());
    let digits = hex::encode(digest.get(..4).unwrap_or_default());
    let prefix = if settings.is_https() { "__Host-" } else { "" };
    format!("{prefix}{word}-{digits}")
}

/// Remembers the login that begins.
pub(crate) fn bind(state: &AppState, headers: &mut HeaderMap, started: &StartedLogin) -> Result<(), ApiError> {
    bind_for(state, headers, &started.cookie, started.max_age_s)
}

/// Remembers the browser for this many seconds. Ten minutes at least: the cookie may belong to other logins too.
pub(crate) fn bind_for(
    state: &AppState,
    headers: &mut HeaderMap,
    cookie: &BrowserCookie,
    max_age_s: i64,
) -> Result<(), ApiError> {
    let (max_age_s, secure) = (max_age_s.max(STATE_TTL_MS / 1000), state.settings().is_https());
    Cookie { name: state.binding_cookie(), value: cookie.expose(), max_age_s, secure }.write(headers)
}

/// Remembers the session that began.
pub(crate) fn remember(state: &AppState, headers: &mut HeaderMap, answer: &LoginAnswer) -> Result<(), ApiError> {
    remember_session(state, headers, &answer.token, answer.expires_at)
}

/// Remembers a session by its token; `expires_at` is in epoch seconds.
pub(crate) fn remember_session(
    state: &AppState,
    headers: &mut HeaderMap,
    token: &str,
    expires_at: i64,
) -> Result<(), ApiError> {
    let max_age_s = expires_at.saturating_sub(state.now_ms() / 1000).max(0);
    let secure = state.settings().is_https();
    Cookie { name: SESSION_COOKIE, value: token, max_age_s, secure }.write(headers)
}
