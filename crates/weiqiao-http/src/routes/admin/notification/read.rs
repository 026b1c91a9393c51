//! `GET /api/admin/notifications/{id}`: how it went with one.

use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;
use weiqiao_app::usecase::customer::find_notification;

use super::NotificationBody;
use crate::AppState;
use crate::engine::limit::Admin;
use crate::engine::right::ReadCustomers;
use crate::engine::{Allowed, ApiError, ApiPath, Envelope, Failure, Limited, Success};
use crate::routes::admin::job::read::AttemptBody;

/// A notification with its tries.
#[derive(Serialize, ToSchema)]
pub(crate) struct NotificationDetailBody {
    #[serde(flatten)]
    notification: NotificationBody,
    /// Its last 200 tries, the first one first.
    #[serde(rename = "attempts")]
    tries: Vec<AttemptBody>,
}

/// The notification with its tries.
pub(super) async fn detail(state: &AppState, id: &str) -> Result<NotificationDetailBody, ApiError> {
    let (listed, attempts) = find_notification(state.app(), id).await?;
    let tries = attempts.into_iter().map(AttemptBody::from).collect();
    Ok(NotificationDetailBody { notification: NotificationBody { attempts: None, ..listed.into() }, tries })
}

/// Shows a notification with all its tries.
#[utoipa::path(
    get, path = "/api/admin/notifications/{id}", tag = "customers", operation_id = "read_notification",
    params(("id" = String, Path, description = "the notification")),
    responses(
        (status = 200, description = "the notification", body = Success<NotificationDetailBody>),
        (status = 404, description = "no such notification", body = Failure),
        (status = 401, description = "neither staff nor key", body = Failure),
        (status = 403, description = "without the right", body = Failure),
    ),
    security(("staff" = []), ("api_key" = [])),
)]
pub(crate) async fn handler(
    State(state): State<AppState>,
    _: Limited<Admin>,
    _: Allowed<ReadCustomers>,
    ApiPath(id): ApiPath,
) -> Result<Envelope<NotificationDetailBody>, ApiError> {
    Ok(Envelope::of(detail(&state, &id).await?))
}
