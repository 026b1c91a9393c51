//! `personas/{id}/staff`: a place on the staff of customer service.

use std::sync::Arc;

use axum::extract::{Path, State};

use super::answer::{Answer, In, json_of};
use crate::engine::{Engine, StaffRequest};

pub(crate) async fn act(
    State(engine): State<Arc<Engine>>,
    Path(id): Path<String>,
    In(request): In<StaffRequest>,
) -> Answer {
    json_of(&engine.staff(&id, &request.account, &request.kf_account, request.action)?)
}
