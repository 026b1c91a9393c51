//! A login begun on a computer, confirmed on a phone: `/auths/loginTypes/{name}/handover/{ticket}…`.

pub(super) mod decide;
pub(super) mod finish;
pub(super) mod scan;
pub(super) mod status;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use axum::extract::{FromRequestParts, Path};
use axum::response::{IntoResponse as _, Response};
use http::request::Parts;
use http::{HeaderMap, StatusCode};
use weiqiao_app::usecase::session::{SessionContext, verify_session};

use crate::AppState;
use crate::engine::bare::BareError;
use crate::engine::cookies::{self, SESSION_COOKIE};
use crate::engine::{ApiError, RequestContext};
use crate::pages::{MessagePage, phone_policy, told};

/// Instance and ticket of the path.
pub(super) struct Ticket {
    pub(super) name: String,
    pub(super) ticket: String,
}

impl FromRequestParts<AppState> for Ticket {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, ApiError> {
        let path = Path::<(String, String)>::from_request_parts(parts, state).await;
        let Path((name, ticket)) = path.map_err(|_| ApiError::no_such_path())?;
        let shaped = ticket.len() == 32 && ticket.bytes().all(|byte| byte.is_ascii_alphanumeric());
        if !shaped || name.len() > 64 {
            return Err(ApiError::no_such_path());
        }
        Ok(Self { name, ticket })
    }
}

/// The session in the cookie, if it holds.
async fn session(state: &AppState, headers: &HeaderMap) -> Option<Arc<SessionContext>> {
    let token = cookies::get(headers, SESSION_COOKIE)?;
    verify_session(state.app(), token).await.ok()
}

/// A page for the phone.
struct Told<'a> {
    title: &'a str,
    text: &'a str,
    english: &'a str,
    again: Option<String>,
}

impl Told<'_> {
    fn page(self, state: &AppState, context: &RequestContext, status: StatusCode) -> Response {
        let Self { title, text, english, again } = self;
        let action = again.map(|address| (address, "重试 Try again"));
        let page = MessagePage { status, title, text, english, action, request_id: &context.request_id };
        phone_policy(state, page.into_response())
    }
}

/// What went wrong, on the phone.
fn phone_error(state: &AppState, context: &RequestContext, error: &BareError) -> Response {
    let (title, english) = ("登录没有完成", "The login was not completed. Please start again on the computer.");
    Told { title, text: &told(state, error.api()), english, again: None }.page(state, context, error.status())
}
