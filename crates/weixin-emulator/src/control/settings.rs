//! `settings`: timing constants and disputed facts.

use std::sync::Arc;

use axum::extract::State;
use serde_json::Value;

use super::answer::{Answer, In, json_of};
use crate::engine::Engine;

pub(crate) async fn show(State(engine): State<Arc<Engine>>) -> Answer {
    json_of(&engine.settings())
}

pub(crate) async fn change(State(engine): State<Arc<Engine>>, In(changes): In<Value>) -> Answer {
    json_of(&engine.change_settings(&changes)?)
}
