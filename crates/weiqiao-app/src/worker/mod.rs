//! The engine that does jobs. It knows the shape of a kind, not which kinds there are.
//!
//! A loop looks where something is due ([`DueLanes`](weiqiao_store::facts::job::DueLanes)), takes up as much as it may
//! ([`ClaimJobs`](weiqiao_store::facts::job::ClaimJobs)) and starts a task for each job. It is woken when somebody has
//! planned something and when a task has ended; without that it looks once a second.
//!
//! | file | holds |
//! |---|---|
//! | `mod.rs` | the handle, running until told to stop, the drain |
//! | `busy.rs` | what is under way, by lane |
//! | `take_up.rs` | claiming: the same share for every lane, so that one with a thousand jobs or a dead receiver does not hold up the others |
//! | `perform.rs` | one job: still wanted? attempt row, the try, the result |
//! | `settle.rs` | what a result means for the job and its lane; pure |
//! | `watch.rs` | heartbeat, jobs of dead owners, figures |
//! | `alarm.rs` | when it is worth a line in the log that jobs wait; pure |
//! | `outage.rs` | when it is worth a line in the log that the database fails, and how long to let it be; pure |

mod alarm;
mod busy;
mod outage;
mod perform;
mod settle;
mod take_up;
#[cfg(test)]
mod tests;
mod watch;

use std::collections::HashSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::task::AbortHandle;
use tokio::time::{Interval, MissedTickBehavior, interval, sleep, timeout};
use weiqiao_model::{JobId, crash_point};
use weiqiao_store::facts::job::ReleaseJobs;

use crate::App;
use crate::error::Result;
use crate::jobs::{JobEntry, TOPIC, catalogue};
use alarm::Alarms;
use busy::Busy;
use outage::Outage;
use take_up::{Look, take_up};

/// What the worker is told, as plain data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkerSettings {
    /// How many jobs may be under way in one process, 1 to 1,000.
    pub at_once: usize,
    /// How long jobs that are over are kept.
    pub keep: Duration,
}

impl Default for WorkerSettings {
    fn default() -> Self {
        Self { at_once: 32, keep: Duration::from_secs(30 * 24 * 3_600) }
    }
}

/// How long a claim holds without a sign of life, in milliseconds.
const LEASE_MS: i64 = 30_000;
/// How often a sign of life is given.
const HEARTBEAT: Duration = Duration::from_secs(10);
/// While a lane is held, one job tries this often, in milliseconds.
const PROBE_MS: i64 = 60_000;
/// How often jobs of dead owners are looked for: whoever waits for one waits this much longer than its lease.
const SWEEP: Duration = Duration::from_secs(1);
/// How often figures are written.
const COUNT: Duration = Duration::from_secs(5);

/// Does jobs until it is told to stop.
#[derive(Clone)]
pub struct Worker {
    shared: Arc<Shared>,
}

struct Shared {
    app: App,
    kinds: Vec<JobEntry>,
    /// The name of this process in leases and attempts.
    owner: String,
    stopping: AtomicBool,
    /// The jobs that are being done here. Only their leases are prolonged: one that was claimed without anybody hearing of it
    /// ends by itself.
    under_way: Mutex<HashSet<String>>,
}

impl Shared {
    /// Says that a job is being done, until what this gives is dropped.
    fn doing(self: &Arc<Self>, job: &str) -> Doing {
        self.jobs_under_way().insert(job.to_owned());
        Doing { shared: Arc::clone(self), job: job.to_owned() }
    }

    fn jobs_under_way(&self) -> MutexGuard<'_, HashSet<String>> {
        self.under_way.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn entry(&self, kind: &str) -> Option<&JobEntry> {
        self.kinds.iter().find(|entry| entry.name() == kind)
    }

    fn is_stopping(&self) -> bool {
        self.stopping.load(Ordering::Acquire)
    }
}

impl Worker {
    /// A worker for every kind in the catalogue.
    #[must_use]
    pub fn new(app: App) -> Self {
        Self::with_kinds(app, catalogue())
    }

    /// A worker for these kinds. Jobs of other kinds stay where they are, for a program that knows them.
    #[must_use]
    pub fn with_kinds(app: App, kinds: Vec<JobEntry>) -> Self {
        let id: JobId = app.new_id();
        let owner = id.into_string();
        let shared = Shared { app, kinds, owner, stopping: AtomicBool::new(false), under_way: Mutex::default() };
        Self { shared: Arc::new(shared) }
    }

