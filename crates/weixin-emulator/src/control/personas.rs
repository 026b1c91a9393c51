//! `personas` and what they do.

use std::sync::Arc;

use axum::extract::{Path, State};
use http::StatusCode;
use serde::Deserialize;
use serde_json::json;

use super::answer::{Answer, Failed, In, json_of};
use crate::engine::Engine;
use crate::state::account::AccountKind;
use crate::state::code::{CodeKind, Scope};
use crate::state::persona::PersonaSeed;

pub(crate) async fn list(State(engine): State<Arc<Engine>>) -> Answer {
    json_of(&engine.personas())
}

pub(crate) async fn show(State(engine): State<Arc<Engine>>, Path(id): Path<String>) -> Answer {
    json_of(&engine.persona(&id)?)
}

pub(crate) async fn put(State(engine): State<Arc<Engine>>, In(seed): In<PersonaSeed>) -> Answer {
    json_of(&engine.put_persona(seed)?)
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    #[serde(rename = "oauth")]
    OAuth,
    Mini,
    Phone,
    Plugin,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CodeRequest {
    account: String,
    kind: Kind,
    scope: Option<String>,
}

pub(crate) async fn code(
    State(engine): State<Arc<Engine>>,
    Path(id): Path<String>,
    In(request): In<CodeRequest>,
) -> Answer {
    let kind = match (&request.kind, request.scope.as_deref()) {
        (Kind::Mini, _) => CodeKind::Mini,
        (Kind::Phone, _) => CodeKind::Phone,
        (Kind::Plugin, _) => CodeKind::Plugin,
        (Kind::OAuth, None) if engine.account(&request.account)?.kind == AccountKind::Website => {
            CodeKind::OAuth(Scope::Login)
        }
        (Kind::OAuth, None) => CodeKind::OAuth(Scope::UserInfo),
        (Kind::OAuth, Some(scope)) => CodeKind::OAuth(Scope::parse(scope).ok_or_else(|| {
            Failed::new(StatusCode::BAD_REQUEST, "scope must be snsapi_base, snsapi_userinfo or snsapi_login")
        })?),
    };
    json_of(&json!({ "code": engine.persona_code(&id, &request.account, kind)? }))
}

pub(crate) async fn password(State(engine): State<Arc<Engine>>, Path(id): Path<String>) -> Answer {
    json_of(&json!({ "revoked": engine.change_password(&id)? }))
}
