//! Who hears of an event, and the deliveries that makes.

use std::sync::Arc;

use weiqiao_store::facts::job::NewJob;

use crate::App;
use crate::error::Result;
use crate::jobs::Plan;
use crate::jobs::webhook::{DeliverWebhook, Letter};
use crate::webhook::{Endpoint, Event};

/// The endpoints that want an event, the oldest first, synchronous ones too.
///
/// # Errors
///
/// `Unavailable` when the database is down.
pub async fn endpoints_for(app: &App, event: &Event) -> Result<Vec<Arc<Endpoint>>> {
    let app_id = app.accounts().named(&event.account).ok().map(|account| account.app_id().as_str());
    let endpoints = app.webhooks().endpoints(app).await?;
    Ok(endpoints.iter().filter(|endpoint| endpoint.takes(event, app_id)).cloned().collect())
}

/// The deliveries of an event, one for each endpoint that wants it and is not asked synchronously, to be written down in
/// the commit of what happened. `origin` is what happened, such as `inbox:<id>`.
///
/// # Errors
///
/// `Unavailable` when the database is down.
pub async fn plan(app: &App, event: &Event, origin: Option<&str>) -> Result<Vec<NewJob>> {
    let wanted = endpoints_for(app, event).await?;
    wanted.iter().filter(|one| !one.synchronous).map(|one| delivery(app, &one.id, event, origin)).collect()
}

/// One delivery.
pub(crate) fn delivery(app: &App, endpoint: &str, event: &Event, origin: Option<&str>) -> Result<NewJob> {
    let letter =
        Letter { event_id: event.id.clone(), event_type: event.kind.clone(), body: serde_json::to_string(event)? };
    delivery_of(app, endpoint, &letter, origin)
}

/// One delivery of what was delivered before.
pub(super) fn delivery_of(app: &App, endpoint: &str, letter: &Letter, origin: Option<&str>) -> Result<NewJob> {
    let (account, origin) = (endpoint.to_owned(), origin.map(str::to_owned));
    app.plan_job::<DeliverWebhook>(Plan { account, origin, ..Plan::default() }, letter)
}
