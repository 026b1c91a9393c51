//! `state`, `reset`, `snapshot`, `restore`.

use std::sync::Arc;

use axum::extract::State;
use http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};

use super::answer::{Answer, Failed, In, json_of};
use crate::engine::Engine;

pub(crate) async fn show(State(engine): State<Arc<Engine>>) -> Answer {
    json_of(&engine.state())
}

pub(crate) async fn reset(State(engine): State<Arc<Engine>>) -> Answer {
    engine.reset();
    json_of(&json!({ "ok": true }))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SnapshotRequest {
    name: Option<String>,
}

pub(crate) async fn snapshot(State(engine): State<Arc<Engine>>, In(request): In<SnapshotRequest>) -> Answer {
    let snapshot = engine.snapshot(request.name.as_deref())?;
    json_of(&json!({ "name": request.name, "snapshot": snapshot }))
}

#[derive(Deserialize)]
pub(crate) struct RestoreRequest {
    name: Option<String>,
    snapshot: Option<Value>,
}

pub(crate) async fn restore(State(engine): State<Arc<Engine>>, In(request): In<RestoreRequest>) -> Answer {
    match (&request.snapshot, &request.name) {
        (Some(snapshot), _) => engine.restore(snapshot)?,
        (None, Some(name)) => engine.restore_named(name)?,
        (None, None) => return Err(Failed::new(StatusCode::BAD_REQUEST, "give name or snapshot")),
    }
    json_of(&json!({ "ok": true }))
}
