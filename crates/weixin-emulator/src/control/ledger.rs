//! `ledger` and `quotas`.

use std::sync::Arc;

use axum::extract::State;
use serde::Deserialize;

use super::answer::{Answer, Asking, In, json_of};
use super::wait::until_some;
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

pub(crate) async fn list(State(engine): State<Arc<Engine>>, Asking(asked): Asking<Asked>) -> Answer {
    json_of(&until_some(&engine, asked.wait.as_deref(), || Ok(find(&engine, &asked))).await?)
}

#[derive(Deserialize)]
pub(crate) struct Whose {
    account: String,
}

pub(crate) async fn quotas(State(engine): State<Arc<Engine>>, Asking(whose): Asking<Whose>) -> Answer {
    json_of(&engine.quotas(&whose.account)?)
}

pub(crate) async fn set_quota(State(engine): State<Arc<Engine>>, In(request): In<QuotaRequest>) -> Answer {
    json_of(&engine.set_quota(&request)?)
}
