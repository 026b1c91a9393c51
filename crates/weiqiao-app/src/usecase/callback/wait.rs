//! A copy of a push that somebody is deciding about waits for that decision; when whoever was deciding is gone, it decides.

use std::time::Duration;

use tokio::time::{Instant, sleep};
use weiqiao_store::facts::inbox::{ClaimReply, Decision, FindDecision, TakeOverCallback};

use super::decide_slowly::{LEASE_MS, Slow, decide_within};
use super::{late, stored};
use crate::decide::ReplySpec;
use crate::error::Result;
use crate::usecase::inbox::tell_followers;

const FIRST_LOOK: Duration = Duration::from_millis(20);
const LONGEST_PAUSE: Duration = Duration::from_millis(250);

/// What is said to the copy; nothing when the decision does not come in time.
pub(super) async fn for_decision(slow: Slow, mut decision: Decision, begun: Instant) -> Result<ReplySpec> {
    let app = slow.app.clone();
    let deadline = begun + app.callbacks().settings().answer_within;
    let mut pause = FIRST_LOOK;
    loop {
        if let Some(spec) = decided(&slow, &decision).await? {
            return Ok(spec);
        }
        if let Decision::Deciding { lease_until } = decision
            && lease_until <= app.now_ms()
        {
            let now = app.now_ms();
            let take =
                TakeOverCallback { id: slow.id.clone(), lease_until: now.saturating_add(LEASE_MS), now, waiting: true };
            if let Some(fence) = app.store().run(take).await? {
                tracing::info!(inbox = slow.id, "going on with a callback that was left undecided");
                return decide_within(slow, fence, begun).await;
            }
        }
        let left = deadline.saturating_duration_since(Instant::now());
        if left.is_zero() && late::acknowledge(&slow, begun).await {
            return Ok(ReplySpec::None);
        }
        sleep(pause.min(left)).await;
        pause = (pause * 2).min(LONGEST_PAUSE);
        match app.store().read(FindDecision { id: slow.id.clone() }).await? {
            Some(found) => decision = found,
            // Swept or restored away: nothing to wait for.
            None => return Ok(ReplySpec::None),
        }
    }
}

/// What is said to a delivery by a decision that is made. What was held is given now, and not sent late.
pub(super) async fn decided(slow: &Slow, decision: &Decision) -> Result<Option<ReplySpec>> {
    let app = &slow.app;
    let open = |reply| stored::open_reply(app, slow.place(), reply).map(Some);
    match decision {
        Decision::Done(reply) => open(reply.as_deref()),
        Decision::Held(reply) if app.store().run(ClaimReply { id: slow.id.clone() }).await? => {
            tell_followers(app);
            open(Some(reply))
        }
        // Another one was first: the next look tells.
        Decision::Held(_) | Decision::Deciding { .. } => Ok(None),
    }
}