    /// The name of this process in leases and attempts.
    #[must_use]
    pub fn owner(&self) -> &str {
        &self.shared.owner
    }

    /// Works until `stop`, then drains: nothing more is taken up, what was taken up and not begun is given back, what was
    /// begun may end within `grace`. What does not becomes uncertain when its lease ends. Gives how many those are.
    pub async fn run(&self, stop: impl Future<Output = ()>, grace: Duration) -> usize {
        let shared = &self.shared;
        let mut wakes = shared.app.coord().wake().subscribe(TOPIC);
        let _heartbeat = Aborting(tokio::spawn(watch::heartbeat(Arc::clone(shared))).abort_handle());
        crash_point!("worker.adopt.before");
        watch::adopt(shared).await;
        crash_point!("worker.adopt.after");
        let (mut busy, mut alarms) = (Busy::default(), Alarms::default());
        let (mut looking, mut sweeping) = (Outage::default(), Outage::default());
        let (mut sweeps, mut counts) = (ticks(SWEEP), ticks(COUNT));
        tokio::pin!(stop);
        loop {
            let Look { taken, mut next, failure } = take_up(shared, &mut busy, &mut looking).await;
            if failure.is_some() && taken == 0 {
                // Only time mends this: neither a wake-up nor a job that ended is a reason to ask again at once.
                tokio::select! {
                    biased;
                    () = &mut stop => break,
                    () = sleep(looking.pause()) => next = Duration::ZERO,
                }
            }
            tokio::select! {
                biased;
                () = &mut stop => break,
                _ = sweeps.tick() => watch::sweep_or_warn(shared, &mut sweeping).await,
                _ = counts.tick() => watch::count(shared, &mut alarms).await,
                () = busy.ended() => {}
                Some(_) = wakes.next() => {}
                () = sleep(next) => {}
            }
        }
        self.drain(busy, grace).await
    }

    /// Does everything that is due now, and gives how many jobs that were. For tests and commands: nothing waits for time to
    /// pass.
    ///
    /// # Errors
    ///
    /// `Unavailable` when the database is down.
    pub async fn run_due(&self) -> Result<usize> {
        watch::sweep(&self.shared).await?;
        let (mut busy, mut outage) = (Busy::default(), Outage::default());
        let mut done = 0;
        loop {
            let Look { taken, failure, .. } = take_up(&self.shared, &mut busy, &mut outage).await;
            done += taken;
            if let Some(failure) = failure {
                return Err(failure);
            }
            if busy.is_empty() && taken == 0 {
                return Ok(done);
            }
            busy.ended().await;
        }
    }

    async fn drain(&self, mut busy: Busy, grace: Duration) -> usize {
        let shared = &self.shared;
        shared.stopping.store(true, Ordering::Release);
        let finishing = async {
            while !busy.is_empty() {
                busy.ended().await;
            }
        };
        let cut = if timeout(grace, finishing).await.is_ok() { 0 } else { busy.abort().await };
        if cut > 0 {
            tracing::warn!(
                count = cut,
                "jobs were under way for too long when the process stopped: they become uncertain"
            );
        }
        let release = ReleaseJobs { owner: shared.owner.clone(), now: shared.app.now_ms() };
        crash_point!("worker.release.before");
        let released = shared.app.store().run(release).await;
        crash_point!("worker.release.after");
        match released {
            Ok(0) => {}
            Ok(count) => {
                tracing::info!(count, "jobs that were not begun were given back");
                shared.app.wake_worker().await;
            }
            Err(error) => tracing::warn!(%error, "jobs could not be given back; their leases end by themselves"),
        }
        cut
    }
}

impl std::fmt::Debug for Worker {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Worker").field("owner", &self.shared.owner).field("kinds", &self.shared.kinds).finish()
    }
}

/// From now on, and again after this time.
fn ticks(every: Duration) -> Interval {
    let mut ticks = interval(every);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    ticks
}

/// See [`Shared::doing`].
struct Doing {
    shared: Arc<Shared>,
    job: String,
}

impl Drop for Doing {
    fn drop(&mut self) {
        self.shared.jobs_under_way().remove(&self.job);
    }
}

/// Ends a task when it goes out of scope.
struct Aborting(AbortHandle);

impl Drop for Aborting {
    fn drop(&mut self) {
        self.0.abort();
    }
}
