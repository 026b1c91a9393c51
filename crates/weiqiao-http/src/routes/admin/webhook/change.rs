//! `PATCH /api/admin/webhooks/{id}`: change what is named, leave the rest.

use axum::extract::State;
use serde::Deserialize;
use utoipa::ToSchema;
use weiqiao_app::usecase::webhook::{EndpointPatch, change_endpoint};

use super::WebhookBody;
use crate::AppState;
use crate::engine::limit::Admin;
use crate::engine::right::ManageWebhooks;
use crate::engine::{Allowed, ApiError, ApiJson, ApiPath, Envelope, Failure, Field, Input, Limited, Success};

/// What is to be different.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct ChangeWebhookRequest {
    /// What people call it.
    name: Option<String>,
    /// Where events go.
    url: Option<String>,
    /// Only events of this account; the empty text for all.
    account: Option<String>,
    /// Which events; the empty list for all.
    events: Option<Vec<String>>,
    /// Whether it gets any. Switching it on again forgets its failures.
    #[schema(example = true)]
    enabled: Option<bool>,
    /// Whether it is asked for the reply while WeChat waits.
    synchronous: Option<bool>,
    /// The version this is based on: then a change by somebody else in between is not overwritten.
    #[schema(example = 1)]
    version: Option<i64>,
}

impl Input for ChangeWebhookRequest {
    const NAME: &'static str = "ChangeWebhookRequest";
    const FIELDS: &'static [Field] = &[
        Field::text("name", "Name").max(512),
        Field::text("url", "Url").max(4096),
        Field::text("account", "Account").max(64),
        Field::texts("events", "Events"),
        Field::flag("enabled", "Enabled"),
        Field::flag("synchronous", "Synchronous"),
        Field::whole("version", "Version"),
    ];
}

/// Changes a webhook.
#[utoipa::path(
    patch, path = "/api/admin/webhooks/{id}", tag = "webhooks", operation_id = "change_webhook",
    params(("id" = String, Path, description = "the webhook")), request_body = ChangeWebhookRequest,
    responses(
        (status = 200, description = "changed", body = Success<WebhookBody>),
        (status = 400, description = "a field is wrong, or the address leads inside", body = Failure),
        (status = 404, description = "no such webhook or account", body = Failure),
        (status = 409, description = "somebody else changed it in between", body = Failure),
        (status = 401, description = "neither staff nor key", body = Failure),
        (status = 403, description = "without the right", body = Failure),
    ),
    security(("staff" = []), ("api_key" = [])),
)]
pub(crate) async fn handler(
    State(state): State<AppState>,
    _: Limited<Admin>,
    allowed: Allowed<ManageWebhooks>,
    ApiPath(id): ApiPath,
    ApiJson(request): ApiJson<ChangeWebhookRequest>,
) -> Result<Envelope<WebhookBody>, ApiError> {
    let ChangeWebhookRequest { name, url, account, events, enabled, synchronous, version } = request;
    // As it was shown: unchanged.
    let url = url.filter(|url| !url.ends_with(super::HIDDEN_QUERY));
    let patch = EndpointPatch { name, url, account, events, enabled, synchronous, version };
    Ok(Envelope::of(change_endpoint(state.app(), allowed.caller(), &id, patch).await?.into()))
}
