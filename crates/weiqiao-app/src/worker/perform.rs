//! One job, from the claim to its result.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::FutureExt as _;
use tokio::time::{sleep, timeout};
use weiqiao_coord::Limit;
use weiqiao_model::{JobStatus, crash_point};
use weiqiao_store::facts::job::{ClaimedJob, StartAttempt};
use weiqiao_store::facts::notification::{NotificationResult, SettleNotification};

use weiqiao_store::StoreError;

use super::Shared;
use super::settle::{self, Settled};
use crate::jobs::{JobEntry, Outcome, Task, Wanted, Work, payload_place};

/// How often a result that cannot be written down is tried to be, a second apart: half a minute longer than a lease.
const WRITE_TRIES: u32 = 60;
/// When it cannot be found out whether a job is still wanted, it is looked at again after this, in milliseconds.
const UNKNOWN_MS: i64 = 5_000;

/// Does one job that was claimed.
pub(super) async fn perform(shared: Arc<Shared>, job: ClaimedJob) {
    let Some(entry) = shared.entry(&job.kind).copied() else { return };
    let _doing = shared.doing(&job.id);
    let task = Task {
        id: job.id.clone(),
        account: job.account.clone(),
        origin: job.origin.clone(),
        uncertain_attempts: job.uncertain_attempts,
        created_at: job.created_at,
        expires_at: job.expires_at,
    };
    let work = match open(&shared, &entry, &job) {
        Ok(work) => work,
        Err(why) => return write(&shared, &entry, without_try(&shared, &job, JobStatus::Dead, None, why)).await,
    };
    crash_point!("worker.opened");
    if !(entry.serves)(&shared.app, &job.account) {
        return write(&shared, &entry, later(&shared, &job, "这个账号不在这个实例的配置里，留给认识它的实例")).await;
    }
    let wanted = AssertUnwindSafe(work.wanted(&shared.app, &task)).catch_unwind().await;
    let settle = match wanted {
        Ok(Ok(Wanted::Yes)) => {
            pace(&shared, &entry, &job.account).await;
            if shared.is_stopping() {
                // Given back by the drain.
                return;
            }
            crash_point!("worker.attempt.before");
            let Some(n) = begin(&shared, &job).await else { return };
            crash_point!("worker.attempt.written");
            let (outcome, took) = attempt(&shared, &entry, &*work, &task).await;
            crash_point!("worker.attempt.made");
            let verdict = outcome.verdict().as_str();
            metrics::counter!("weiqiao_job_attempts_total", "kind" => entry.name(), "verdict" => verdict).increment(1);
            metrics::histogram!("weiqiao_job_seconds", "kind" => entry.name()).record(took.as_secs_f64());
            settle::after_try(&shared.app, &entry.policy, &job, n, outcome)
        }
        Ok(Ok(Wanted::No(why))) => without_try(&shared, &job, JobStatus::Skipped, None, why),
        Ok(Ok(Wanted::NoMore(why))) => without_try(&shared, &job, JobStatus::Uncertain, None, why),
        Ok(Ok(Wanted::Impossible(why))) => without_try(&shared, &job, JobStatus::Refused, None, why),
        Ok(Err(error)) => later(&shared, &job, error.message()),
        Err(_panic) => without_try(&shared, &job, JobStatus::Dead, None, "程序错误：检查任务时崩溃".to_owned()),
    };
    write(&shared, &entry, settle).await;
}

/// What cannot be found out or done here now is given back for somebody to look at again a little later.
fn later(shared: &Shared, job: &ClaimedJob, why: &str) -> Settled {
    let again = shared.app.now_ms().saturating_add(UNKNOWN_MS);
    let status = if job.attempts == 0 { JobStatus::Queued } else { JobStatus::Retrying };
    without_try(shared, job, status, Some(again), why.to_owned())
}

fn open(shared: &Shared, entry: &JobEntry, job: &ClaimedJob) -> Result<Box<dyn Work>, String> {
    let place = payload_place(&job.id, &job.account);
    let plain = shared.app.vault().open(place, &job.payload).map_err(|error| {
        metrics::counter!("weiqiao_vault_open_failures_total").increment(1);
        tracing::error!(job = job.id, %error, "a job cannot be opened");
        "任务内容无法解密：密钥不对或数据损坏".to_owned()
    })?;
    (entry.open)(&plain).map_err(|_| {
        tracing::error!(job = job.id, kind = entry.name(), "what a job holds is not understood");
        "任务内容无法识别".to_owned()
    })
}

