//! What went wrong for a while is done after all.

use serde_json::json;
use weiqiao_model::JobStatus;
use weiqiao_store::facts::job::RecoverJobs;

use super::change_job::AGAIN_MS;
use super::check_kind;
use super::list_jobs::owner;
use crate::App;
use crate::audit::{Actor, Deed, audited};
use crate::error::Result;

/// Which jobs are recovered. Those that are dead or past their time always are; those that nobody knows about never: they
/// are decided one by one.
#[derive(Debug, Clone)]
pub struct Recover {
    /// Which kind of work.
    pub kind: String,
    /// Only this appid's, or this endpoint's.
    pub account: Option<String>,
    /// Those made then or later, epoch milliseconds.
    pub since: i64,
    /// Also those that were refused.
    pub refused: bool,
    /// Also those that were skipped.
    pub skipped: bool,
}

/// As many at once.
const PORTION: u32 = 500;
/// As many portions in one go.
const PORTIONS: u32 = 200;

/// Makes failed jobs due now, a portion at a time. Gives how many.
///
/// # Errors
///
/// `Invalid` for a kind nobody can do, `NotFound` for an account that is neither an account nor a webhook.
pub async fn recover_jobs(app: &App, actor: impl Into<Actor>, mut recover: Recover) -> Result<u64> {
    let actor = actor.into();
    check_kind(&recover.kind)?;
    if let Some(account) = recover.account.take() {
        recover.account = Some(owner(app, account).await?);
    }
    let mut statuses = vec![JobStatus::Dead, JobStatus::Expired];
    statuses.extend(recover.refused.then_some(JobStatus::Refused));
    statuses.extend(recover.skipped.then_some(JobStatus::Skipped));
    let mut total = 0;
    for _ in 0..PORTIONS {
        let now = app.now_ms();
        let portion = RecoverJobs {
            kind: recover.kind.clone(),
            account: recover.account.clone(),
            statuses: statuses.clone(),
            since: recover.since,
            expires_at: now.saturating_add(AGAIN_MS),
            limit: PORTION,
            now,
        };
        let (book, actor) = (app.clone(), actor.clone());
        let what = json!({ "account": recover.account, "since": recover.since, "refused": recover.refused });
        let kind = recover.kind.clone();
        let audited = audited(portion, move |count: &u64| {
            let detail = json!({ "count": count, "of": what });
            (*count > 0).then(|| book.audit_entry(actor.clone(), Deed::JobsRecovered, "jobs", &kind, &detail))
        });
        let count = app.store().run(audited).await?;
        total += count;
        app.wake_worker().await;
        if count < u64::from(PORTION) {
            break;
        }
    }
    Ok(total)
}
