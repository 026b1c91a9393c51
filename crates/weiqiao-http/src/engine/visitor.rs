//! The browser a login comes from: what it began in is what it has to end in.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use http::HeaderMap;
use http::header::USER_AGENT;
use http::request::Parts;
use sha2::{Digest as _, Sha256};
use weiqiao_app::usecase::login::{Browser, BrowserCookie, LoginAnswer, StartedLogin};
use weiqiao_app::usecase::session::verify_session;

use super::ApiError;
use super::cookies::{self, Cookie, SESSION_COOKIE};
use crate::AppState;
use crate::settings::HttpSettings;

/// What a request brought that tells its browser from others. Never refuses: a cookie that means nothing is nothing.
#[derive(Debug, Clone)]
pub(crate) struct Visitor {
    /// The cookie that binds logins, and the session, verified.
    pub(crate) browser: Browser,
    /// The `User-Agent`, to tell sessions apart in a list.
    pub(crate) user_agent: Option<String>,
}

impl FromRequestParts<AppState> for Visitor {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Infallible> {
        let cookie = cookies::get(&parts.headers, state.binding_cookie()).and_then(BrowserCookie::parse);
        let session = match session_token(&parts.headers) {
            Some(token) => verify_session(state.app(), token).await.ok().map(|session| session.session_id.clone()),
            None => None,
        };
        let user_agent = parts.headers.get(USER_AGENT).and_then(|agent| agent.to_str().ok()).map(str::to_owned);
        Ok(Self { browser: Browser { cookie, session }, user_agent })
    }
}

fn session_token(headers: &HeaderMap) -> Option<&str> {
    super::caller::bearer(headers).or_else(|| cookies::get(headers, SESSION_COOKIE))
}

/// The name of the binding cookie: the `__Host-` prefix, which keeps sub-domains from planting one, where we are
/// reached by https; and eight digits of our address, because cookies do not tell ports apart.
pub(crate) fn binding_cookie_name(settings: &HttpSettings) -> String {
    let digest = Sha256::digest(settings.public_url.as_str());
    let digits = hex::encode(digest.get(..4).unwrap_or_default());
    let prefix = if settings.is_https() { "__Host-" } else { "" };
    format!("{prefix}wx-st-{digits}")
}

/// Remembers the login that begins.
pub(crate) fn bind(state: &AppState, headers: &mut HeaderMap, started: &StartedLogin) -> Result<(), ApiError> {
    let value = started.cookie.expose();
    let secure = state.settings().is_https();
    Cookie { name: state.binding_cookie(), value, max_age_s: started.max_age_s, secure }.write(headers)
}

/// Remembers the session that began.
pub(crate) fn remember(state: &AppState, headers: &mut HeaderMap, answer: &LoginAnswer) -> Result<(), ApiError> {
    let max_age_s = answer.expires_at.saturating_sub(state.now_ms() / 1000).max(0);
    let secure = state.settings().is_https();
    Cookie { name: SESSION_COOKIE, value: &answer.token, max_age_s, secure }.write(headers)
}
