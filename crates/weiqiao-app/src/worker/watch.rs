//! Signs of life, jobs of dead owners, figures.

use std::collections::HashMap;
use std::sync::Arc;

use tokio::time::Instant;
use weiqiao_model::{JobStatus, crash_point};
use weiqiao_store::facts::job::{CountJobs, OpenJobs, RenewLeases, SweepLeases, SweptLease, UncertainRule};

use super::alarm::{Alarms, Say};
use super::outage::Outage;
use super::{HEARTBEAT, LEASE_MS, Shared, ticks};
use crate::error::Result;
use crate::jobs::OnUncertain;

/// As many at once.
const PORTION: u32 = 200;
/// What people read about a try whose process died.
const LOST: &str = "执行这次尝试的进程在写下结果之前退出了，不知道是否已经送达";

/// Says for as long as it runs that this owner is alive.
pub(super) async fn heartbeat(shared: Arc<Shared>) {
    let mut ticks = ticks(HEARTBEAT);
    loop {
        ticks.tick().await;
        let mut ids: Vec<String> = shared.jobs_under_way().iter().cloned().collect();
        // Rows are locked in one order everywhere.
        ids.sort();
        let renew = RenewLeases { owner: shared.owner.clone(), ids, lease_ms: LEASE_MS, now: shared.app.now_ms() };
        crash_point!("worker.heartbeat.before");
        if let Err(error) = shared.app.store().run(renew).await {
            tracing::warn!(%error, "the leases of jobs under way cannot be renewed");
        }
        crash_point!("worker.heartbeat.after");
    }
}

/// At the start: on SQLite there is one process, so whoever had a lease is dead.
pub(super) async fn adopt(shared: &Shared) {
    if shared.app.store().engine() != "sqlite" {
        return;
    }
    if let Err(error) = sweep_until(shared, i64::MAX, &shared.owner).await {
        tracing::warn!(%error, "jobs of the process before this one could not be taken over yet");
    }
    if let Err(error) = shared.app.token_source().outlive().await {
        tracing::warn!(%error, "a token the process before this one was fetching is waited for until its lease ends");
    }
}

/// [`sweep`], from time to time.
pub(super) async fn sweep_or_warn(shared: &Shared, outage: &mut Outage) {
    match sweep(shared).await {
        Ok(_) => {
            if let Some(left_out) = outage.worked() {
                tracing::info!(left_out, "jobs of dead owners are looked for again");
            }
        }
        Err(error) => {
            if let Some(left_out) = outage.failed(Instant::now()) {
                tracing::warn!(%error, left_out, "jobs of dead owners could not be looked for");
            }
        }
    }
}

/// From time to time.
pub(super) async fn count(shared: &Shared, alarms: &mut Alarms) {
    match shared.app.store().read(CountJobs).await {
        Ok(open) => figures(shared, &open, alarms),
        Err(error) => tracing::warn!(%error, "jobs could not be counted"),
    }
}

/// Takes over the jobs of owners that gave no sign of life. One's own too: after an outage of the database this process may
/// hold jobs that it is no longer doing.
pub(super) async fn sweep(shared: &Shared) -> Result<u64> {
    sweep_until(shared, shared.app.now_ms(), "").await
}

async fn sweep_until(shared: &Shared, lapsed_by: i64, but: &str) -> Result<u64> {
    let mut total = 0;
    loop {
        let now = shared.app.now_ms();
        let sweep = SweepLeases {
            rules: rules(shared, now),
            lapsed_by,
            but: but.to_owned(),
            reason: LOST.to_owned(),
            limit: PORTION,
            now,
        };
        let swept = shared.app.store().run(sweep).await?;
        crash_point!("worker.sweep.after");
        swept.iter().for_each(note);
        total += swept.len() as u64;
        if swept.len() < PORTION as usize {
            return Ok(total);
        }
    }
}

fn rules(shared: &Shared, now: i64) -> Vec<UncertainRule> {
    let rule = |entry: &crate::jobs::JobEntry| match entry.policy.on_uncertain {
        OnUncertain::Hold => None,
        OnUncertain::Retry(after) => Some(UncertainRule {
            kind: entry.name().to_owned(),
            retry_at: now.saturating_add(i64::try_from(after.as_millis()).unwrap_or(i64::MAX)),
            max_tries: entry.policy.max_tries(),
        }),
    };
    shared.kinds.iter().filter_map(rule).collect()
}

fn note(swept: &SweptLease) {
    let how = if swept.uncertain { "uncertain" } else { "free" };
    metrics::counter!("weiqiao_jobs_taken_over_total", "how" => how).increment(1);
    tracing::warn!(
        job = swept.id,
        kind = swept.kind,
        how,
        "a job was taken over from a process that gave no sign of life"
    );
}

fn figures(shared: &Shared, open: &OpenJobs, alarms: &mut Alarms) {
    const OPEN: [JobStatus; 4] = [JobStatus::Queued, JobStatus::Sending, JobStatus::Retrying, JobStatus::Uncertain];
    let now = shared.app.now_ms();
    let by: HashMap<(&str, JobStatus), i64> =
        open.counts.iter().map(|count| ((count.kind.as_str(), count.status), count.count)).collect();
    for entry in &shared.kinds {
        let kind = entry.name();
        for status in OPEN {
            let depth = by.get(&(kind, status)).copied().unwrap_or(0);
            #[allow(clippy::cast_precision_loss, reason = "a figure")]
            metrics::gauge!("weiqiao_jobs", "kind" => kind, "status" => status.as_str()).set(depth as f64);
        }
        let overdue = overdue(open, kind, now);
        #[allow(clippy::cast_precision_loss, reason = "a figure")]
        metrics::gauge!("weiqiao_jobs_oldest_seconds", "kind" => kind).set(overdue as f64 / 1000.0);
        let overdue_s = overdue / 1000;
        match alarms.hear(kind, overdue, now) {
            Some(Say::Waiting) => tracing::warn!(kind, overdue_s, "jobs are due and have been waiting for long"),
            Some(Say::Over) => tracing::info!(kind, overdue_s, "jobs no longer wait for long"),
            None => {}
        }
    }
}

/// For how long the job has been due that has been due the longest, in milliseconds. One that waits for its next try is not.
fn overdue(open: &OpenJobs, kind: &str, now: i64) -> i64 {
    open.due_since.get(kind).map_or(0, |since| now.saturating_sub(*since).max(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_job_that_waits_for_its_next_try_is_not_overdue_however_old_it_is() {
        let open = OpenJobs { due_since: HashMap::from([("webhook".to_owned(), 1_000_000)]), ..OpenJobs::default() };
        assert_eq!(overdue(&open, "webhook", 999_999), 0);
        assert_eq!(overdue(&open, "webhook", 1_400_000), 400_000);
        assert_eq!(overdue(&open, "notification", 1_400_000), 0);
    }
}
