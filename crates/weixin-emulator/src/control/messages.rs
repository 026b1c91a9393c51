//! `personas/{id}/messages`: what somebody received.

use std::sync::Arc;

use axum::extract::{Path, State};
use serde::Deserialize;

use super::answer::{Answer, Asking, json_of};
use super::wait::until_some;
use crate::engine::Engine;

#[derive(Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    after: u64,
    /// How long to wait for the first message, as `5s`.
    wait: Option<String>,
}

pub(crate) async fn list(
    State(engine): State<Arc<Engine>>,
    Path(id): Path<String>,
    Asking(asked): Asking<Asked>,
) -> Answer {
    json_of(&until_some(&engine, asked.wait.as_deref(), || Ok(engine.received(&id, asked.after)?)).await?)
}
