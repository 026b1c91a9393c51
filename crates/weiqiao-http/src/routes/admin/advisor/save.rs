//! `POST /api/admin/advisors`: who is an advisor, and who may subscribe for them.

use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use weiqiao_app::usecase::advisor::{AdvisorInput, save_advisor};

use crate::AppState;
use crate::engine::limit::Admin;
use crate::engine::right::ManageAdvisors;
use crate::engine::{Allowed, ApiError, ApiJson, Envelope, Failure, Field, Input, Limited, Success};

/// An advisor.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct SaveAdvisorRequest {
    /// Your name for them.
    #[schema(example = "advisor-li")]
    advisor_id: String,
    /// Who may subscribe for them; when missing, whoever does first.
    #[schema(example = "oGZUI0egBJY1zhBYw2KhdUfwVJJE")]
    openid: Option<String>,
    /// The mini program; the default one when missing.
    #[schema(example = "mini")]
    account: Option<String>,
}

impl Input for SaveAdvisorRequest {
    const NAME: &'static str = "SaveAdvisorRequest";
    const FIELDS: &'static [Field] = &[
        Field::text("advisor_id", "AdvisorId").required().max(128),
        Field::text("openid", "Openid").max(128),
        Field::text("account", "Account").max(64),
    ];
}

/// It is so now.
#[derive(Serialize, ToSchema)]
pub(crate) struct SavedAdvisorBody {
    /// Your name for them.
    #[schema(example = "advisor-li")]
    advisor_id: String,
    /// Whether it is settled who may subscribe for them.
    #[schema(example = true)]
    bound: bool,
}

/// Makes an advisor known, or says anew who may subscribe for them.
#[utoipa::path(
    post, path = "/api/admin/advisors", tag = "customers", operation_id = "save_advisor",
    request_body = SaveAdvisorRequest,
    responses(
        (status = 200, description = "saved", body = Success<SavedAdvisorBody>),
        (status = 400, description = "a field is missing or wrong", body = Failure),
        (status = 401, description = "neither staff nor key", body = Failure),
        (status = 403, description = "without the right", body = Failure),
        (status = 404, description = "no such mini program", body = Failure),
    ),
    security(("staff" = []), ("api_key" = [])),
)]
pub(crate) async fn handler(
    State(state): State<AppState>,
    _: Limited<Admin>,
    allowed: Allowed<ManageAdvisors>,
    ApiJson(request): ApiJson<SaveAdvisorRequest>,
) -> Result<Envelope<SavedAdvisorBody>, ApiError> {
    let SaveAdvisorRequest { advisor_id, openid, account } = request;
    let body = SavedAdvisorBody { advisor_id: advisor_id.clone(), bound: openid.is_some() };
    save_advisor(state.app(), allowed.caller(), AdvisorInput { account: account.as_deref(), advisor_id, openid })
        .await?;
    Ok(Envelope::of(body))
}
