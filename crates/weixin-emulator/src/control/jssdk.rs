//! `jssdk/verify` and `shares`: called by the emulated `jweixin` inside developers' pages.

use std::sync::Arc;

use axum::extract::State;

use super::answer::{Answer, In, json_of};
use crate::engine::{Engine, JssdkCheck, ShareRequest};

pub(crate) async fn verify(State(engine): State<Arc<Engine>>, In(request): In<JssdkCheck>) -> Answer {
    json_of(&engine.check_jssdk(&request))
}

pub(crate) async fn share(State(engine): State<Arc<Engine>>, In(request): In<ShareRequest>) -> Answer {
    json_of(&engine.share(request)?)
}

pub(crate) async fn shares(State(engine): State<Arc<Engine>>) -> Answer {
    let cards: Vec<_> = engine.lock().world.shares.iter().cloned().collect();
    json_of(&cards)
}
