//! A person changes an endpoint, or takes it away.

use serde_json::json;
use weiqiao_store::facts::audit::Audited;
use weiqiao_store::facts::job::CancelJobs;
use weiqiao_store::facts::webhook::{DeleteEndpoint, EndpointChange, UpdateEndpoint};

use super::{EndpointDraft, ListedEndpoint, find_endpoint, unknown};
use crate::App;
use crate::audit::{Actor, Deed};
use crate::error::{AppError, ErrorKind, Result, code};
use crate::jobs::JobKind as _;
use crate::jobs::webhook::DeliverWebhook;

/// What is to be different; what is not named stays.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EndpointPatch {
    /// What people call it.
    pub name: Option<String>,
    /// Where events go.
    pub url: Option<String>,
    /// Only events of this account; empty for all.
    pub account: Option<String>,
    /// Which events.
    pub events: Option<Vec<String>>,
    /// Whether it gets any.
    pub enabled: Option<bool>,
    /// Whether it is asked for the reply while WeChat waits.
    pub synchronous: Option<bool>,
    /// The version the change is based on; nothing for the newest.
    pub version: Option<i64>,
}

/// Changes an endpoint. Whoever switches it on again begins anew: its failures so far are forgotten.
///
/// What changes nothing is answered and not written down.
///
/// # Errors
///
/// `NotFound`; `Invalid` for what cannot be set, and where the stored address is damaged and no new one given; `Conflict` when somebody else changed it in between.
pub async fn change_endpoint(
    app: &App,
    actor: impl Into<Actor>,
    id: &str,
    patch: EndpointPatch,
) -> Result<ListedEndpoint> {
    let now = find_endpoint(app, id).await?;
    let version = patch.version.unwrap_or(now.version);
    let url = patch.url.clone().or_else(|| now.url.clone());
    let url = url.ok_or_else(|| AppError::field("url", "damaged", "保存的 url 已损坏，请重新填写"))?;
    let before = EndpointDraft {
        name: now.name.clone(),
        url: now.url.clone().unwrap_or_default(),
        account: now.account.clone(),
        events: now.events.clone(),
        enabled: now.enabled,
        synchronous: now.synchronous,
    };
    let draft = EndpointDraft {
        name: patch.name.unwrap_or_else(|| now.name.clone()),
        url,
        account: patch.account.or_else(|| now.account.clone()),
        events: patch.events.unwrap_or_else(|| now.events.clone()),
        enabled: patch.enabled.unwrap_or(now.enabled),
        synchronous: patch.synchronous.unwrap_or(now.synchronous),
    };
    if draft == before {
        return if version == now.version { Ok(now) } else { Err(changed_meanwhile()) };
    }
    let mut entry = app.audit_entry(actor, Deed::WebhookChanged, "webhook", id, &json!({ "what": "changed" }));
    entry.before = Some(app.audit_digest(&format!("{before:?}")));
    entry.after = Some(app.audit_digest(&format!("{draft:?}")));
    let settings = draft.settle(app, id)?;
    let update = UpdateEndpoint { id: id.to_owned(), version, settings, now: app.now_ms() };
    let change = app.store().run(Audited::new(update, entry, |change| *change == EndpointChange::Done)).await?;
    app.webhooks().forget();
    match change {
        EndpointChange::Done => find_endpoint(app, id).await,
        EndpointChange::Changed => Err(changed_meanwhile()),
        EndpointChange::Unknown => Err(unknown()),
    }
}

fn changed_meanwhile() -> AppError {
    let text = "这个 Webhook 刚被别人修改过，请刷新后再改";
    AppError::new(ErrorKind::Conflict, code::CHANGED_MEANWHILE, text)
}

/// Takes an endpoint away; what was still to be delivered to it is called off.
///
/// # Errors
///
/// `NotFound`.
pub async fn delete_endpoint(app: &App, actor: impl Into<Actor>, id: &str) -> Result<()> {
    let entry = app.audit_entry(actor, Deed::WebhookChanged, "webhook", id, &json!({ "what": "deleted" }));
    let delete = DeleteEndpoint { id: id.to_owned() };
    let deleted = app.store().run(Audited::new(delete, entry, |deleted| *deleted)).await?;
    app.webhooks().forget();
    if !deleted {
        return Err(unknown());
    }
    let (kind, account) = (DeliverWebhook::NAME.to_owned(), id.to_owned());
    app.store().run(CancelJobs { kind, account, reason: "Webhook 已被删除".to_owned(), now: app.now_ms() }).await?;
    Ok(())
}
