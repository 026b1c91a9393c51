//! What was delivered to an endpoint, and how that went.

use weiqiao_model::Verdict;
use weiqiao_store::facts::job::{FindJob, JobDetail, ListJobs, StoredAttempt, StoredJob};

use super::find_endpoint;
use crate::App;
use crate::error::{AppError, Result, code};
use crate::jobs::JobKind as _;
use crate::jobs::webhook::{DeliverWebhook, Letter};
use crate::jobs::{answer_place, payload_place};
use crate::usecase::job::{JobFilter, ListedJobs, list_jobs};
use crate::vault::Damaged;

/// A delivery with what was delivered and every try.
#[derive(Debug, Clone)]
pub struct DeliveryDetail {
    /// The job.
    pub job: StoredJob,
    /// What was delivered; nothing when it is damaged.
    pub letter: Option<Letter>,
    /// Every try, the first one first.
    pub attempts: Vec<DeliveryAttempt>,
    /// What of it cannot be read.
    pub damaged: Damaged,
}

/// One try of a delivery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeliveryAttempt {
    /// Which one, from 1.
    pub n: i64,
    /// When it began, epoch milliseconds.
    pub started_at: i64,
    /// How long it took, in milliseconds; nothing while it is under way.
    pub ms: Option<i64>,
    /// The HTTP status.
    pub http_status: Option<i64>,
    /// Why it was not taken.
    pub error: Option<String>,
    /// The beginning of the answer.
    pub answer: Option<String>,
    /// How it ended; nothing while it is under way.
    pub verdict: Option<Verdict>,
    /// What of it cannot be read.
    pub damaged: Damaged,
}

/// The deliveries to an endpoint, the newest first.
///
/// # Errors
///
/// `NotFound`.
pub async fn list_deliveries(app: &App, endpoint: &str, filter: JobFilter) -> Result<ListedJobs> {
    find_endpoint(app, endpoint).await?;
    let (kind, account) = (Some(DeliverWebhook::NAME.to_owned()), Some(endpoint.to_owned()));
    list_jobs(app, JobFilter { kind, account, ..filter }).await
}

/// One of them.
///
/// # Errors
///
/// `NotFound`, also for a delivery to another endpoint.
pub async fn find_delivery(app: &App, endpoint: &str, id: &str) -> Result<DeliveryDetail> {
    let detail = find(app, endpoint, id).await?;
    let (letter, damaged) = readable_letter(app, &detail);
    let job = detail.job;
    let attempts = detail.attempts.into_iter().map(|attempt| opened(app, &job, attempt)).collect();
    Ok(DeliveryDetail { job, letter, attempts, damaged })
}

pub(super) async fn find(app: &App, endpoint: &str, id: &str) -> Result<JobDetail> {
    let found = app.store().read(FindJob { id: id.to_owned() }).await?;
    found
        .filter(|detail| detail.job.kind == DeliverWebhook::NAME && detail.job.account == endpoint)
        .ok_or_else(|| AppError::not_found(code::NOT_FOUND, "没有这次投递"))
}

pub(super) fn letter(app: &App, detail: &JobDetail) -> Result<Letter> {
    let plain = app.vault().open(payload_place(&detail.job.id, &detail.job.account), &detail.payload)?;
    Ok(serde_json::from_slice(&plain)?)
}

/// The letter, if it can be read.
pub(super) fn readable_letter(app: &App, detail: &JobDetail) -> (Option<Letter>, Damaged) {
    let mut row = app.vault().row(&detail.job.id);
    let place = payload_place(&detail.job.id, &detail.job.account);
    let letter = row.json(&["event_id", "event_type", "event"], place, &detail.payload);
    (letter, row.damaged())
}

fn opened(app: &App, job: &StoredJob, attempt: StoredAttempt) -> DeliveryAttempt {
    let place = answer_place(&job.id, &job.account);
    let mut row = app.vault().row(&job.id);
    let answer =
        attempt.answer.as_ref().and_then(|sealed| row.keep(&["answer"], place, app.vault().open(place, sealed)));
    DeliveryAttempt {
        n: attempt.n,
        started_at: attempt.started_at,
        ms: attempt.finished_at.map(|end| end.saturating_sub(attempt.started_at)),
        http_status: attempt.http_status,
        error: attempt.errmsg,
        answer: answer.map(|plain| String::from_utf8_lossy(&plain).into_owned()),
        verdict: attempt.verdict,
        damaged: row.damaged(),
    }
}

/// The deliveries since then that were taken, for replaying them; at most a page.
pub(super) async fn taken_since(
    app: &App,
    endpoint: &str,
    since: i64,
    until: i64,
    page: u32,
) -> Result<Vec<StoredJob>> {
    let list = ListJobs {
        kind: Some(DeliverWebhook::NAME.to_owned()),
        account: Some(endpoint.to_owned()),
        status: Some(weiqiao_model::JobStatus::Sent),
        since: Some(since),
        until: Some(until),
        page,
        page_size: 200,
        ..ListJobs::default()
    };
    Ok(app.store().read(list).await?.items)
}
