//! Another place for events to go.

use serde_json::json;
use weiqiao_model::JobId;
use weiqiao_store::facts::audit::Audited;
use weiqiao_store::facts::webhook::CreateEndpoint;

use super::{EndpointDraft, ListedEndpoint, find_endpoint};
use crate::App;
use crate::audit::{Actor, Deed};
use crate::error::{AppError, ErrorKind, Result, code};
use crate::webhook::{WebhookSecret, place};

/// An endpoint that was made just now.
#[derive(Debug)]
pub struct CreatedEndpoint {
    /// The endpoint.
    pub endpoint: ListedEndpoint,
    /// What its deliveries are signed with. It is shown this once and cannot be read again.
    pub secret: WebhookSecret,
}

/// Every event is matched with all of them.
const MOST: u32 = 100;

/// Makes an endpoint. Whoever calls this has checked that it may be done.
///
/// # Errors
///
/// `Invalid` for what cannot be set, `NotFound` for an unknown account, `Conflict` when there are a hundred.
pub async fn create_endpoint(app: &App, actor: impl Into<Actor>, draft: EndpointDraft) -> Result<CreatedEndpoint> {
    let id: JobId = app.new_id();
    let id = id.into_string();
    let settings = draft.settle(app, &id)?;
    let secret = WebhookSecret::random(app.rng());
    let sealed = app.vault().seal(place("secret", &id), secret.expose().as_bytes());
    let create = CreateEndpoint { id: id.clone(), settings, secret: sealed, most: MOST, now: app.now_ms() };
    let entry = app.audit_entry(actor, Deed::WebhookChanged, "webhook", id.as_str(), &json!({ "what": "created" }));
    if !app.store().run(Audited::new(create, entry, |made| *made)).await? {
        return Err(AppError::new(ErrorKind::Conflict, code::TOO_MANY, format!("最多 {MOST} 个 Webhook")));
    }
    app.webhooks().forget();
    Ok(CreatedEndpoint { endpoint: find_endpoint(app, &id).await?, secret })
}
