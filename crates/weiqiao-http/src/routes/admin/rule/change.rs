//! `PUT /api/admin/rules/{id}`: change a rule, as a whole.

use axum::extract::State;
use weiqiao_app::usecase::rule::change_rule;

use super::{RuleBody, RuleRequest, RuleText};
use crate::AppState;
use crate::engine::limit::Admin;
use crate::engine::right::ManageRules;
use crate::engine::{Allowed, ApiError, ApiJson, ApiPath, Envelope, Failure, Limited, Success};

/// Changes a rule. What is not sent is as in a new rule.
#[utoipa::path(
    put, path = "/api/admin/rules/{id}", tag = "rules", operation_id = "change_rule", request_body = RuleText,
    params(("id" = String, Path, description = "our id of the rule")),
    responses(
        (status = 200, description = "changed", body = Success<RuleBody>),
        (status = 400, description = "a field is wrong; `details` names it", body = Failure),
        (status = 401, description = "neither staff nor key", body = Failure),
        (status = 403, description = "without the right", body = Failure),
        (status = 404, description = "no such rule or account", body = Failure),
        (status = 409, description = "the rule is one of the configuration file", body = Failure),
    ),
    security(("staff" = []), ("api_key" = [])),
)]
pub(crate) async fn handler(
    State(state): State<AppState>,
    _: Limited<Admin>,
    allowed: Allowed<ManageRules>,
    ApiPath(id): ApiPath,
    ApiJson(RuleRequest(fields)): ApiJson<RuleRequest>,
) -> Result<Envelope<RuleBody>, ApiError> {
    let rule = change_rule(state.app(), allowed.caller(), &id, &fields).await?;
    Ok(Envelope::of(RuleBody::of(rule)?))
}
