//! A person has a say in one job.

use serde_json::json;
use weiqiao_model::JobStatus;
use weiqiao_store::facts::audit::{Audited, NewAudit};
use weiqiao_store::facts::job::{CancelJob, JobChange, RetryJob};

use super::list_jobs::unknown;
use crate::App;
use crate::audit::{Actor, Deed};
use crate::error::{AppError, ErrorKind, Result, code};

/// How long a job that is tried again is worth doing, in milliseconds.
pub(super) const AGAIN_MS: i64 = 24 * 3_600 * 1000;

/// Tries a job again now, whatever came of it. Not one that was done, nor one that is under way.
///
/// # Errors
///
/// `NotFound`; `Conflict` when its state does not allow it.
pub async fn retry_job(app: &App, actor: impl Into<Actor>, id: &str) -> Result<()> {
    retry_as(app, app.audit_entry(actor, Deed::JobRetried, "job", id, &json!({})), id).await
}

/// [`retry_job`] under another name in the audit chain.
pub(crate) async fn retry_as(app: &App, entry: NewAudit, id: &str) -> Result<()> {
    let now = app.now_ms();
    let retry = RetryJob { id: id.to_owned(), expires_at: now.saturating_add(AGAIN_MS), now };
    match app.store().run(Audited::new(retry, entry, done)).await? {
        JobChange::Done => {
            app.wake_worker().await;
            Ok(())
        }
        change => Err(refuse(change)),
    }
}

/// Calls a job off that is neither over nor under way.
///
/// # Errors
///
/// `NotFound`; `Conflict` when its state does not allow it.
pub async fn cancel_job(app: &App, actor: impl Into<Actor>, id: &str) -> Result<()> {
    cancel_as(app, app.audit_entry(actor, Deed::JobCancelled, "job", id, &json!({})), id).await
}

/// [`cancel_job`] under another name in the audit chain.
pub(crate) async fn cancel_as(app: &App, entry: NewAudit, id: &str) -> Result<()> {
    let cancel = CancelJob { id: id.to_owned(), now: app.now_ms() };
    match app.store().run(Audited::new(cancel, entry, done)).await? {
        JobChange::Done => Ok(()),
        change => Err(refuse(change)),
    }
}

/// Whether anything was changed.
pub(crate) fn done(change: &JobChange) -> bool {
    matches!(change, JobChange::Done)
}

/// Why nothing was changed.
pub(crate) fn refuse(change: JobChange) -> AppError {
    let status = match change {
        JobChange::NotNow(status) => status,
        JobChange::Done | JobChange::Unknown => return unknown(),
    };
    let text = match status {
        JobStatus::Sending => "任务正在执行，请稍后再试",
        JobStatus::Sent => "任务已经完成",
        JobStatus::Cancelled => "任务已经取消",
        _ => "任务已经结束",
    };
    AppError::new(ErrorKind::Conflict, code::JOB_STATE, text)
}
