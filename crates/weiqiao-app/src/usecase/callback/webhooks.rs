//! Who else hears of a push, and who is asked for the reply.

use std::time::Duration;

use weiqiao_store::facts::job::NewJob;
use weixin_proto::callback::{Inbound, Kind};

use super::stored::sent_at;
use crate::App;
use crate::accounts::Account;
use crate::decide::{ReplySpec, limit};
use crate::error::Result;
use crate::jobs::webhook::record_unusable;
use crate::usecase::webhook::{ask_synchronous, delivery, endpoints_for, takes_time as somebody_is_asked};
use crate::webhook::Event;

/// How long a synchronous webhook may think. What it says after the deadline of the answer goes out as a customer-service
/// message.
const PATIENCE: Duration = Duration::from_secs(15);

/// Whether somebody has to be asked before the push can be answered.
pub(super) async fn takes_time(app: &App, account: &Account, id: &str, inbound: &Inbound) -> Result<bool> {
    if app.webhooks().endpoints(app).await?.is_empty() {
        return Ok(false);
    }
    somebody_is_asked(app, &event(app, account, id, inbound)?).await
}

/// The deliveries this push makes. Synchronous endpoints that are not asked, because a rule has decided, hear of it too.
pub(super) async fn jobs(app: &App, account: &Account, id: &str, inbound: &Inbound, asks: bool) -> Result<Vec<NewJob>> {
    if app.webhooks().endpoints(app).await?.is_empty() {
        return Ok(Vec::new());
    }
    let event = event(app, account, id, inbound)?;
    let origin = format!("inbox:{id}");
    let endpoints = endpoints_for(app, &event).await?;
    let told = endpoints.iter().filter(|endpoint| !(asks && endpoint.synchronous));
    told.map(|endpoint| delivery(app, &endpoint.id, &event, Some(&origin))).collect()
}

/// Asks the synchronous endpoints. A reply that WeChat would not take is an error, told in Chinese.
pub(super) async fn ask(
    app: &App,
    account: &Account,
    id: &str,
    inbound: &Inbound,
) -> Option<Result<ReplySpec, String>> {
    if !takes_time(app, account, id, inbound).await.ok()? {
        return None;
    }
    let event = event(app, account, id, inbound).ok()?;
    let (endpoint, value) = match ask_synchronous(app, &event, PATIENCE).await? {
        Ok(said) => said,
        Err(problem) => return Some(Err(problem)),
    };
    let read = ReplySpec::from_json("reply", &value).map_err(|problem| problem.message);
    let read = read.and_then(|spec| match spec.check_for(inbound) {
        Ok(()) => Ok(spec),
        Err(error) => Err(limit("reply", &error).message),
    });
    match read {
        Ok(spec) => Some(Ok(spec)),
        Err(problem) => Some(Err(record_unusable(app, &endpoint, id, &problem).await)),
    }
}

/// The push as webhooks see it.
fn event(app: &App, account: &Account, id: &str, inbound: &Inbound) -> Result<Event> {
    let kind = match &inbound.kind {
        Kind::Message(message) => format!("wechat.message.{}", message.name()),
        Kind::Event(event) => format!("wechat.event.{}", event.name()),
        Kind::Info(info) => format!("wechat.info.{info}"),
        _ => "wechat.other".to_owned(),
    };
    let at = sent_at(inbound, app.now_ms());
    Ok(Event::new(id, kind.to_lowercase(), account.name.as_str(), at, serde_json::to_value(inbound)?))
}
