//! `POST /api/admin/staff/{id}/reset`: somebody lost their password.

use axum::extract::State;
use weiqiao_app::usecase::staff::issue_setup;

use super::SetupBody;
use crate::AppState;
use crate::engine::limit::Admin;
use crate::engine::right::ManageStaff;
use crate::engine::{Allowed, ApiError, ApiPath, Envelope, Failure, Limited, Success};

/// Takes the password away, ends the sessions, and hands out a one-time token, good for a day, to set another with. Earlier
/// tokens are void.
#[utoipa::path(
    post, path = "/api/admin/staff/{id}/reset", tag = "staff", operation_id = "reset_staff_password",
    params(("id" = String, Path, description = "our id of them")),
    responses(
        (status = 200, description = "the token, shown this once", body = Success<SetupBody>),
        (status = 401, description = "no staff session", body = Failure),
        (status = 403, description = "no admin", body = Failure),
        (status = 404, description = "nobody of this id", body = Failure),
    ),
    security(("staff" = []), ("console" = [])),
)]
pub(crate) async fn handler(
    State(state): State<AppState>,
    _: Limited<Admin>,
    allowed: Allowed<ManageStaff>,
    ApiPath(id): ApiPath,
) -> Result<Envelope<SetupBody>, ApiError> {
    let (token, until) = issue_setup(state.app(), allowed.caller(), &id).await?;
    Ok(Envelope::of(SetupBody::new(&state, &token, until)))
}
