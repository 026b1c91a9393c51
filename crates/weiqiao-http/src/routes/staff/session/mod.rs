//! Staff logging in and out.

pub(super) mod begin;
pub(super) mod end;
pub(super) mod password;
pub(super) mod read;
pub(super) mod set_up;

use serde::Serialize;
use utoipa::ToSchema;
use weiqiao_app::usecase::staff::StaffProfile;

/// A member of staff.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct StaffBody {
    /// Our id.
    #[schema(example = "0199193d-b6cb-7b2e-8f3a-2f5c1c7f9d10")]
    id: String,
    /// The name they log in with.
    #[schema(example = "admin")]
    username: String,
    /// Their name.
    #[schema(example = "王主管")]
    name: String,
    /// Their phone.
    #[schema(example = "")]
    phone: String,
    /// Their e-mail address.
    #[schema(example = "")]
    email: String,
    /// Address of their portrait.
    #[schema(example = "")]
    avatar: String,
    /// `admin`, `supervisor`, `advisor` or `viewer`.
    #[schema(example = "admin")]
    role: &'static str,
    /// Where they work.
    #[schema(example = "")]
    department: String,
    /// Which advisor they are.
    #[schema(example = "advisor-li")]
    advisor_id: Option<String>,
    /// Everything they may do, by role and beyond.
    #[schema(example = json!(["users:read", "keys:manage"]))]
    permissions: Vec<String>,
}

impl From<StaffProfile> for StaffBody {
    fn from(profile: StaffProfile) -> Self {
        let StaffProfile { id, username, name, phone, email, avatar, role, department, advisor_id, permissions } =
            profile;
        Self { id, username, name, phone, email, avatar, role: role.as_str(), department, advisor_id, permissions }
    }
}
