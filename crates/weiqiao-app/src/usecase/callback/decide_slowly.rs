//! Decisions that take time: synchronous webhooks and Rust handlers, under the five-second guard.
//!
//! The decision runs in a task of its own and renews its lease. What becomes of it is settled in the commit that writes it
//! down: the delivery waits, and gets it; or one was told `success`, and it goes out [late]; or all that came have hung up,
//! and it is held for a copy. So an answer is never lost and never given twice.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt as _;
use tokio::sync::oneshot;
use tokio::time::{Instant, interval, timeout_at};
use weiqiao_store::facts::inbox::{FindDecision, FinishCallback, Finished, Outcome, RenewCallback};
use weixin_proto::callback::Inbound;

use super::wait::decided;
use super::{late, stored, webhooks};
use crate::App;
use crate::accounts::Account;
use crate::decide::{ReplySpec, limit};
use crate::error::{AppError, Result};
use crate::handlers::Ctx;
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
    pub(super) account: Arc<Account>,
    dedup_key: String,
    pub(super) inbound: Arc<Inbound>,
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

/// Decides until the deadline; gives what is said by then.
pub(super) async fn decide_within(slow: Slow, fence: i64, begun: Instant) -> Result<ReplySpec> {
    let deadline = begun + slow.app.callbacks().settings().answer_within;
    let (tell, mut told) = oneshot::channel();
    tokio::spawn(decide(slow.clone(), fence, begun, tell));
    let said = match timeout_at(deadline, &mut told).await {
        Ok(said) => said,
        Err(_) if late::acknowledge(&slow, begun).await => return Ok(ReplySpec::None),
        // It is written down, and about to be told.
        Err(_) => told.await,
    };
    said.map_err(AppError::internal)?
}

/// What is decided with no delivery waiting, after a crash.
pub(super) async fn decide_unheard(slow: Slow, fence: i64) {
    let (tell, _) = oneshot::channel();
    decide(slow, fence, Instant::now(), tell).await;
}

/// Decides, and tells the delivery, if that still waits.
async fn decide(slow: Slow, fence: i64, begun: Instant, tell: oneshot::Sender<Result<ReplySpec>>) {
    let (spec, by) = renewing(&slow, fence, asked(&slow)).await;
    let (spec, by) = fitting(&slow, spec, by);
    let said = finish(&slow, fence, begun, spec, by, !tell.is_closed()).await;
    if let Err(error) = &said {
        tracing::error!(inbox = slow.id, %error, "a decision cannot be written down; the next delivery or the sweep goes on");
    }
    // Whoever hung up meanwhile delivers again, and finds it in the row.
    drop(tell.send(said));
}

/// Writes the decision down; gives what is said to the delivery.
async fn finish(
    slow: &Slow,
    fence: i64,
    begun: Instant,
    spec: ReplySpec,
    by: String,
    waiting: bool,
) -> Result<ReplySpec> {
    let app = &slow.app;
    let outcome = Outcome {
        reply: stored::seal_reply(app, slow.place(), &spec)?,
        decided_by: by.clone(),
        decided_at: app.now_ms(),
        response_ms: elapsed_ms(begun),
        jobs: Vec::new(),
    };
    let instead = late::instead(slow, &spec, &by)?;
    let finish =
        FinishCallback { id: slow.id.clone(), fence, outcome, waiting, late: instead, patience: late::PATIENCE };
    let finished = app.store().run(finish).await?;
    if finished.is_some() {
        tell_followers(app);
    }
    match finished {
        Some(Finished::Given) => return Ok(spec),
        Some(Finished::Late) => {
            late::sent(slow, &spec).await;
            return Ok(ReplySpec::None);
        }
        Some(Finished::Held { until }) => {
            tokio::spawn(late::send_when_due(slow.clone(), spec, by, until));
            return Ok(ReplySpec::None);
        }
        None => {}
    }
    // Somebody took over meanwhile, because this process was silent for too long: theirs counts.
    let theirs = app.store().read(FindDecision { id: slow.id.clone() }).await?;
    let theirs = match theirs {
        Some(decision) => decided(slow, &decision).await?,
        None => None,
    };
    Ok(theirs.unwrap_or_default())
}

/// How long a delivery has waited.
pub(super) fn elapsed_ms(begun: Instant) -> i64 {
    i64::try_from(begun.elapsed().as_millis()).unwrap_or(i64::MAX)
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
