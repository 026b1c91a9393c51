//! `POST /api/admin/notifications/{id}/cancel`: call it off.

use axum::extract::State;
use weiqiao_app::usecase::customer::cancel_notification;

use super::read::{NotificationDetailBody, detail};
use crate::AppState;
use crate::engine::limit::Admin;
use crate::engine::right::ManageJobs;
use crate::engine::{Allowed, ApiError, ApiPath, Envelope, Failure, Limited, Success};

/// Calls a notification off that is neither over nor under way.
#[utoipa::path(
    post, path = "/api/admin/notifications/{id}/cancel", tag = "customers", operation_id = "cancel_notification",
    params(("id" = String, Path, description = "the notification")),
    responses(
        (status = 200, description = "called off", body = Success<NotificationDetailBody>),
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
    cancel_notification(state.app(), allowed.caller(), &id).await?;
    Ok(Envelope::of(detail(&state, &id).await?))
}
