//! `templates`, and `personas/{id}/subscriptions`.

use std::sync::Arc;

use axum::extract::{Path, State};
use serde::Deserialize;
use serde_json::json;

use super::answer::{Answer, Asking, In, json_of};
use crate::engine::{Answered, Engine, TemplateRequest};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ListRequest {
    account: String,
    persona: Option<String>,
}

pub(crate) async fn list(State(engine): State<Arc<Engine>>, Asking(request): Asking<ListRequest>) -> Answer {
    json_of(&engine.templates(&request.account, request.persona.as_deref())?)
}

pub(crate) async fn put(State(engine): State<Arc<Engine>>, In(request): In<TemplateRequest>) -> Answer {
    json_of(&engine.put_template(request)?)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SubscribeRequest {
    account: String,
    template_id: String,
    action: Answered,
    count: Option<u32>,
}

pub(crate) async fn subscribe(
    State(engine): State<Arc<Engine>>,
    Path(id): Path<String>,
    In(request): In<SubscribeRequest>,
) -> Answer {
    let SubscribeRequest { account, template_id, action, count } = request;
    let left = engine.subscribe(&id, &account, &template_id, action, count.unwrap_or(1))?;
    json_of(&json!({ "left": left }))
}
