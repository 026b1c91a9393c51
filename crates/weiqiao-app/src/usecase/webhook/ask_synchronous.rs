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
use crate::jobs::webhook::{record, record_unusable};
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
/// that gave it; an endpoint that answers `204`, an empty body, `{}`, `{"type":"none"}`, or acknowledges in a word (`success`,
/// `ok`) has nothing to say. What cannot be read as a reply is written down with its endpoint; it is an error, told in Chinese,
/// when no other endpoint replies.
///
/// An endpoint that has not taken the event by the deadline gets it as an ordinary delivery afterwards: its answer to that
/// one is not used, but nothing is lost.
pub async fn ask_synchronous(app: &App, event: &Event, deadline: Duration) -> Option<Result<(String, Value), String>> {
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
            Some(said.map(|value| (endpoint.id.clone(), value)))
        })
    });
    let mut asking: FuturesUnordered<_> = asking.collect();
    let mut unusable = None;
    loop {
        match timeout_at(until, asking.next()).await {
            Ok(Some(Ok(Some(Ok(reply))))) => return Some(Ok(reply)),
            Ok(Some(Ok(Some(Err(problem))))) => unusable = Some(Err(problem)),
            Ok(Some(_)) => {}
            Ok(None) | Err(_) => return unusable,
        }
    }
}

async fn ask(
    app: &App,
    endpoint: &Endpoint,
    event: &Event,
    body: &[u8],
    deadline: Duration,
) -> Option<Result<Value, String>> {
    let delivery = app.webhooks().courier().deliver(endpoint, &event.id, body, app.now_ms(), deadline).await;
    let outcome = if delivery.problem().is_none() { "taken" } else { "failed" };
    metrics::counter!("weiqiao_webhook_asked_total", "outcome" => outcome).increment(1);
    record(app, endpoint, &delivery).await;
    match delivery.problem() {
        None => match reply(&delivery)? {
            Ok(value) => Some(Ok(value)),
            Err(problem) => Some(Err(record_unusable(app, &endpoint.id, &event.id, &problem).await)),
        },
        Some(why) => {
            tracing::warn!(endpoint = endpoint.id, event = event.id, why, "a synchronous webhook gave no answer");
            if let Err(error) = later(app, endpoint, event).await {
                tracing::error!(endpoint = endpoint.id, event = event.id, %error, "an event could not be kept for later");
            }
            None
        }
    }
}

/// What it says, when that is anything. An acknowledgement is nothing: a word, or an object of another shape.
fn reply(delivery: &Delivery) -> Option<Result<Value, String>> {
    const WORDS: [&str; 2] = ["success", "ok"];
    let is_word = |text: &str| text.is_empty() || WORDS.iter().any(|word| text.eq_ignore_ascii_case(word));
    let answer = delivery.answer.trim_ascii();
    let value: Value = match serde_json::from_slice(answer) {
        Ok(value) => value,
        Err(_) if std::str::from_utf8(answer).is_ok_and(is_word) => return None,
        Err(_) => return Some(Err(format!("内容不是 JSON（{}）", kind(delivery)))),
    };
    let value = match value {
        Value::Object(mut fields) => fields.remove("reply").unwrap_or(Value::Object(fields)),
        other => other,
    };
    match &value {
        Value::Object(fields) => match fields.get("type")?.as_str()? {
            "none" => None,
            _ => Some(Ok(value)),
        },
        Value::Null | Value::Bool(true) => None,
        // What PHP makes of an empty object.
        Value::Array(items) if items.is_empty() => None,
        Value::String(text) if is_word(text.trim()) => None,
        _ => Some(Err(format!("内容是 JSON，但不是对象（{}）", kind(delivery)))),
    }
}

/// What an answer is said to be.
fn kind(delivery: &Delivery) -> String {
    match &delivery.content_type {
        Some(kind) => format!("content-type: {kind}"),
        None => "没有 content-type".to_owned(),
    }
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

    fn said(answer: &str, content_type: Option<&str>) -> Option<Result<Value, String>> {
        let (answer, content_type) = (answer.as_bytes().to_vec(), content_type.map(str::to_owned));
        reply(&Delivery { status: Some(200), answer, content_type, ..Delivery::default() })
    }

    #[test]
    fn a_reply_is_an_object_with_a_type() {
        let text = json!({"type": "text", "content": "好"});
        assert_eq!(said(&text.to_string(), None), Some(Ok(text.clone())));
        assert_eq!(said(&json!({"reply": text}).to_string(), None), Some(Ok(text)));
        for nothing in [
            "",
            " \n",
            "{}",
            "null",
            "ok",
            "OK",
            "success",
            r#""success""#,
            "true",
            "[]",
            r#"{"type":"none"}"#,
            r#"{"type":1}"#,
            r#"{"reply":null}"#,
            r#"{"code":0,"message":"done"}"#,
        ] {
            assert_eq!(said(nothing, None), None, "{nothing}");
        }
    }

    #[test]
    fn what_cannot_be_read_as_a_reply_is_named_with_its_kind() {
        let unread = "内容不是 JSON（content-type: text/html）";
        for answer in ["<html></html>", "您好", r#"{"type":"text","content":"hi""#] {
            assert_eq!(said(answer, Some("text/html")), Some(Err(unread.to_owned())), "{answer}");
        }
        assert_eq!(said("<", None), Some(Err("内容不是 JSON（没有 content-type）".to_owned())));
        for answer in [r#""您好""#, "[1]", "42", r#"{"reply":"您好"}"#] {
            assert_eq!(
                said(answer, None),
                Some(Err("内容是 JSON，但不是对象（没有 content-type）".to_owned())),
                "{answer}"
            );
        }
    }
}
