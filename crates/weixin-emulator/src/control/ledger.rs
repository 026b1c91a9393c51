//! `ledger` and `quotas`.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Query, State};
use http::StatusCode;
use serde::Deserialize;

use super::answer::{Answer, Failed, In, json_of};
use crate::clock::parse_span;
use crate::engine::{Engine, QuotaRequest};
use crate::ledger::LedgerEntry;

#[derive(Deserialize)]
pub(crate) struct Asked {
    path: Option<String>,
    #[serde(default)]
    after: u64,
    account: Option<String>,
    limit: Option<usize>,
    /// How long to wait for the first call, as `5s`.
    wait: Option<String>,
}

fn find(engine: &Engine, asked: &Asked) -> Vec<LedgerEntry> {
    let mut entries = engine.ledger(asked.path.as_deref(), asked.after);
    if let Some(account) = &asked.account {
        entries.retain(|entry| entry.account.as_ref() == Some(account));
    }
    if let Some(limit) = asked.limit {
        entries.drain(..entries.len().saturating_sub(limit));
    }
    entries
}

pub(crate) async fn list(State(engine): State<Arc<Engine>>, Query(asked): Query<Asked>) -> Answer {
    let wait_ms = match &asked.wait {
        None => 0,
        Some(text) => parse_span(text)
            .and_then(|ms| u64::try_from(ms).ok())
            .filter(|ms| *ms <= 60_000)
            .ok_or_else(|| Failed::new(StatusCode::BAD_REQUEST, "wait must be at most 60s, as 5s"))?,
    };
    let (_, mut feed) = engine.listen(None);
    let mut entries = find(&engine, &asked);
    if entries.is_empty() && wait_ms > 0 {
        let arrival = async {
            while find(&engine, &asked).is_empty() {
                if feed.recv().await.is_err_and(|error| error == tokio::sync::broadcast::error::RecvError::Closed) {
                    break;
                }
            }
        };
        // Nothing came in time: an empty list says so.
        let _ = tokio::time::timeout(Duration::from_millis(wait_ms), arrival).await;
        entries = find(&engine, &asked);
    }
    json_of(&entries)
}

#[derive(Deserialize)]
pub(crate) struct Whose {
    account: String,
}

pub(crate) async fn quotas(State(engine): State<Arc<Engine>>, Query(whose): Query<Whose>) -> Answer {
    json_of(&engine.quotas(&whose.account)?)
}

pub(crate) async fn set_quota(State(engine): State<Arc<Engine>>, In(request): In<QuotaRequest>) -> Answer {
    json_of(&engine.set_quota(&request)?)
}
