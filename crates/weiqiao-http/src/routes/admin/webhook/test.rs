//! `POST /api/admin/webhooks/{id}/test`: does it work?

use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;
use weiqiao_app::usecase::webhook::test_endpoint;

use crate::AppState;
use crate::engine::limit::Admin;
use crate::engine::right::ManageWebhooks;
use crate::engine::{Allowed, ApiError, ApiPath, Envelope, Failure, Limited, Success};

/// How it went.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TestBody {
    /// The event's id.
    #[schema(example = "0199193d-b6cb-7b2e-8f3a-2f5c1c7f9d10")]
    event_id: String,
    /// Whether it was taken.
    #[schema(example = true)]
    ok: bool,
    /// The HTTP status.
    #[schema(example = 200)]
    http_status: Option<u16>,
    /// How long it took, in milliseconds.
    #[schema(example = 37)]
    ms: u64,
    /// The first 1,024 bytes of the answer.
    answer: String,
    /// Why it was not taken.
    error: Option<String>,
}

/// Delivers an event of type `weiqiao.test` now and says how that went.
#[utoipa::path(
    post, path = "/api/admin/webhooks/{id}/test", tag = "webhooks", operation_id = "test_webhook",
    params(("id" = String, Path, description = "the webhook")),
    responses(
        (status = 200, description = "tried", body = Success<TestBody>),
        (status = 404, description = "no such webhook", body = Failure),
        (status = 401, description = "neither staff nor key", body = Failure),
        (status = 403, description = "without the right", body = Failure),
    ),
    security(("staff" = []), ("api_key" = [])),
)]
pub(crate) async fn handler(
    State(state): State<AppState>,
    _: Limited<Admin>,
    _: Allowed<ManageWebhooks>,
    ApiPath(id): ApiPath,
) -> Result<Envelope<TestBody>, ApiError> {
    let result = test_endpoint(state.app(), &id).await?;
    Ok(Envelope::of(TestBody {
        event_id: result.event_id,
        ok: result.ok,
        http_status: result.http_status,
        ms: result.ms,
        answer: result.answer,
        error: result.error,
    }))
}
