//! `accounts/{name}/callback`, `verify`, `menu`, and the names of everything that can be pushed.

use std::sync::Arc;

use axum::extract::{Path, State};
use serde::Deserialize;

use super::answer::{Answer, Asking, In, json_of};
use crate::delivery::catalogue::callback_kinds;
use crate::engine::{CallbackSettings, Engine};

pub(crate) async fn set(
    State(engine): State<Arc<Engine>>,
    Path(name): Path<String>,
    In(settings): In<CallbackSettings>,
) -> Answer {
    json_of(&engine.set_callback(&name, settings)?)
}

pub(crate) async fn verify(State(engine): State<Arc<Engine>>, Path(name): Path<String>) -> Answer {
    json_of(&engine.verify_callback(&name).await?)
}

#[derive(Deserialize)]
pub(crate) struct Seen {
    persona: String,
}

pub(crate) async fn menu(
    State(engine): State<Arc<Engine>>,
    Path(name): Path<String>,
    Asking(seen): Asking<Seen>,
) -> Answer {
    json_of(&engine.menu_seen(&name, &seen.persona)?)
}

pub(crate) async fn kinds() -> Answer {
    json_of(&callback_kinds())
}