/// Waits until one more may begin.
async fn pace(shared: &Shared, entry: &JobEntry, account: &str) {
    let Some(per_second) = entry.policy.per_second else { return };
    let limit = Limit::new(per_second, Duration::from_secs(1));
    loop {
        let decision = shared.app.coord().rate().check(entry.name(), account, limit).await;
        if decision.allowed || shared.is_stopping() {
            return;
        }
        sleep(decision.retry_after.clamp(Duration::from_millis(5), Duration::from_secs(1))).await;
    }
}

/// The attempt row, before the call.
async fn begin(shared: &Shared, job: &ClaimedJob) -> Option<i64> {
    let (id, owner) = (job.id.clone(), shared.owner.clone());
    match shared.app.store().run(StartAttempt { id, fence: job.fence, owner, now: shared.app.now_ms() }).await {
        Ok(Some(n)) => Some(n),
        Ok(None) => {
            metrics::counter!("weiqiao_jobs_fenced_total").increment(1);
            tracing::warn!(job = job.id, "the lease of a job was over before its try began; nothing was sent");
            None
        }
        Err(error) => {
            tracing::warn!(job = job.id, %error, "a try could not be written down, so it was not made");
            None
        }
    }
}

async fn attempt(shared: &Shared, entry: &JobEntry, work: &dyn Work, task: &Task) -> (Outcome, Duration) {
    let began = Instant::now();
    let trying = AssertUnwindSafe(work.run(&shared.app, task)).catch_unwind();
    let outcome = match timeout(entry.policy.time_limit, trying).await {
        Ok(Ok(outcome)) => outcome,
        Ok(Err(_panic)) => {
            tracing::error!(job = task.id, kind = entry.name(), "a job panicked");
            Outcome::uncertain("程序错误：执行时崩溃，不知道是否已经送达")
        }
        Err(_) => {
            Outcome::uncertain(format!("超过 {} 秒没有结束，不知道是否已经送达", entry.policy.time_limit.as_secs()))
        }
    };
    (outcome, began.elapsed())
}

fn without_try(shared: &Shared, job: &ClaimedJob, status: JobStatus, next_at: Option<i64>, why: String) -> Settled {
    settle::without_try(job, status, next_at, why, shared.app.now_ms())
}

async fn settle_once(shared: &Shared, entry: &JobEntry, settled: &Settled) -> Result<bool, StoreError> {
    let (store, settle) = (shared.app.store(), settled.settle.clone());
    if !entry.notifies() {
        return store.run(settle).await;
    }
    let spent = |renewals| NotificationResult::Spent { renewals };
    store.run(SettleNotification { settle, result: settled.spent.map_or(NotificationResult::Plain, spent) }).await
}

/// Writes the result down, for as long as somebody could still take it for unknown.
async fn write(shared: &Shared, entry: &JobEntry, settled: Settled) {
    let status = settled.settle.status;
    for tries in 1..=WRITE_TRIES {
        crash_point!("worker.result.before");
        match settle_once(shared, entry, &settled).await {
            Ok(true) => {
                crash_point!("worker.result.written");
                if status.is_finished() || status == JobStatus::Uncertain {
                    metrics::counter!("weiqiao_jobs_finished_total", "kind" => entry.name(), "status" => status.as_str())
                        .increment(1);
                }
                if let Some(reason) = settled.settle.hold.as_ref().map(|hold| hold.reason.as_str()) {
                    let (job, errcode) = (&settled.settle.id, settled.settle.errcode);
                    tracing::warn!(job, kind = entry.name(), reason, errcode, "all jobs of an account and kind wait");
                }
                return;
            }
            Ok(false) => {
                metrics::counter!("weiqiao_jobs_fenced_total").increment(1);
                tracing::warn!(job = settled.settle.id, "the result of a job came after somebody else had taken it up");
                return;
            }
            Err(error) if tries == WRITE_TRIES || !error.is_unavailable() => {
                tracing::error!(job = settled.settle.id, %error, "the result of a job could not be written down: it becomes uncertain");
                return;
            }
            Err(error) => {
                tracing::warn!(job = settled.settle.id, %error, "the result of a job cannot be written down yet");
                sleep(Duration::from_secs(1)).await;
            }
        }
    }
}
