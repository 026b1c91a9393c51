//! `GET /api/admin/webhooks/{id}/deliveries/{delivery}`: what was delivered, and every try.

use axum::extract::State;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use weiqiao_app::usecase::webhook::{DeliveryAttempt, DeliveryDetail, find_delivery};

use crate::AppState;
use crate::engine::limit::Admin;
use crate::engine::right::ManageWebhooks;
use crate::engine::{Allowed, ApiError, ApiPaths, Envelope, Failure, Limited, Success};
use crate::routes::admin::job::seconds;

/// A delivery.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DeliveryBody {
    /// Its id.
    #[schema(example = "0199193d-b6cb-7b2e-8f3a-2f5c1c7f9d11")]
    id: String,
    /// The event's id, the header `webhook-id`.
    #[schema(example = "0199193d-b6cb-7b2e-8f3a-2f5c1c7f9d10")]
    event_id: Option<String>,
    /// The event's type.
    #[schema(example = "wechat.message.text")]
    event_type: Option<String>,
    /// What was delivered.
    #[schema(value_type = Option<Object>)]
    event: Option<Value>,
    /// How far it has come.
    #[schema(example = "sent")]
    status: &'static str,
    /// When the next try may be made, epoch seconds.
    next_attempt_at: Option<i64>,
    /// Every try, the first one first.
    attempts: Vec<DeliveryAttemptBody>,
    /// When it was made, epoch seconds.
    #[schema(example = 1_757_062_690_i64)]
    created_at: i64,
    /// Names of the fields above that are `null` because what is stored cannot be read: the database was damaged. Missing when
    /// everything could be read. The log names the row.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(example = json!([]))]
    damaged: Vec<&'static str>,
}

/// One try.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DeliveryAttemptBody {
    /// Which one, from 1.
    #[schema(example = 1)]
    n: i64,
    /// When it began, epoch seconds.
    #[schema(example = 1_757_062_690_i64)]
    at: i64,
    /// How long it took, in milliseconds.
    #[schema(example = 37)]
    ms: Option<i64>,
    /// The HTTP status, where there was one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = 200)]
    http_status: Option<i64>,
    /// Why it was not taken.
    error: Option<String>,
    /// The first 1,024 bytes of the answer.
    answer: Option<String>,
    /// `sent`, `failed`, `refused`, `uncertain`; nothing while it is under way.
    #[schema(example = "sent")]
    verdict: Option<&'static str>,
    /// Names of the fields above that are `null` because what is stored cannot be read: the database was damaged. Missing when
    /// everything could be read. The log names the row.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(example = json!([]))]
    damaged: Vec<&'static str>,
}

impl From<DeliveryAttempt> for DeliveryAttemptBody {
    fn from(attempt: DeliveryAttempt) -> Self {
        let DeliveryAttempt { n, started_at, ms, http_status, error, answer, verdict, damaged } = attempt;
        let (at, verdict) = (seconds(started_at), verdict.map(|verdict| verdict.as_str()));
        Self { n, at, ms, http_status, error, answer, verdict, damaged: damaged.into_names() }
    }
}

/// Shows a delivery with what was delivered and every try.
#[utoipa::path(
    get, path = "/api/admin/webhooks/{id}/deliveries/{delivery}", tag = "webhooks",
    operation_id = "read_webhook_delivery",
    params(("id" = String, Path, description = "the webhook"), ("delivery" = String, Path, description = "the delivery")),
    responses(
        (status = 200, description = "the delivery", body = Success<DeliveryBody>),
        (status = 404, description = "no such delivery to this webhook", body = Failure),
        (status = 401, description = "neither staff nor key", body = Failure),
        (status = 403, description = "without the right", body = Failure),
    ),
    security(("staff" = []), ("api_key" = [])),
)]
pub(crate) async fn handler(
    State(state): State<AppState>,
    _: Limited<Admin>,
    _: Allowed<ManageWebhooks>,
    ApiPaths(id, delivery): ApiPaths,
) -> Result<Envelope<DeliveryBody>, ApiError> {
    let DeliveryDetail { job, letter, attempts, damaged } = find_delivery(state.app(), &id, &delivery).await?;
    let event = letter.as_ref().map(|letter| serde_json::from_str(&letter.body)).transpose();
    let (event_id, event_type) = letter.map(|letter| (letter.event_id, letter.event_type)).unzip();
    Ok(Envelope::of(DeliveryBody {
        id: job.id,
        event: event.map_err(ApiError::internal)?,
        event_id,
        event_type,
        status: job.status.as_str(),
        next_attempt_at: job.next_at.map(seconds),
        attempts: attempts.into_iter().map(DeliveryAttemptBody::from).collect(),
        created_at: seconds(job.created_at),
        damaged: damaged.into_names(),
    }))
}
