//! Who is asked for the reply while WeChat waits.

use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt as _;
use futures_util::stream::FuturesUnordered;
use serde_json::Value;
use tokio::time::{Instant, timeout_at};
use weiqiao_store::facts::job::AddJobs;

use super::plan::{delivery, endpoints_for};
use crate::App;
use crate::error::Result;
use crate::jobs::webhook::record;
use crate::webhook::{Delivery, Endpoint, Event};

/// Whether somebody has to be asked about an event before it can be answered.
///
/// # Errors
///
/// `Unavailable` when the database is down.
pub async fn takes_time(app: &App, event: &Event) -> Result<bool> {
    Ok(endpoints_for(app, event).await?.iter().any(|endpoint| endpoint.synchronous))
}

/// Asks all synchronous endpoints that want the event, at the same time. Gives the first reply, and the id of the endpoint
/// that gave it; an endpoint that answers `204`, an empty body, `{}` or `{"type":"none"}` has nothing to say.
///
/// An endpoint that has not taken the event by the deadline gets it as an ordinary delivery afterwards: its answer to that
/// one is not used, but nothing is lost.
pub async fn ask_synchronous(app: &App, event: &Event, deadline: Duration) -> Option<(String, Value)> {
    let until = Instant::now() + deadline;
    let endpoints = match endpoints_for(app, event).await {
        Ok(endpoints) => endpoints,
        Err(error) => {
            tracing::error!(event = event.id, %error, "the synchronous webhooks could not be asked");
            return None;
        }
    };
    let body: Arc<[u8]> = serde_json::to_vec(event).ok()?.into();
    let asking = endpoints.into_iter().filter(|endpoint| endpoint.synchronous).map(|endpoint| {
        let (app, event, body) = (app.clone(), event.clone(), Arc::clone(&body));
        // A task of its own: when the caller has its answer or gives up, the others still end well.
        tokio::spawn(async move {
            let said = ask(&app, &endpoint, &event, &body, deadline).await?;
            Some((endpoint.id.clone(), said))
        })
    });
    let mut asking: FuturesUnordered<_> = asking.collect();
    loop {
        match timeout_at(until, asking.next()).await {
            Ok(Some(Ok(Some(reply)))) => return Some(reply),
            Ok(Some(_)) => {}
            Ok(None) | Err(_) => return None,
        }
    }
}

async fn ask(app: &App, endpoint: &Endpoint, event: &Event, body: &[u8], deadline: Duration) -> Option<Value> {
    let delivery = app.webhooks().courier().deliver(endpoint, &event.id, body, app.now_ms(), deadline).await;
    let outcome = if delivery.problem().is_none() { "taken" } else { "failed" };
    metrics::counter!("weiqiao_webhook_asked_total", "outcome" => outcome).increment(1);
    record(app, endpoint, &delivery).await;
    match delivery.problem() {
        None => reply(&delivery),
        Some(why) => {
            tracing::warn!(endpoint = endpoint.id, event = event.id, why, "a synchronous webhook gave no answer");
            if let Err(error) = later(app, endpoint, event).await {
                tracing::error!(endpoint = endpoint.id, event = event.id, %error, "an event could not be kept for later");
            }
            None
        }
    }
}

/// What it says, when that is anything. An object that breaks off was meant to be something: it is `null`, which no reply is, so
/// that whoever reads it says so.
fn reply(delivery: &Delivery) -> Option<Value> {
    let value: Value = match serde_json::from_slice(&delivery.answer) {
        Ok(value) => value,
        Err(_) => return delivery.answer.trim_ascii_start().starts_with(b"{").then_some(Value::Null),
    };
    let value = match value.get("reply") {
        Some(reply) => reply.clone(),
        None => value,
    };
    let word = value.get("type")?.as_str()?;
    (word != "none").then_some(value)
}

async fn later(app: &App, endpoint: &Endpoint, event: &Event) -> Result<()> {
    let job = delivery(app, &endpoint.id, event, None)?;
    app.store().run(AddJobs { jobs: vec![job] }).await?;
    app.wake_worker().await;
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn said(answer: &str) -> Option<Value> {
        let answer = answer.as_bytes().to_vec();
        reply(&Delivery { status: Some(200), answer, retry_after: None, took: Duration::ZERO, error: None })
    }

    #[test]
    fn a_reply_is_an_object_with_a_type() {
        let text = json!({"type": "text", "content": "好"});
        assert_eq!(said(&text.to_string()), Some(text.clone()));
        assert_eq!(said(&json!({"reply": text}).to_string()), Some(text));
        for nothing in ["", "{}", "null", "ok", "[]", r#"{"type":"none"}"#, r#"{"type":1}"#, r#"{"reply":null}"#] {
            assert_eq!(said(nothing), None, "{nothing}");
        }
        assert_eq!(said(r#"{"type":"text","content":"hi""#), Some(Value::Null));
    }
}
