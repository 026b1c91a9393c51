//! Who did it.

use weiqiao_model::{StaffId, UserId};

use crate::Caller;
use crate::usecase::staff::StaffContext;

/// Who did it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Actor {
    /// A member of staff.
    Staff(StaffId),
    /// Another program, by the id of its key, or `bootstrap`.
    Key(String),
    /// Somebody who logged in through WeChat.
    User(UserId),
    /// Nobody we know.
    Anonymous,
    /// The service itself.
    System,
    /// Somebody at the command line of the server.
    Cli,
}

impl Actor {
    /// All words of [`Actor::kind`].
    pub const KINDS: [&'static str; 6] = ["staff", "key", "user", "anonymous", "system", "cli"];

    /// The word that is stored.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Staff(_) => "staff",
            Self::Key(_) => "key",
            Self::User(_) => "user",
            Self::Anonymous => "anonymous",
            Self::System => "system",
            Self::Cli => "cli",
        }
    }

    /// Our id of them; empty where there is none.
    pub(crate) fn into_id(self) -> String {
        match self {
            Self::Staff(id) => id.into_string(),
            Self::Key(id) => id,
            Self::User(id) => id.into_string(),
            Self::Anonymous | Self::System | Self::Cli => String::new(),
        }
    }
}

impl From<&Caller> for Actor {
    fn from(caller: &Caller) -> Self {
        match caller {
            Caller::Anonymous => Self::Anonymous,
            Caller::User(session) => Self::User(session.user_id.clone()),
            Caller::Staff(staff) => Self::from(&**staff),
            Caller::Cli => Self::Cli,
            Caller::ApiKey(key) => {
                Self::Key(key.id.as_ref().map_or_else(|| "bootstrap".to_owned(), |id| id.as_str().to_owned()))
            }
        }
    }
}

impl From<&StaffContext> for Actor {
    fn from(staff: &StaffContext) -> Self {
        Self::Staff(staff.staff_id.clone())
    }
}

#[cfg(test)]
mod tests {
    use weiqiao_model::ApiScope;

    use super::*;
    use crate::usecase::staff::Permission;

    #[test]
    fn what_is_done_at_the_command_line_is_booked_as_that() {
        let caller = Caller::Cli;
        assert!(caller.demand(Permission::ManageMenus, ApiScope::Menu).is_ok());
        assert!(caller.demand_scope(ApiScope::Token).is_ok());
        assert!(caller.staff().is_err() && caller.user().is_err(), "it is nobody's session");
        assert_eq!(Actor::from(&caller).kind(), "cli");
        assert!(Actor::KINDS.contains(&Actor::from(&caller).kind()));
    }
}
