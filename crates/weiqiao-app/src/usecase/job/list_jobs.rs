//! Which jobs are there, and how did it go with one?

use weiqiao_model::{JobStatus, Verdict};
use weiqiao_store::facts::job::{FindJob, JobHold, ListHolds, ListJobs, StoredJob};

use super::check_kind;
use crate::App;
use crate::error::{AppError, Result, code};

/// Which jobs.
#[derive(Debug, Clone, Default)]
pub struct JobFilter {
    /// Only what this made necessary; the other filters do not count then.
    pub origin: Option<String>,
    /// Only this kind of work.
    pub kind: Option<String>,
    /// Only this account's, by name or appid, or this endpoint's.
    pub account: Option<String>,
    /// Only those that have come this far.
    pub status: Option<JobStatus>,
    /// Only those made then or later, epoch milliseconds.
    pub since: Option<i64>,
    /// Only those made before, epoch milliseconds.
    pub until: Option<i64>,
    /// Which page, from 1.
    pub page: u32,
    /// How many on a page, at most 200.
    pub page_size: u32,
}

/// A job, with what its account and kind wait for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedJob {
    /// The job.
    pub job: StoredJob,
    /// When the next try may be made, epoch milliseconds: also later than the job's own time while its lane is held.
    pub next_attempt_at: Option<i64>,
    /// Why its lane is held: `quota`, `busy`, `account`, `unreachable`.
    pub held: Option<String>,
}

/// One page of jobs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedJobs {
    /// The jobs on this page.
    pub items: Vec<ListedJob>,
    /// How many there are on all pages.
    pub total: u64,
}

/// One try.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedAttempt {
    /// Which one, from 1.
    pub n: i64,
    /// When it began, epoch milliseconds.
    pub at: i64,
    /// How long it took, in milliseconds; nothing while it is under way.
    pub ms: Option<i64>,
    /// The HTTP status, where that says something.
    pub http_status: Option<i64>,
    /// WeChat's number.
    pub errcode: Option<i64>,
    /// WeChat's words, or ours.
    pub errmsg: Option<String>,
    /// How it ended; nothing while it is under way.
    pub verdict: Option<Verdict>,
}

/// One page of jobs, the newest first.
///
/// # Errors
///
/// `Invalid` for a kind that there is not, `NotFound` for an account that is neither an account nor a webhook, `Unavailable` when the database is down.
pub async fn list_jobs(app: &App, mut filter: JobFilter) -> Result<ListedJobs> {
    if let Some(kind) = &filter.kind {
        check_kind(kind)?;
    }
    if let Some(account) = filter.account.take() {
        filter.account = Some(owner(app, account).await?);
    }
    let JobFilter { origin, kind, account, status, since, until, page, page_size } = filter;
    let list = ListJobs { origin, kind, account, status, since, until, page, page_size };
    let found = app.store().read(list).await?;
    let holds = app.store().read(ListHolds).await?;
    let items = found.items.into_iter().map(|job| listed(job, &holds)).collect();
    Ok(ListedJobs { items, total: found.total })
}

/// Whose jobs are meant: an account by its name or appid, or a webhook by its id.
pub(super) async fn owner(app: &App, account: String) -> Result<String> {
    if app.accounts().with_app_id(&account).next().is_some() {
        return Ok(account);
    }
    match app.accounts().named(&account) {
        Ok(one) => Ok(one.app_id().as_str().to_owned()),
        Err(_) if app.webhooks().endpoint(app, &account).await?.is_some() => Ok(account),
        Err(unknown) => Err(unknown),
    }
}

/// A job with all its tries. What is to be done is not shown here: it is about people.
///
/// # Errors
///
/// `NotFound`.
pub async fn find_job(app: &App, id: &str) -> Result<(ListedJob, Vec<ListedAttempt>)> {
    let found = app.store().read(FindJob { id: id.to_owned() }).await?.ok_or_else(unknown)?;
    let holds = app.store().read(ListHolds).await?;
    let attempts = found.attempts.into_iter().map(|attempt| ListedAttempt {
        n: attempt.n,
        at: attempt.started_at,
        ms: attempt.finished_at.map(|end| end.saturating_sub(attempt.started_at)),
        http_status: attempt.http_status,
        errcode: attempt.errcode,
        errmsg: attempt.errmsg,
        verdict: attempt.verdict,
    });
    Ok((listed(found.job, &holds), attempts.collect()))
}

pub(super) fn unknown() -> AppError {
    AppError::not_found(code::NOT_FOUND, "没有这个任务")
}

fn listed(job: StoredJob, holds: &[JobHold]) -> ListedJob {
    let (next_attempt_at, hold) = next_attempt(job.next_at, (&job.account, &job.kind), holds);
    ListedJob { next_attempt_at, held: hold.map(|hold| hold.reason.clone()), job }
}

/// When a job of this account and kind is tried next that may be at `next_at`, epoch milliseconds, and what holds it.
pub(crate) fn next_attempt<'h>(
    next_at: Option<i64>,
    (account, kind): (&str, &str),
    holds: &'h [JobHold],
) -> (Option<i64>, Option<&'h JobHold>) {
    let Some(next_at) = next_at else { return (None, None) };
    let hold = holds.iter().find(|hold| hold.account == account && hold.kind == kind);
    (Some(next_at.max(hold.map_or(0, |hold| hold.until))), hold)
}
