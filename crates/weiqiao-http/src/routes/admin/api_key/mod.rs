//! Keys for other programs.

pub(super) mod create;
pub(super) mod list;
pub(super) mod revoke;

use weiqiao_app::Caller;
use weiqiao_app::usecase::staff::Permission;
use weiqiao_model::ApiScope;

use crate::engine::ApiError;

/// Keys are managed by staff who may, and by keys with the scope `admin`.
fn demand(caller: &Caller) -> Result<(), ApiError> {
    Ok(caller.demand(Permission::ManageKeys, ApiScope::Admin)?)
}
