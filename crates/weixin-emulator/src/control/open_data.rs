//! `personas/{id}/open-data` and `personas/{id}/payments`.

use std::sync::Arc;

use axum::extract::{Path, State};

use super::answer::{Answer, In, json_of};
use crate::engine::{Engine, OpenDataRequest, PaymentRequest};

pub(crate) async fn seal(
    State(engine): State<Arc<Engine>>,
    Path(id): Path<String>,
    In(request): In<OpenDataRequest>,
) -> Answer {
    json_of(&engine.seal_open_data(&id, request)?)
}

pub(crate) async fn pay(
    State(engine): State<Arc<Engine>>,
    Path(id): Path<String>,
    In(request): In<PaymentRequest>,
) -> Answer {
    json_of(&engine.pay_with(&id, request)?)
}
