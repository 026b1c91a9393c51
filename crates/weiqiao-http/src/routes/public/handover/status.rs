//! `GET …/handover/{ticket}/status`: the computer asks how far it is.

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;
use weiqiao_app::usecase::handover::{HandoverProgress, handover_progress};

use super::Ticket;
use crate::AppState;
use crate::engine::bare::{BareError, BareFailure};
use crate::engine::limit::Poll;
use crate::engine::visitor::Visitor;
use crate::engine::{ApiError, Limited};

/// How far it is.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct HandoverStatusBody {
    /// `waiting`, `scanned`, `confirmed`, `declined` or `expired`.
    #[schema(example = "waiting")]
    status: &'static str,
}

/// How far a hand-over is, for the browser that shows the QR code; to any other it is `expired`.
#[utoipa::path(
    get, path = "/auths/loginTypes/{name}/handover/{ticket}/status", tag = "login instances",
    operation_id = "handover_status",
    params(
        ("name" = String, Path, description = "the instance", example = "MyWechatLogin"),
        ("ticket" = String, Path, description = "what the QR code says"),
    ),
    responses(
        (status = 200, description = "how far it is", body = HandoverStatusBody),
        (status = 404, description = "no such instance, or nothing a QR code of ours says", body = BareFailure),
    ),
)]
pub(crate) async fn handler(
    State(state): State<AppState>,
    limited: Result<Limited<Poll>, ApiError>,
    path: Result<Ticket, ApiError>,
    visitor: Visitor,
) -> Result<Json<HandoverStatusBody>, BareError> {
    limited?;
    let Ticket { name, ticket } = path?;
    let status = match handover_progress(state.app(), &name, &ticket, &visitor.browser).await? {
        HandoverProgress::Waiting => "waiting",
        HandoverProgress::Scanned => "scanned",
        HandoverProgress::Confirmed => "confirmed",
        HandoverProgress::Declined => "declined",
        HandoverProgress::Expired => "expired",
    };
    Ok(Json(HandoverStatusBody { status }))
}
