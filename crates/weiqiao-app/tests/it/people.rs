//! How many people there are, asked the way staff would.

use std::sync::Arc;

use weiqiao_app::usecase::staff::StaffContext;
use weiqiao_app::usecase::user::{UserListRequest, list_users};
use weiqiao_app::{App, Caller};
use weiqiao_model::{Role, SessionId, StaffId};

use crate::support::World;

pub async fn count(world: &World) -> u64 {
    count_in(&world.app).await
}

pub async fn count_in(app: &App) -> u64 {
    list_users(app, &staff(Role::Viewer), UserListRequest::default()).await.unwrap().total
}

/// Staff with the rights of a role.
pub fn staff(role: Role) -> Caller {
    Caller::Staff(Arc::new(StaffContext {
        session_id: SessionId::new("session"),
        staff_id: StaffId::new("staff"),
        username: "lina".to_owned(),
        role,
        advisor_id: None,
        extra: Vec::new(),
        expires_at: i64::MAX,
    }))
}
