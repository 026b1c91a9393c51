//! `login-pages`: a phone scanning a QR login page.

use std::sync::Arc;

use axum::extract::{Path, State};
use serde::Deserialize;
use serde_json::json;

use super::answer::{Answer, In, json_of};
use crate::engine::{Decision, Engine};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ScanRequest {
    persona: String,
}

pub(crate) async fn scan(
    State(engine): State<Arc<Engine>>,
    Path(uuid): Path<String>,
    In(request): In<ScanRequest>,
) -> Answer {
    engine.scan_login_page(&uuid, &request.persona)?;
    json_of(&json!({ "ok": true }))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct DecideRequest {
    persona: String,
    allow: bool,
}

pub(crate) async fn decide(
    State(engine): State<Arc<Engine>>,
    Path(uuid): Path<String>,
    In(request): In<DecideRequest>,
) -> Answer {
    let decision = Decision { persona: request.persona, allow: request.allow, ..Decision::default() };
    engine.decide_login_page(&uuid, &decision)?;
    json_of(&json!({ "ok": true }))
}
