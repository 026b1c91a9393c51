//! `DELETE /api/admin/rules/{id}`: take a rule away.

use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;
use weiqiao_app::usecase::rule::delete_rule;

use crate::AppState;
use crate::engine::limit::Admin;
use crate::engine::right::ManageRules;
use crate::engine::{Allowed, ApiError, ApiPath, Envelope, Failure, Limited, Success};

/// Which rule is gone.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RemovedRule {
    /// Our id of it.
    #[schema(example = "0199193d-b6cb-7b2e-8f3a-2f5c1c7f9d10")]
    id: String,
}

/// Takes a rule away.
#[utoipa::path(
    delete, path = "/api/admin/rules/{id}", tag = "rules", operation_id = "delete_rule",
    params(("id" = String, Path, description = "our id of the rule")),
    responses(
        (status = 200, description = "taken away", body = Success<RemovedRule>),
        (status = 401, description = "neither staff nor key", body = Failure),
        (status = 403, description = "without the right", body = Failure),
        (status = 404, description = "no such rule", body = Failure),
        (status = 409, description = "the rule is one of the configuration file", body = Failure),
    ),
    security(("staff" = []), ("api_key" = [])),
)]
pub(crate) async fn handler(
    State(state): State<AppState>,
    _: Limited<Admin>,
    allowed: Allowed<ManageRules>,
    ApiPath(id): ApiPath,
) -> Result<Envelope<RemovedRule>, ApiError> {
    delete_rule(state.app(), allowed.caller(), &id).await?;
    Ok(Envelope::of(RemovedRule { id }))
}
