//! `faults`.

use std::sync::Arc;

use axum::extract::{Path, State};
use http::StatusCode;
use serde_json::json;

use super::answer::{Answer, Failed, In, json_of};
use crate::engine::Engine;
use crate::fault::Fault;

pub(crate) async fn list(State(engine): State<Arc<Engine>>) -> Answer {
    json_of(&engine.faults())
}

pub(crate) async fn add(State(engine): State<Arc<Engine>>, In(fault): In<Fault>) -> Answer {
    json_of(&engine.add_fault(fault)?)
}

pub(crate) async fn clear(State(engine): State<Arc<Engine>>) -> Answer {
    json_of(&json!({ "removed": engine.remove_faults(None) }))
}

pub(crate) async fn remove(State(engine): State<Arc<Engine>>, Path(id): Path<u64>) -> Answer {
    match engine.remove_faults(Some(id)) {
        0 => Err(Failed::new(StatusCode::NOT_FOUND, format!("there is no fault {id}"))),
        removed => json_of(&json!({ "removed": removed })),
    }
}
