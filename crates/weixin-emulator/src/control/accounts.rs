//! `accounts`.

use std::sync::Arc;

use axum::extract::{Path, State};
use serde_json::json;

use super::answer::{Answer, In, json_of};
use crate::engine::Engine;
use crate::security::platform_certificate;
use crate::state::account::AccountSeed;
use crate::state::api_security::AsymmetricKind;

pub(crate) async fn list(State(engine): State<Arc<Engine>>) -> Answer {
    json_of(&engine.accounts())
}

pub(crate) async fn show(State(engine): State<Arc<Engine>>, Path(name): Path<String>) -> Answer {
    json_of(&engine.account(&name)?)
}

pub(crate) async fn put(State(engine): State<Arc<Engine>>, In(seed): In<AccountSeed>) -> Answer {
    json_of(&engine.add_account(seed)?)
}

pub(crate) async fn certificates() -> Answer {
    json_of(&json!({
        "rsa": platform_certificate(AsymmetricKind::Rsa),
        "sm2": platform_certificate(AsymmetricKind::Sm2),
    }))
}

pub(crate) async fn remove(State(engine): State<Arc<Engine>>, Path(name): Path<String>) -> Answer {
    engine.remove_account(&name)?;
    json_of(&json!({ "ok": true }))
}
