//! `POST /api/admin/webhooks`: another place for events to go. The secret is in this answer and nowhere else, ever.

use axum::extract::State;
use http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use weiqiao_app::usecase::webhook::{EndpointDraft, create_endpoint};

use super::WebhookBody;
use crate::AppState;
use crate::engine::limit::Admin;
use crate::engine::right::ManageWebhooks;
use crate::engine::{Allowed, ApiError, ApiJson, Envelope, Failure, Field, Input, Limited, Success};

/// The webhook.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct CreateWebhookRequest {
    /// What people call it; 1 to 100 characters.
    #[schema(example = "订单系统")]
    name: String,
    /// Where events go: `https`, and nothing inside unless `WEBHOOK_ALLOW_PRIVATE` is on.
    #[schema(example = "https://orders.example.com/wechat")]
    url: String,
    /// Only events of this account; all when missing.
    #[schema(example = "official")]
    account: Option<String>,
    /// Which events: types, or beginnings of types with `*` at the end; all when missing.
    #[schema(example = json!(["wechat.message.*", "wechat.event.subscribe"]))]
    events: Option<Vec<String>>,
    /// Whether it gets any; yes when missing.
    enabled: Option<bool>,
    /// Whether it is asked for the reply while WeChat waits; no when missing.
    synchronous: Option<bool>,
}

impl Input for CreateWebhookRequest {
    const NAME: &'static str = "CreateWebhookRequest";
    const FIELDS: &'static [Field] = &[
        Field::text("name", "Name").required().max(512),
        Field::text("url", "Url").required().max(4096),
        Field::text("account", "Account").max(64),
        Field::texts("events", "Events"),
        Field::flag("enabled", "Enabled"),
        Field::flag("synchronous", "Synchronous"),
    ];
}

/// A webhook that was made just now.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CreatedWebhookBody {
    #[serde(flatten)]
    webhook: WebhookBody,
    /// What deliveries are signed with; it cannot be read again.
    #[schema(example = "whsec_…")]
    secret: String,
}

/// Makes a webhook.
#[utoipa::path(
    post, path = "/api/admin/webhooks", tag = "webhooks", operation_id = "create_webhook",
    request_body = CreateWebhookRequest,
    responses(
        (status = 201, description = "made; the secret is shown this once", body = Success<CreatedWebhookBody>),
        (status = 400, description = "a field is wrong, or the address leads inside", body = Failure),
        (status = 404, description = "no such account", body = Failure),
        (status = 409, description = "there are a hundred already", body = Failure),
        (status = 401, description = "neither staff nor key", body = Failure),
        (status = 403, description = "without the right", body = Failure),
    ),
    security(("staff" = []), ("api_key" = [])),
)]
pub(crate) async fn handler(
    State(state): State<AppState>,
    _: Limited<Admin>,
    allowed: Allowed<ManageWebhooks>,
    ApiJson(request): ApiJson<CreateWebhookRequest>,
) -> Result<Envelope<CreatedWebhookBody>, ApiError> {
    let CreateWebhookRequest { name, url, account, events, enabled, synchronous } = request;
    let (enabled, synchronous) = (enabled.unwrap_or(true), synchronous.unwrap_or(false));
    let draft = EndpointDraft { name, url, account, events: events.unwrap_or_default(), enabled, synchronous };
    let made = create_endpoint(state.app(), allowed.caller(), draft).await?;
    let secret = made.secret.expose().to_owned();
    let body = CreatedWebhookBody { webhook: made.endpoint.into(), secret };
    Ok(Envelope::of(body).status(StatusCode::CREATED))
}
