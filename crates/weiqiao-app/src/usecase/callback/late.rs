//! Answers that no delivery takes any more: they go out as customer-service messages.

use std::time::Duration;

use tokio::time::{Instant, sleep};
use weiqiao_store::facts::inbox::{AcknowledgeCallback, Late, Patience, SendHeld};

use super::decide_slowly::{Slow, elapsed_ms};
use crate::decide::ReplySpec;
use crate::error::Result;
use crate::jobs::customer_message::{never_late, plan_late_reply};
use crate::usecase::inbox::tell_followers;

/// WeChat delivers at 0, 5 and 10 s and waits 5 s each time. A copy that came looks for the answer four times a second.
pub(super) const PATIENCE: Patience = Patience { deliveries: 3, within_ms: 15_000, pause_ms: 1_000 };

/// A delivery is about to be answered `success`. `false` when the decision is there after all.
pub(super) async fn acknowledge(slow: &Slow, begun: Instant) -> bool {
    let told = AcknowledgeCallback { id: slow.id.clone(), response_ms: elapsed_ms(begun) };
    match slow.app.store().run(told).await {
        Ok(true) => metrics::counter!("weiqiao_callbacks_late_total").increment(1),
        Ok(false) => return false,
        // The push is written down: its answer is held until no copy can come, and goes out then.
        Err(error) => tracing::warn!(inbox = slow.id, %error, "that WeChat was told `success` cannot be written down"),
    }
    true
}

/// What a late answer becomes.
pub(super) fn instead(slow: &Slow, spec: &ReplySpec, by: &str) -> Result<Late> {
    let (app_id, openid) = (slow.account.app_id(), &slow.inbound.from);
    let jobs = plan_late_reply(&slow.app, app_id, openid, spec, Some(format!("inbox:{}", slow.id)))?;
    let decided_by = match never_late(spec) {
        Some(why) => format!("late {by} failed: {why}"),
        None => format!("late {by}"),
    };
    Ok(Late { decided_by, jobs })
}

/// A late answer was written down to be sent.
pub(super) async fn sent(slow: &Slow, spec: &ReplySpec) {
    if let Some(why) = never_late(spec) {
        let reply = spec.word();
        tracing::error!(inbox = slow.id, reply, why, "a late reply cannot be given by a customer-service message");
    }
    slow.app.wake_worker().await;
}

/// Sends what is held when no copy came for it. When this process dies before, the sweep does.
pub(super) async fn send_when_due(slow: Slow, spec: ReplySpec, by: String, until: i64) {
    let left = until.saturating_sub(slow.app.now_ms());
    sleep(Duration::from_millis(u64::try_from(left).unwrap_or(0))).await;
    if let Err(error) = send_held(&slow, &spec, &by).await {
        tracing::warn!(inbox = slow.id, %error, "an answer that no delivery took waits for the next sweep");
    }
}

/// Sends what is held, unless a copy took it or still may.
pub(super) async fn send_held(slow: &Slow, spec: &ReplySpec, by: &str) -> Result<bool> {
    let Late { decided_by, jobs } = instead(slow, spec, by)?;
    let send = SendHeld { id: slow.id.clone(), now: slow.app.now_ms(), decided_by, jobs };
    let sends = slow.app.store().run(send).await?;
    if sends {
        metrics::counter!("weiqiao_callbacks_late_total").increment(1);
        tell_followers(&slow.app);
        sent(slow, spec).await;
    }
    Ok(sends)
}
