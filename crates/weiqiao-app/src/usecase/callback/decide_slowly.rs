//! Decisions that take time: synchronous webhooks and Rust handlers, under the five-second guard.
//!
//! The decision runs in a task of its own and renews its lease. At the deadline either the answer is there, or the waiting
//! delivery is told that there is nothing to say; then what comes later goes out as a customer-service message. Who of the
//! two was first is settled by one compare-and-set, so an answer is never lost and never given twice.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::time::Duration;

use futures_util::FutureExt as _;
use tokio::time::{Instant, interval, timeout_at};
use weiqiao_store::facts::inbox::{FindDecision, FinishCallback, Outcome, RenewCallback};
use weiqiao_store::facts::job::NewJob;
use weixin_proto::callback::Inbound;

use super::receive::decided;
use super::{stored, webhooks};
use crate::App;
use crate::accounts::Account;
use crate::decide::{ReplySpec, limit};
use crate::error::{AppError, Result};
use crate::handlers::Ctx;
use crate::jobs::customer_message::plan_late_reply;
use crate::usecase::inbox::tell_followers;

/// How long somebody who decides may be silent before others go on, in milliseconds. WeChat delivers again after five
/// seconds: then whoever gets that copy is soon free to go on.
pub(super) const LEASE_MS: i64 = 6_000;
/// How often the lease is renewed.
const RENEW: Duration = Duration::from_secs(2);

/// A push that somebody has to think about.
#[derive(Clone)]
pub(super) struct Slow {
    pub(super) app: App,
    pub(super) id: String,
    account: Arc<Account>,
    dedup_key: String,
    inbound: Arc<Inbound>,
}

impl Slow {
    pub(super) fn new(app: &App, account: &Arc<Account>, id: &str, dedup_key: &str, inbound: Arc<Inbound>) -> Self {
        let (id, dedup_key) = (id.to_owned(), dedup_key.to_owned());
        Self { app: app.clone(), id, account: Arc::clone(account), dedup_key, inbound }
    }

    /// What the sealed fields of its row are bound to.
    pub(super) fn place(&self) -> (&str, &str) {
        (self.account.app_id().as_str(), &self.dedup_key)
    }
}

/// Who was first: the decision, or the deadline.
#[derive(Default)]
struct Turn(AtomicU8);

const DECIDED: u8 = 1;
const LATE: u8 = 2;

impl Turn {
    fn take(&self, who: u8) -> bool {
        self.0.compare_exchange(0, who, Ordering::AcqRel, Ordering::Acquire).is_ok()
    }
}

/// Decides until the deadline; gives what is said by then.
pub(super) async fn decide_within(slow: Slow, fence: i64, begun: Instant) -> Result<ReplySpec> {
    let deadline = begun + slow.app.callbacks().settings().answer_within;
    let turn = Arc::new(Turn::default());
    let mut task = tokio::spawn(decide(slow, fence, begun, Arc::clone(&turn)));
    let joined = match timeout_at(deadline, &mut task).await {
        Ok(joined) => joined,
        Err(_) if turn.take(LATE) => {
            metrics::counter!("weiqiao_callbacks_late_total").increment(1);
            return Ok(ReplySpec::None);
        }
        // It is being written down just now.
        Err(_) => task.await,
    };
    joined.map_err(AppError::internal)?
}

/// What is decided with nobody waiting: after a crash, everything is late.
pub(super) async fn decide_late(slow: Slow, fence: i64) -> Result<ReplySpec> {
    let turn = Turn::default();
    turn.take(LATE);
    decide(slow, fence, Instant::now(), Arc::new(turn)).await
}

