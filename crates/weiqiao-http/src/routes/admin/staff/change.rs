//! `PATCH /api/admin/staff/{id}`: what is known about somebody changes, or they are shut out.

use axum::extract::State;
use serde::Deserialize;
use utoipa::ToSchema;
use weiqiao_app::usecase::staff::{StaffPatch, change_staff};

use super::{ListedStaffBody, role};
use crate::AppState;
use crate::engine::limit::Admin;
use crate::engine::right::ManageStaff;
use crate::engine::{Allowed, ApiError, ApiJson, ApiPath, Envelope, Failure, Field, Input, Limited, Success};

/// What is to change; what is not named stays.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct ChangeStaffRequest {
    /// Their name.
    #[schema(example = "李娜")]
    name: Option<String>,
    /// Their phone; `-` for none.
    phone: Option<String>,
    /// Their e-mail address; `-` for none.
    email: Option<String>,
    /// `admin`, `supervisor`, `advisor` or `viewer`.
    #[schema(example = "supervisor")]
    role: Option<String>,
    /// Where they work; `-` for nowhere.
    department: Option<String>,
    /// Which advisor they are; `-` for none.
    #[schema(example = "advisor-li")]
    advisor_id: Option<String>,
    /// Whether they may not log in any more. Their sessions end within five seconds.
    #[schema(example = false)]
    disabled: Option<bool>,
}

impl Input for ChangeStaffRequest {
    const NAME: &'static str = "ChangeStaffRequest";
    const FIELDS: &'static [Field] = &[
        Field::text("name", "Name").max(400),
        Field::text("phone", "Phone").max(64),
        Field::text("email", "Email").max(256),
        Field::text("role", "Role").max(32),
        Field::text("department", "Department").max(256),
        Field::text("advisor_id", "AdvisorID").max(128),
        Field::flag("disabled", "Disabled"),
    ];
}

/// Changes a member of staff. The last admin stays one.
#[utoipa::path(
    patch, path = "/api/admin/staff/{id}", tag = "staff", operation_id = "change_staff",
    params(("id" = String, Path, description = "our id of them")), request_body = ChangeStaffRequest,
    responses(
        (status = 200, description = "as they are now", body = Success<ListedStaffBody>),
        (status = 400, description = "no such role", body = Failure),
        (status = 401, description = "no staff session", body = Failure),
        (status = 403, description = "no admin", body = Failure),
        (status = 404, description = "nobody of this id", body = Failure),
        (status = 409, description = "nobody could administer any more", body = Failure),
    ),
    security(("staff" = []), ("console" = [])),
)]
pub(crate) async fn handler(
    State(state): State<AppState>,
    _: Limited<Admin>,
    allowed: Allowed<ManageStaff>,
    ApiPath(id): ApiPath,
    ApiJson(request): ApiJson<ChangeStaffRequest>,
) -> Result<Envelope<ListedStaffBody>, ApiError> {
    let text = |value: Option<String>| value.map(|value| if value.trim() == "-" { String::new() } else { value });
    let patch = StaffPatch {
        name: request.name,
        phone: text(request.phone),
        email: text(request.email),
        role: request.role.as_deref().map(role).transpose()?,
        department: text(request.department),
        advisor_id: text(request.advisor_id).map(|id| (!id.is_empty()).then_some(id)),
        disabled: request.disabled,
    };
    Ok(Envelope::of(change_staff(state.app(), allowed.caller(), &id, patch).await?.into()))
}
