//! Which accounts have to wait, and the end of that.

use serde_json::json;
use weiqiao_store::facts::audit::Audited;
use weiqiao_store::facts::job::{JobHold, ListHolds, ReleaseHold};

use crate::App;
use crate::audit::{Actor, Deed};
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
pub async fn release_hold(app: &App, actor: impl Into<Actor>, account: &str, kind: &str) -> Result<()> {
    let release = ReleaseHold { account: account.to_owned(), kind: kind.to_owned() };
    let entry = app.audit_entry(actor, Deed::HoldReleased, "account", account, &json!({ "kind": kind }));
    if !app.store().run(Audited::new(release, entry, |done| *done)).await? {
        return Err(AppError::not_found(code::NOT_FOUND, "没有这个暂停"));
    }
    app.wake_worker().await;
    Ok(())
}
