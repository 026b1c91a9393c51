//! `POST /api/admin/notifications/{id}/retry`: try it again now, whatever came of it.

use axum::extract::State;
use weiqiao_app::usecase::customer::retry_notification;

use super::read::{NotificationDetailBody, detail};
use crate::AppState;
use crate::engine::limit::Admin;
use crate::engine::right::ManageJobs;
use crate::engine::{Allowed, ApiError, ApiPath, Envelope, Failure, Limited, Success};

/// Tries a notification again now and begins its schedule anew. Not one that was sent, nor one that is under way.
#[utoipa::path(
    post, path = "/api/admin/notifications/{id}/retry", tag = "customers", operation_id = "retry_notification",
    params(("id" = String, Path, description = "the notification")),
    responses(
        (status = 200, description = "due now", body = Success<NotificationDetailBody>),
        (status = 404, description = "no such notification", body = Failure),
        (status = 409, description = "its state does not allow it", body = Failure),
        (status = 401, description = "neither staff nor key", body = Failure),
        (status = 403, description = "without the right", body = Failure),
    ),
    security(("staff" = []), ("api_key" = [])),
)]
pub(crate) async fn handler(
    State(state): State<AppState>,
    _: Limited<Admin>,
    allowed: Allowed<ManageJobs>,
    ApiPath(id): ApiPath,
) -> Result<Envelope<NotificationDetailBody>, ApiError> {
    retry_notification(state.app(), allowed.caller(), &id).await?;
    Ok(Envelope::of(detail(&state, &id).await?))
}
