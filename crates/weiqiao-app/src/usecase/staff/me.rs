//! Which member of staff am I?

use weiqiao_store::facts::staff::FindStaff;

use super::{StaffContext, StaffProfile};
use crate::App;
use crate::error::{AppError, Result};

/// Reads the member of staff behind a session.
///
/// # Errors
///
/// `Unauthorized` when they were removed meanwhile, `Unavailable` when the database is down.
pub async fn staff_me(app: &App, staff: &StaffContext) -> Result<StaffProfile> {
    let found = app.store().read(FindStaff { id: staff.staff_id.clone() }).await?;
    Ok(StaffProfile::of(app, found.ok_or_else(AppError::unauthorized)?))
}
