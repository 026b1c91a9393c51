//! `POST /api/admin/staff`: somebody joins.

use axum::extract::State;
use http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use weiqiao_app::usecase::staff::{NewStaff, StaffDetails, create_staff};

use super::{SetupBody, role};
use crate::AppState;
use crate::engine::limit::Admin;
use crate::engine::right::ManageStaff;
use crate::engine::{Allowed, ApiError, ApiJson, Envelope, Failure, Field, Input, Limited, Success};

/// Who joins.
#[derive(Deserialize, ToSchema)]
pub(crate) struct CreateStaffRequest {
    /// The name they will log in with; 1 to 64 characters, without white space.
    #[schema(example = "lina")]
    username: String,
    /// `admin`, `supervisor`, `advisor` or `viewer`.
    #[schema(example = "advisor")]
    role: String,
    /// Their name; the user name when missing.
    #[schema(example = "李娜")]
    name: Option<String>,
    /// Their phone.
    phone: Option<String>,
    /// Their e-mail address.
    email: Option<String>,
    /// Where they work.
    #[schema(example = "销售一部")]
    department: Option<String>,
    /// Which advisor they are.
    #[schema(example = "advisor-li")]
    advisor_id: Option<String>,
    /// Their first password, 12 to 128 characters. Without one the answer holds a one-time token with which they set it
    /// themselves, which is better: then nobody else ever knew it.
    password: Option<String>,
}

impl Input for CreateStaffRequest {
    const NAME: &'static str = "CreateStaffRequest";
    const FIELDS: &'static [Field] = &[
        Field::text("username", "Username").required().max(256),
        Field::text("role", "Role").required().max(32),
        Field::text("name", "Name").max(400),
        Field::text("phone", "Phone").max(64),
        Field::text("email", "Email").max(256),
        Field::text("department", "Department").max(256),
        Field::text("advisor_id", "AdvisorID").max(128),
        Field::text("password", "Password").max(1024),
    ];
}

/// They joined.
#[derive(Serialize, ToSchema)]
pub(crate) struct CreatedStaffBody {
    /// Our id of them.
    #[schema(example = "0199193d-b6cb-7b2e-8f3a-2f5c1c7f9d10")]
    id: String,
    /// With what they set their first password; nothing when one was given.
    setup: Option<SetupBody>,
}

/// Adds a member of staff.
#[utoipa::path(
    post, path = "/api/admin/staff", tag = "staff", operation_id = "create_staff", request_body = CreateStaffRequest,
    responses(
        (status = 201, description = "they joined; the token is shown this once", body = Success<CreatedStaffBody>),
        (status = 400, description = "no such role, an impossible name or a weak password", body = Failure),
        (status = 401, description = "no staff session", body = Failure),
        (status = 403, description = "no admin", body = Failure),
        (status = 409, description = "the user name is taken", body = Failure),
    ),
    security(("staff" = []), ("console" = [])),
)]
pub(crate) async fn handler(
    State(state): State<AppState>,
    _: Limited<Admin>,
    allowed: Allowed<ManageStaff>,
    ApiJson(request): ApiJson<CreateStaffRequest>,
) -> Result<Envelope<CreatedStaffBody>, ApiError> {
    let new = NewStaff {
        role: role(&request.role)?,
        username: request.username,
        password: request.password,
        name: request.name.unwrap_or_default(),
        details: StaffDetails {
            phone: request.phone.unwrap_or_default(),
            email: request.email.unwrap_or_default(),
            department: request.department.unwrap_or_default(),
            advisor_id: request.advisor_id,
        },
    };
    let made = create_staff(state.app(), allowed.caller(), new).await?;
    let setup = made.setup.map(|(token, until)| SetupBody::new(&state, &token, until));
    Ok(Envelope::of(CreatedStaffBody { id: made.id.into_string(), setup }).status(StatusCode::CREATED))
}
