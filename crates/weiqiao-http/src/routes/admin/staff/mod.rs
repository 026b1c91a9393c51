//! Who works here, and what they may do.

pub(super) mod change;
pub(super) mod create;
pub(super) mod list;
pub(super) mod reset;
#[cfg(test)]
mod tests;

use serde::Serialize;
use utoipa::ToSchema;
use weiqiao_app::usecase::staff::{ListedStaff, SetupToken};
use weiqiao_model::Role;

use crate::AppState;
use crate::engine::{ApiError, FieldDetail};

/// A member of staff.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ListedStaffBody {
    /// Our id.
    #[schema(example = "0199193d-b6cb-7b2e-8f3a-2f5c1c7f9d10")]
    id: String,
    /// The name they log in with.
    #[schema(example = "lina")]
    username: String,
    /// Their name.
    #[schema(example = "李娜")]
    name: Option<String>,
    /// Their phone.
    #[schema(example = "")]
    phone: Option<String>,
    /// Their e-mail address.
    #[schema(example = "")]
    email: Option<String>,
    /// `admin`, `supervisor`, `advisor` or `viewer`.
    #[schema(example = "advisor")]
    role: &'static str,
    /// Where they work.
    #[schema(example = "销售一部")]
    department: String,
    /// Which advisor they are.
    #[schema(example = "advisor-li")]
    advisor_id: Option<String>,
    /// Whether they may not log in any more.
    #[schema(example = false)]
    disabled: bool,
    /// Whether they have a password.
    #[schema(example = true)]
    has_password: bool,
    /// Until when their set-up token is good, epoch seconds.
    #[schema(example = 1_757_149_090_i64)]
    setup_until: Option<i64>,
    /// When they joined, epoch seconds.
    #[schema(example = 1_757_062_690_i64)]
    created_at: i64,
    /// The last change, epoch seconds.
    #[schema(example = 1_757_062_690_i64)]
    updated_at: i64,
    /// Names of the fields above that are `null` because what is stored cannot be read: the database was damaged. Missing when
    /// everything could be read. The log names the row.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(example = json!([]))]
    damaged: Vec<&'static str>,
}

impl From<ListedStaff> for ListedStaffBody {
    fn from(staff: ListedStaff) -> Self {
        Self {
            id: staff.id,
            username: staff.username,
            name: staff.name,
            phone: staff.phone,
            email: staff.email,
            role: staff.role.as_str(),
            department: staff.department,
            advisor_id: staff.advisor_id,
            disabled: staff.disabled,
            has_password: staff.has_password,
            setup_until: staff.setup_until,
            created_at: staff.created_at,
            updated_at: staff.updated_at,
            damaged: staff.damaged.into_names(),
        }
    }
}

/// With what somebody sets their password. Shown this once.
#[derive(Serialize, ToSchema)]
pub(crate) struct SetupBody {
    /// The one-time token.
    #[schema(example = "q1w2e3r4t5y6u7i8o9p0a1s2d3f4g5h6j7k8l9z0x1c")]
    token: String,
    /// A page to set it at; the token stands behind the `#`, which no server sees.
    #[schema(example = "https://app.example.com/console/#setup=q1w2e3r4")]
    url: String,
    /// Until when it is good, epoch seconds.
    #[schema(example = 1_757_149_090_i64)]
    expires_at: i64,
}

impl SetupBody {
    fn new(state: &AppState, token: &SetupToken, expires_at: i64) -> Self {
        let page = state.settings().public_url.join("console/").map(String::from).unwrap_or_default();
        Self { token: token.expose().to_owned(), url: format!("{page}#setup={}", token.expose()), expires_at }
    }
}

/// A role by its word.
fn role(word: &str) -> Result<Role, ApiError> {
    word.parse().map_err(|_| {
        let known: Vec<_> = Role::ALL.iter().map(|role| role.as_str()).collect();
        let message = format!("role 只能是 {}", known.join("、"));
        let detail = FieldDetail { field: "role".into(), rule: "oneof", message: message.clone() };
        ApiError::validation(&message, vec![detail])
    })
}
