//! Whoever posts a code: a page for its visitor, or a server.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use http::HeaderMap;
use http::request::Parts;
use weiqiao_app::usecase::api_key::ApiKeyContext;
use weiqiao_app::usecase::login::{CodeLogin, LoginAnswer, login_with_code};

use crate::AppState;
use crate::engine::caller::MaybeKey;
use crate::engine::csrf::is_from_our_page;
use crate::engine::visitor::{Visitor, remember};
use crate::engine::{ApiError, RequestContext};

/// Who posts, and where from.
pub(crate) struct Poster {
    key: Option<Arc<ApiKeyContext>>,
    visitor: Visitor,
    ip: String,
    our_page: bool,
}

/// What they post.
pub(super) struct Posted<'a> {
    /// Another official account than the default one.
    pub(super) account: Option<&'a str>,
    /// The code.
    pub(super) code: &'a str,
    /// The state that came with it.
    pub(super) state: Option<&'a str>,
}

impl FromRequestParts<AppState> for Poster {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, ApiError> {
        let MaybeKey(key) = MaybeKey::from_request_parts(parts, state).await?;
        let visitor = Visitor::from_request_parts(parts, state).await?;
        let context = RequestContext::from_request_parts(parts, state).await?;
        let our_page = is_from_our_page(&parts.headers, state.settings());
        Ok(Self { key, visitor, ip: context.client_ip.to_string(), our_page })
    }
}

impl Poster {
    /// Logs in with the code. The headers hold the session cookie where the browser is to remember the session:
    ///
    /// - never for a server, whose visitor it is;
    /// - not for a page of another site, unless the login is known to have begun in this browser. Its visitor would go on as
    ///   whoever the page brought a code of. Such a page has the token.
    pub(super) async fn log_in(
        &self,
        state: &AppState,
        posted: Posted<'_>,
    ) -> Result<(HeaderMap, LoginAnswer), ApiError> {
        let login = CodeLogin {
            account: posted.account,
            code: posted.code,
            state: posted.state,
            browser: &self.visitor.browser,
            user_agent: self.visitor.user_agent.as_deref(),
            ip: Some(&self.ip),
            key: self.key.as_deref(),
        };
        let answer = login_with_code(state.app(), login).await?;
        let mut cookies = HeaderMap::new();
        if self.key.is_none() && (answer.began_here || self.our_page) {
            remember(state, &mut cookies, &answer)?;
        }
        Ok((cookies, answer))
    }
}
