//! What was delivered is delivered again.

use serde_json::json;
use weiqiao_model::JobStatus;
use weiqiao_store::facts::audit::Audited;
use weiqiao_store::facts::job::{AddJobs, JobChange, RetryJob};

use super::deliveries::{find, letter, readable_letter, taken_since};
use super::plan::delivery_of;
use super::{find_endpoint, unknown};
use crate::App;
use crate::audit::{Actor, Deed};
use crate::error::Result;
use crate::jobs::JobKind as _;
use crate::jobs::webhook::DeliverWebhook;
use crate::usecase::job::{Recover, done, recover_jobs, refuse};

/// What is delivered again.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Replayed {
    /// Deliveries that had failed and are due again.
    pub recovered: u64,
    /// Deliveries that had been taken and are made once more.
    pub repeated: u64,
}

/// The most taken deliveries that are made once more at once; ask again with a later time for more.
const MOST: usize = 1_000;

/// Delivers one event again: a failed delivery is due again, a taken one is made once more. The event keeps its id. Gives
/// the delivery to look at.
///
/// # Errors
///
/// `NotFound`; `Conflict` while it is under way.
pub async fn replay_delivery(app: &App, actor: impl Into<Actor>, endpoint: &str, id: &str) -> Result<String> {
    let entry = app.audit_entry(actor, Deed::WebhookReplayed, "webhook", endpoint, &json!({ "delivery": id }));
    let detail = find(app, endpoint, id).await?;
    if app.webhooks().endpoint(app, endpoint).await?.is_none() {
        return Err(unknown());
    }
    if detail.job.status == JobStatus::Sent {
        let job = delivery_of(app, endpoint, &letter(app, &detail)?, detail.job.origin.as_deref())?;
        let id = job.id.clone();
        app.store().run(Audited::new(AddJobs { jobs: vec![job] }, entry, |_| true)).await?;
        app.wake_worker().await;
        return Ok(id);
    }
    let now = app.now_ms();
    let expiry = i64::try_from(DeliverWebhook::POLICY.expiry.as_millis()).unwrap_or(i64::MAX);
    let retry = RetryJob { id: id.to_owned(), expires_at: now.saturating_add(expiry), now };
    match app.store().run(Audited::new(retry, entry, done)).await? {
        JobChange::Done => {
            app.wake_worker().await;
            Ok(id.to_owned())
        }
        change => Err(refuse(change)),
    }
}

/// Delivers everything again that was planned since then (epoch milliseconds) and failed; with `taken` also what was taken.
///
/// # Errors
///
/// `NotFound`.
pub async fn replay_since(
    app: &App,
    actor: impl Into<Actor>,
    endpoint: &str,
    since: i64,
    taken: bool,
) -> Result<Replayed> {
    let actor = actor.into();
    find_endpoint(app, endpoint).await?;
    let until = app.now_ms().saturating_add(1);
    let mut copies = Vec::new();
    let mut page = 1;
    while taken && copies.len() < MOST {
        let jobs = taken_since(app, endpoint, since, until, page).await?;
        let last = jobs.len() < 200;
        for job in jobs.into_iter().take(MOST - copies.len()) {
            let detail = find(app, endpoint, &job.id).await?;
            // One that cannot be read is told in the log, and does not keep the others back.
            if let (Some(letter), _) = readable_letter(app, &detail) {
                copies.push(delivery_of(app, endpoint, &letter, job.origin.as_deref())?);
            }
        }
        if last {
            break;
        }
        page += 1;
    }
    // In the order they were delivered in the first time.
    copies.reverse();
    let repeated = copies.len() as u64;
    let detail = json!({ "since": since, "taken": taken, "repeated": repeated });
    let entry = app.audit_entry(actor.clone(), Deed::WebhookReplayed, "webhook", endpoint, &detail);
    app.store().run(Audited::new(AddJobs { jobs: copies }, entry, |_| true)).await?;
    let (kind, account) = (DeliverWebhook::NAME.to_owned(), Some(endpoint.to_owned()));
    let recovered = recover_jobs(app, actor, Recover { kind, account, since, skipped: true, refused: true }).await?;
    Ok(Replayed { recovered, repeated })
}
