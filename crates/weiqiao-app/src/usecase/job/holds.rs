//! Which accounts have to wait, and the end of that.

use weiqiao_store::facts::job::{JobHold, ListHolds, ReleaseHold};

use crate::App;
use crate::error::{AppError, Result, code};

/// Everything that has to wait, and why.
///
/// # Errors
///
/// `Unavailable` when the database is down.
pub async fn list_holds(app: &App) -> Result<Vec<JobHold>> {
    Ok(app.store().read(ListHolds).await?)
}

/// Ends a hold: the secret was corrected, the quota cleared.
///
/// # Errors
///
/// `NotFound`.
pub async fn release_hold(app: &App, account: &str, kind: &str) -> Result<()> {
    let release = ReleaseHold { account: account.to_owned(), kind: kind.to_owned() };
    if !app.store().run(release).await? {
        return Err(AppError::not_found(code::NOT_FOUND, "没有这个暂停"));
    }
    app.wake_worker().await;
    Ok(())
}
