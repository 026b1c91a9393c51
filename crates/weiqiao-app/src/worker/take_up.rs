//! Claiming what is due, with the same share for every lane.

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;
use tokio::time::Instant;
use weiqiao_model::crash_point;
use weiqiao_store::facts::job::{ClaimJobs, DueLane, DueLanes, LaneClaim};
use weiqiao_store::{StoreError, StoreErrorKind};

use super::busy::Busy;
use super::outage::Outage;
use super::perform::perform;
use super::{LEASE_MS, PROBE_MS, Shared};
use crate::error::AppError;

/// Looking without a reason: the net under the wake-ups.
const POLL: Duration = Duration::from_secs(1);
/// How soon to look again when something is due that cannot be taken up now.
const SOON: Duration = Duration::from_millis(100);

/// What looking brought.
pub(super) struct Look {
    /// How many jobs were taken up.
    pub(super) taken: usize,
    /// When to look again, unless something happens before.
    pub(super) next: Duration,
    /// Why nothing could be found out.
    pub(super) failure: Option<AppError>,
}

/// Takes up what is due and starts it.
pub(super) async fn take_up(shared: &Arc<Shared>, busy: &mut Busy, outage: &mut Outage) -> Look {
    let mut look = Look { taken: 0, next: POLL, failure: None };
    let free = shared.app.settings().worker.at_once.saturating_sub(busy.len());
    if free == 0 {
        return look;
    }
    let now = shared.app.now_ms();
    let kinds = shared.kinds.iter().map(|entry| entry.name().to_owned()).collect();
    let lanes = match shared.app.store().read(DueLanes { kinds }).await {
        Ok(lanes) => lanes,
        Err(error) => {
            if let Some(left_out) = outage.failed(Instant::now()) {
                tracing::warn!(%error, left_out, "due jobs cannot be looked up");
            }
            look.failure = Some(error.into());
            return look;
        }
    };
    let (due, later): (Vec<_>, Vec<_>) = lanes.into_iter().partition(|lane| lane.next_at <= now);
    if let Some(first) = later.iter().map(|lane| lane.next_at).min() {
        let wait = u64::try_from(first.saturating_sub(now)).unwrap_or(0);
        look.next = POLL.min(Duration::from_millis(wait));
    }
    let claims = shares(shared, busy, due, free).into_iter().map(|(lane, limit)| claim(shared, lane, limit, now));
    let mut full = false;
    for (limit, claimed) in join_all(claims).await {
        match claimed {
            Ok(LaneClaim { jobs, expired, .. }) => {
                crash_point!("worker.claimed");
                if expired > 0 {
                    metrics::counter!("weiqiao_jobs_finished_total", "status" => "expired").increment(expired);
                }
                full |= jobs.len() == limit;
                look.taken += jobs.len();
                for job in jobs {
                    let lane = (job.kind.clone(), job.account.clone());
                    busy.start(lane, perform(Arc::clone(shared), job));
                }
            }
            // Two met over one serial key: the other was first.
            Err(error) if error.kind() == StoreErrorKind::Conflict => full = true,
            Err(error) => {
                if let Some(left_out) = outage.failed(Instant::now()) {
                    tracing::warn!(%error, left_out, "jobs cannot be taken up");
                }
                look.failure = Some(error.into());
            }
        }
    }
    if look.failure.is_none()
        && let Some(left_out) = outage.worked()
    {
        tracing::info!(left_out, "due jobs are looked up and taken up again");
    }
    if full {
        look.next = look.next.min(SOON);
    }
    look
}

async fn claim(shared: &Shared, lane: DueLane, limit: usize, now: i64) -> (usize, Result<LaneClaim, StoreError>) {
    let claim = ClaimJobs {
        kind: lane.kind,
        account: lane.account,
        owner: shared.owner.clone(),
        lease_ms: LEASE_MS,
        probe_ms: PROBE_MS,
        limit: u32::try_from(limit).unwrap_or(u32::MAX),
        now,
    };
    (limit, shared.app.store().run(claim).await)
}

/// How many each lane may take up: the same for all, less where its kind allows less. Lanes that have waited the longest come
/// first when there is not enough for all.
fn shares(shared: &Shared, busy: &Busy, mut due: Vec<DueLane>, free: usize) -> Vec<(DueLane, usize)> {
    due.sort_by_key(|lane| lane.next_at);
    let mut open: Vec<(DueLane, usize)> = due
        .into_iter()
        .filter_map(|lane| {
            let entry = shared.entry(&lane.kind)?;
            // What this instance does not know is looked at one by one, for what is past its time; the rest is given back.
            let most = if (entry.serves)(&shared.app, &lane.account) { entry.policy().at_once } else { 1 };
            let room = most.saturating_sub(busy.of(&(lane.kind.clone(), lane.account.clone())));
            (room > 0).then_some((lane, room))
        })
        .take(free)
        .collect();
    let share = free.checked_div(open.len()).unwrap_or(0).max(1);
    for (_, room) in &mut open {
        *room = (*room).min(share);
    }
    open
}
