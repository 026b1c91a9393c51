//! `clock`.

use std::sync::Arc;

use axum::extract::State;

use super::answer::{Answer, In, json_of};
use crate::engine::{ClockRequest, Engine};

pub(crate) async fn show(State(engine): State<Arc<Engine>>) -> Answer {
    json_of(&engine.clock())
}

pub(crate) async fn change(State(engine): State<Arc<Engine>>, In(request): In<ClockRequest>) -> Answer {
    json_of(&engine.change_clock(&request)?)
}
