//! One event to one webhook endpoint.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use weiqiao_store::facts::webhook::{Delivered, RecordDelivery};

use super::{JobKind, OnUncertain, Outcome, Policy, Task, Wanted};
use crate::App;
use crate::error::Result;
use crate::webhook::{Delivery, Endpoint, LONGEST_SHOWN};

/// Delivers one event to one endpoint.
#[derive(Debug)]
pub struct DeliverWebhook;

/// What is delivered. The endpoint is the job's `account`.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Letter {
    /// The event's id, the same on every try and every replay.
    pub event_id: String,
    /// Its type, such as `wechat.message.text`.
    pub event_type: String,
    /// The body, byte for byte.
    pub body: String,
}

/// One night longer than the usual one: receivers are repaired in the morning.
const SCHEDULE: &[Duration] = &[
    Duration::ZERO,
    Duration::from_secs(5),
    Duration::from_secs(30),
    Duration::from_secs(2 * 60),
    Duration::from_secs(10 * 60),
    Duration::from_secs(3_600),
    Duration::from_secs(3 * 3_600),
    Duration::from_secs(8 * 3_600),
    Duration::from_secs(16 * 3_600),
];

/// The longest pause an endpoint may ask for.
const LONGEST_PAUSE: Duration = Duration::from_secs(3_600);

impl JobKind for DeliverWebhook {
    const NAME: &'static str = "webhook";
    const POLICY: Policy = Policy {
        schedule: SCHEDULE,
        expiry: Duration::from_secs(3 * 24 * 3_600),
        // Receivers know an event by its id, so a second copy does no harm.
        on_uncertain: OnUncertain::Retry(Duration::from_secs(5)),
        time_limit: Duration::from_secs(25),
        per_second: None,
        at_once: 8,
    };
    type Payload = Letter;

    async fn wanted(app: &App, task: &Task, _: &Letter) -> Result<Wanted> {
        Ok(match app.webhooks().endpoint(app, &task.account).await? {
            None => Wanted::No("这个 Webhook 已被删除".to_owned()),
            Some(endpoint) if !endpoint.enabled => Wanted::No("这个 Webhook 已停用；启用后可以重放".to_owned()),
            Some(_) => Wanted::Yes,
        })
    }

    async fn run(app: &App, task: &Task, letter: &Letter) -> Outcome {
        let endpoint = match app.webhooks().endpoint(app, &task.account).await {
            Ok(Some(endpoint)) => endpoint,
            Ok(None) => return Outcome::refused("这个 Webhook 已被删除"),
            Err(error) => return Outcome::failed(error.message().to_owned()),
        };
        let body = letter.body.as_bytes();
        let limit = app.settings().webhook.timeout;
        let delivery = app.webhooks().courier().deliver(&endpoint, &letter.event_id, body, app.now_ms(), limit).await;
        record(app, &endpoint, &delivery).await;
        judge(delivery)
    }
}

fn judge(delivery: Delivery) -> Outcome {
    let problem = delivery.problem();
    let outcome = match (&problem, delivery.status) {
        (None, _) => Outcome::sent(),
        (Some(why), Some(410)) => Outcome::refused(why.clone()),
        (Some(why), _) => {
            let pause = delivery.retry_after.unwrap_or_default().min(LONGEST_PAUSE);
            Outcome::failed_for(why.clone(), pause)
        }
    };
    let Delivery { status, mut answer, .. } = delivery;
    answer.truncate(LONGEST_SHOWN);
    outcome.with_answer(status, (!answer.is_empty()).then_some(answer))
}

/// The longest reason that is shown, in characters: names in it are the endpoint's.
const LONGEST_REASON: usize = 150;

/// Keeps that an endpoint took an event and answered what cannot be used as a reply. Gives the reason as people are to read it.
pub(crate) async fn record_unusable(app: &App, endpoint: &str, event: &str, problem: &str) -> String {
    let problem: String = problem.chars().take(LONGEST_REASON).collect();
    tracing::error!(event, endpoint, error = problem, "a synchronous webhook's reply cannot be used");
    let (id, now) = (endpoint.to_owned(), app.now_ms());
    let error = format!("返回的回复不能使用：{problem}");
    if let Err(error) = app.store().run(RecordDelivery { id, delivered: Delivered::Unusable { error }, now }).await {
        tracing::warn!(endpoint, %error, "that an answer is of no use could not be written down");
    }
    problem
}

/// Keeps the endpoint's health, and switches off what is of no use. A failure to write that down costs nothing.
pub(crate) async fn record(app: &App, endpoint: &Endpoint, delivery: &Delivery) {
    let (now, settings) = (app.now_ms(), &app.settings().webhook);
    let days = settings.disable_after.as_secs() / 86_400;
    let failing_by = now.saturating_sub(i64::try_from(settings.disable_after.as_millis()).unwrap_or(i64::MAX));
    let delivered = match (delivery.problem(), delivery.status) {
        (None, _) => Delivered::Taken,
        (Some(error), Some(410)) => Delivered::Gone {
            error,
            reason: "接收端返回 410 Gone，表示不再接收事件，已自动停用".to_owned(),
        },
        (Some(error), _) => {
            let reason = format!("连续 {days} 天没有一次投递成功，已自动停用；最后一次：{error}");
            Delivered::Failed { error, failing_by, reason }
        }
    };
    match app.store().run(RecordDelivery { id: endpoint.id.clone(), delivered, now }).await {
        Ok(false) => {}
        Ok(true) => {
            metrics::counter!("weiqiao_webhook_endpoints_disabled_total").increment(1);
            tracing::warn!(
                endpoint = endpoint.id,
                "a webhook endpoint was switched off: nothing was taken for too long, or it is gone"
            );
            app.webhooks().forget();
        }
        Err(error) => tracing::warn!(endpoint = endpoint.id, %error, "how a delivery went could not be written down"),
    }
}
