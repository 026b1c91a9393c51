//! `tokens/steal`.

use std::sync::Arc;

use axum::extract::State;
use serde::Deserialize;
use serde_json::json;

use super::answer::{Answer, In, json_of};
use crate::engine::Engine;
use crate::state::token::TokenLine;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct StealRequest {
    account: String,
    line: Option<TokenLine>,
    #[serde(default)]
    overlap: bool,
}

pub(crate) async fn steal(State(engine): State<Arc<Engine>>, In(request): In<StealRequest>) -> Answer {
    let stolen = engine.steal_token(&request.account, request.line, request.overlap)?;
    json_of(&json!({ "tokens": stolen }))
}
