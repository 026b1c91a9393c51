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
    name: Option<String>,
    /// Their phone.
    #[schema(example = "")]
    phone: Option<String>,
    /// Their e-mail address.
    #[schema(example = "")]
    email: Option<String>,
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
    /// Names of the fields above that are `null` because what is stored cannot be read: the database was damaged. Missing when
    /// everything could be read. The log names the row.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(example = json!([]))]
    damaged: Vec<&'static str>,
}

impl From<StaffProfile> for StaffBody {
    fn from(profile: StaffProfile) -> Self {
        let StaffProfile { id, username, name, phone, email, avatar, .. } = profile;
        let StaffProfile { role, department, advisor_id, permissions, damaged, .. } = profile;
        let (role, damaged) = (role.as_str(), damaged.into_names());
        Self { id, username, name, phone, email, avatar, role, department, advisor_id, permissions, damaged }
    }
}
