//! What was said, and what was answered?

use serde_json::Value;
use weiqiao_model::ApiScope;
use weiqiao_store::facts::inbox::{FindInbox, ListedPush, StoredPush};
use weixin_proto::callback::{Inbound, Limits};

use crate::App;
use crate::caller::Caller;
use crate::decide::ReplySpec;
use crate::error::{AppError, Result, code};
use crate::usecase::callback::{body_place, reply_place};
use crate::usecase::staff::Permission;
use crate::vault::Damaged;

/// One push, opened.
#[derive(Debug, Clone)]
pub struct InboxDetail {
    /// What is known about it without opening it.
    pub listed: ListedPush,
    /// The message as it came, decrypted; `None`: forgotten, because the person it is about was to be, or damaged.
    pub body: Option<String>,
    /// The same, read.
    pub message: Option<Value>,
    /// What was answered; nothing when it is damaged.
    pub reply: Option<ReplySpec>,
    /// What of it cannot be read.
    pub damaged: Damaged,
}

/// Opens a push. Needs the right to read what people write.
///
/// # Errors
///
/// `Unauthorized` or `Forbidden` for others, `NotFound` when there is none.
pub async fn find_inbox(app: &App, caller: &Caller, id: &str) -> Result<InboxDetail> {
    caller.demand(Permission::ReadMessages, ApiScope::Admin)?;
    let stored = app.store().read(FindInbox { id: id.to_owned() }).await?;
    let stored = stored.ok_or_else(|| AppError::not_found(code::NOT_FOUND, "没有这条消息，或者已经过了保存期"))?;
    Ok(opened(app, stored))
}

/// A push, opened.
pub(super) fn opened(app: &App, stored: StoredPush) -> InboxDetail {
    let at = (stored.listed.app_id.as_str(), stored.dedup_key.as_str());
    let mut row = app.vault().row(&stored.listed.id);
    let body = stored.body.as_deref().and_then(|sealed| {
        let opened = app.vault().open_text(body_place(at), sealed);
        row.keep(&["raw", "message"], body_place(at), opened)
    });
    let limits = Limits { bytes: app.callbacks().settings().body_limit, ..Limits::default() };
    let message = body.as_ref().and_then(|body| {
        let inbound = Inbound::parse(body.as_bytes(), &limits).ok()?;
        serde_json::to_value(inbound).ok()
    });
    let reply = match &stored.reply {
        None => Some(ReplySpec::None),
        Some(sealed) => row.json(&["reply"], reply_place(at), sealed),
    };
    let (body, damaged) = (body.map(|body| body.as_str().to_owned()), row.damaged());
    InboxDetail { listed: stored.listed, body, message, reply, damaged }
}