async fn decide(slow: Slow, fence: i64, begun: Instant, turn: Arc<Turn>) -> Result<ReplySpec> {
    let (spec, by) = renewing(&slow, fence, asked(&slow)).await;
    let (spec, by) = fitting(&slow, spec, by);
    let app = &slow.app;
    let in_time = turn.take(DECIDED);
    let response_ms = i64::try_from(begun.elapsed().as_millis()).unwrap_or(i64::MAX);
    let decided_at = app.now_ms();
    let outcome = if in_time {
        let reply = stored::seal_reply(app, slow.place(), &spec)?;
        Outcome { reply, decided_by: by, decided_at, response_ms, jobs: Vec::new() }
    } else {
        let jobs = late_jobs(&slow, &spec)?;
        Outcome { reply: None, decided_by: format!("late {by}"), decided_at, response_ms, jobs }
    };
    let wakes = !outcome.jobs.is_empty();
    if app.store().run(FinishCallback { id: slow.id.clone(), fence, outcome }).await? {
        tell_followers(app);
        if wakes {
            app.wake_worker().await;
        }
        return Ok(if in_time { spec } else { ReplySpec::None });
    }
    // Somebody took over meanwhile, because this process was silent for too long: theirs counts.
    let theirs = app.store().read(FindDecision { id: slow.id.clone() }).await?;
    let theirs = theirs.map(|decision| decided(app, slow.place(), &decision)).transpose()?.flatten();
    Ok(theirs.unwrap_or_default())
}

/// Keeps the lease while somebody thinks.
async fn renewing<T>(slow: &Slow, fence: i64, thinking: impl Future<Output = T>) -> T {
    tokio::pin!(thinking);
    let mut ticks = interval(RENEW);
    ticks.tick().await;
    loop {
        tokio::select! {
            biased;
            thought = &mut thinking => return thought,
            _ = ticks.tick() => {
                let lease_until = slow.app.now_ms().saturating_add(LEASE_MS);
                let renewed = slow.app.store().run(RenewCallback { id: slow.id.clone(), fence, lease_until }).await;
                if let Err(error) = renewed {
                    tracing::warn!(inbox = slow.id, %error, "the lease of a callback cannot be renewed");
                }
            }
        }
    }
}

/// Asks the synchronous webhooks, then the handlers. Gives what is said, and who said it.
async fn asked(slow: &Slow) -> (ReplySpec, String) {
    let (app, inbound) = (&slow.app, &slow.inbound);
    let unusable = match webhooks::ask(app, &slow.account, &slow.id, inbound).await {
        Some(Ok(spec)) => return (spec, "webhook".to_owned()),
        Some(Err(problem)) => Some(format!("webhook failed: {problem}")),
        None => None,
    };
    let ctx = Ctx::new(app.clone(), Arc::clone(&slow.account), Arc::clone(inbound));
    // A handler is somebody else's code: its panic is its failure, not ours.
    let answering = AssertUnwindSafe(app.callbacks().handlers().answer(ctx)).catch_unwind();
    let failure = match answering.await {
        Ok(None) => return (ReplySpec::None, unusable.unwrap_or_else(|| "nobody".to_owned())),
        Ok(Some(Ok(spec))) => return (spec, "handler".to_owned()),
        Ok(Some(Err(error))) => error.to_string(),
        Err(_panic) => "it panicked".to_owned(),
    };
    metrics::counter!("weiqiao_callback_handler_failures_total").increment(1);
    tracing::error!(inbox = slow.id, error = failure, "a handler failed; nothing is said");
    (ReplySpec::None, "handler failed".to_owned())
}

/// A reply WeChat would not take here is worse than none: it would tell the person that the service is broken.
fn fitting(slow: &Slow, spec: ReplySpec, by: String) -> (ReplySpec, String) {
    match spec.check_for(&slow.inbound) {
        Ok(()) => (spec, by),
        Err(error) => {
            tracing::error!(inbox = slow.id, %error, "a reply does not fit; nothing is said");
            (ReplySpec::None, format!("{by} failed: {}", limit("reply", &error).message))
        }
    }
}

/// What goes out when the answer comes too late.
fn late_jobs(slow: &Slow, spec: &ReplySpec) -> Result<Vec<NewJob>> {
    let (app_id, openid) = (slow.account.app_id(), &slow.inbound.from);
    plan_late_reply(&slow.app, app_id, openid, spec, Some(format!("inbox:{}", slow.id)))
}
