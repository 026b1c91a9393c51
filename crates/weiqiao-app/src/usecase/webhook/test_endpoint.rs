//! Does it work?

use serde_json::json;
use weiqiao_model::JobId;

use super::unknown;
use crate::App;
use crate::error::Result;
use crate::webhook::{Event, LONGEST_SHOWN};

/// How a test delivery went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TestResult {
    /// The event's id.
    pub event_id: String,
    /// Whether it was taken.
    pub ok: bool,
    /// The HTTP status, when there was one.
    pub http_status: Option<u16>,
    /// How long it took, in milliseconds.
    pub ms: u64,
    /// The beginning of the answer.
    pub answer: String,
    /// Why it was not taken, for people.
    pub error: Option<String>,
}

/// Delivers an event of type `weiqiao.test` now and says how that went. Also when the endpoint is switched off; its record
/// of failures does not change.
///
/// # Errors
///
/// `NotFound`.
pub async fn test_endpoint(app: &App, id: &str) -> Result<TestResult> {
    let endpoint = app.webhooks().endpoint(app, id).await?.ok_or_else(unknown)?;
    let account = app
        .accounts()
        .iter()
        .find(|account| endpoint.app_id.as_deref().is_none_or(|wanted| wanted == account.app_id().as_str()));
    let account = account.map_or("-", |account| account.name.as_str()).to_owned();
    let (event_id, now): (JobId, _) = (app.new_id(), app.now_ms());
    let data = json!({"message": "这是微桥发出的测试事件"});
    let event = Event::new(event_id.as_str(), "weiqiao.test", account, now, data);
    let (body, limit) = (serde_json::to_vec(&event)?, app.settings().webhook.timeout);
    let mut delivery = app.webhooks().courier().deliver(&endpoint, &event.id, &body, now, limit).await;
    let error = delivery.problem();
    delivery.answer.truncate(LONGEST_SHOWN);
    Ok(TestResult {
        event_id: event.id,
        ok: error.is_none(),
        http_status: delivery.status,
        ms: u64::try_from(delivery.took.as_millis()).unwrap_or(u64::MAX),
        answer: String::from_utf8_lossy(&delivery.answer).into_owned(),
        error,
    })
}
