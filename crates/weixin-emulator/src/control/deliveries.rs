//! What people do that accounts are told of: messages, events, following, scanning; and the reports of it.

use std::sync::Arc;

use axum::extract::{Path, State};
use http::StatusCode;
use serde::Deserialize;
use serde_json::{Map, Value};

use super::answer::{Answer, Asking, Failed, In, json_of};
use super::wait::until_some;
use crate::delivery::options::{Act, DeliveryOptions};
use crate::delivery::scan;
use crate::engine::Engine;

type Fields = Map<String, Value>;

fn wrong(text: impl Into<String>) -> Failed {
    Failed::new(StatusCode::BAD_REQUEST, text)
}

/// A text that has to be there.
fn taken(given: &mut Fields, name: &str) -> Result<String, Failed> {
    match given.remove(name) {
        Some(Value::String(text)) if !text.is_empty() => Ok(text),
        _ => Err(wrong(format!("{name} is missing"))),
    }
}

fn options(given: &mut Fields) -> Result<DeliveryOptions, Failed> {
    DeliveryOptions::take(given).map_err(wrong)
}

fn nothing_more(given: &Fields) -> Result<(), Failed> {
    match given.keys().next() {
        None => Ok(()),
        Some(name) => Err(wrong(format!("{name:?} is not known here"))),
    }
}

async fn act(engine: &Arc<Engine>, id: &str, mut given: Fields, is_message: bool) -> Answer {
    let account = taken(&mut given, "account")?;
    let act =
        if is_message { Act::message(taken(&mut given, "type")?) } else { Act::event(taken(&mut given, "event")?) };
    let options = options(&mut given)?;
    let act = Act { given, ..act }.options(options);
    json_of(&engine.act(id, &account, act).await?)
}

pub(crate) async fn message(
    State(engine): State<Arc<Engine>>,
    Path(id): Path<String>,
    In(given): In<Fields>,
) -> Answer {
    act(&engine, &id, given, true).await
}

pub(crate) async fn event(State(engine): State<Arc<Engine>>, Path(id): Path<String>, In(given): In<Fields>) -> Answer {
    act(&engine, &id, given, false).await
}

pub(crate) async fn follow(
    State(engine): State<Arc<Engine>>,
    Path(id): Path<String>,
    In(mut given): In<Fields>,
) -> Answer {
    let (account, options) = (taken(&mut given, "account")?, options(&mut given)?);
    let scene = match given.remove("scene") {
        None | Some(Value::Null) => None,
        Some(Value::String(scene)) => Some(scene),
        Some(Value::Number(scene)) => Some(scene.to_string()),
        Some(_) => return Err(wrong("scene must be a text or a number")),
    };
    nothing_more(&given)?;
    json_of(&engine.follow_told(&id, &account, scene.as_deref(), options).await?)
}

pub(crate) async fn unfollow(
    State(engine): State<Arc<Engine>>,
    Path(id): Path<String>,
    In(mut given): In<Fields>,
) -> Answer {
    let (account, options) = (taken(&mut given, "account")?, options(&mut given)?);
    nothing_more(&given)?;
    json_of(&engine.unfollow_told(&id, &account, options).await?)
}

pub(crate) async fn scan(
    State(engine): State<Arc<Engine>>,
    Path(id): Path<String>,
    In(mut given): In<Fields>,
) -> Answer {
    let options = options(&mut given)?;
    let scan = scan::asked(&mut given).map_err(wrong)?;
    nothing_more(&given)?;
    json_of(&engine.scan_told(&id, scan, options).await?)
}

#[derive(Deserialize)]
pub(crate) struct Asked {
    account: Option<String>,
    persona: Option<String>,
    #[serde(default)]
    after: u64,
    /// How long to wait for the first one, as `5s`.
    wait: Option<String>,
}

pub(crate) async fn list(State(engine): State<Arc<Engine>>, Asking(asked): Asking<Asked>) -> Answer {
    let Asked { account, persona, after, wait } = asked;
    let find = || Ok(engine.deliveries(account.as_deref(), persona.as_deref(), after)?);
    json_of(&until_some(&engine, wait.as_deref(), find).await?)
}
