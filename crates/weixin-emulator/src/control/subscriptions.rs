//! `personas/{id}/subscription-requests` and `personas/{id}/subscription-settings`.

use std::sync::Arc;

use axum::extract::{Path, State};
use serde::Deserialize;

use super::answer::{Answer, Asking, In, json_of};
use crate::engine::{Engine, SubscriptionAsked, SubscriptionChange};

pub(crate) async fn ask(
    State(engine): State<Arc<Engine>>,
    Path(id): Path<String>,
    In(asked): In<SubscriptionAsked>,
) -> Answer {
    json_of(&engine.ask_subscription(&id, asked)?)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Shown {
    account: String,
}

pub(crate) async fn show(
    State(engine): State<Arc<Engine>>,
    Path(id): Path<String>,
    Asking(Shown { account }): Asking<Shown>,
) -> Answer {
    json_of(&engine.subscription_settings(&id, &account)?)
}

pub(crate) async fn change(
    State(engine): State<Arc<Engine>>,
    Path(id): Path<String>,
    In(change): In<SubscriptionChange>,
) -> Answer {
    json_of(&engine.change_subscriptions(&id, change)?)
}
