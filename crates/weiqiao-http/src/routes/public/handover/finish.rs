//! `GET …/handover/{ticket}/finish`: the computer takes over, and goes on to its page.

use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use http::header::LOCATION;
use http::{HeaderMap, HeaderValue, StatusCode};
use weiqiao_app::usecase::handover::finish_handover;

use super::super::login_instance::failed;
use super::Ticket;
use crate::AppState;
use crate::engine::bare::{BareError, BareFailure};
use crate::engine::limit::Start;
use crate::engine::visitor::{Visitor, remember_session};
use crate::engine::{ApiError, Limited, RequestContext};

/// Gives the browser that showed the QR code its session. Once; within a minute the same browser gets the same one again.
#[utoipa::path(
    get, path = "/auths/loginTypes/{name}/handover/{ticket}/finish", tag = "login instances",
    operation_id = "handover_finish",
    params(
        ("name" = String, Path, description = "the instance", example = "MyWechatLogin"),
        ("ticket" = String, Path, description = "what the QR code says"),
    ),
    responses(
        (status = 302, description = "to the page, with wechat_auth=success and the session cookie"),
        (status = 400, description = "not confirmed, too old, taken, or another browser's", body = BareFailure),
        (status = 404, description = "no such instance, or nothing a QR code of ours says", body = BareFailure),
    ),
)]
pub(crate) async fn handler(
    State(state): State<AppState>,
    context: RequestContext,
    limited: Result<Limited<Start>, ApiError>,
    path: Result<Ticket, ApiError>,
    visitor: Visitor,
    headers: HeaderMap,
) -> Response {
    let finished = async {
        limited?;
        let Ticket { name, ticket } = path?;
        let (browser, agent) = (&visitor.browser, visitor.user_agent.as_deref());
        let done = finish_handover(state.app(), &name, &ticket, browser, agent).await?;
        let mut headers = HeaderMap::new();
        remember_session(&state, &mut headers, &done.token, done.expires_at)?;
        headers.insert(LOCATION, HeaderValue::from_str(done.redirect.as_str()).map_err(ApiError::internal)?);
        Ok((StatusCode::FOUND, headers).into_response())
    };
    finished.await.unwrap_or_else(|error: BareError| failed(&state, &context, &headers, error, None))
}
