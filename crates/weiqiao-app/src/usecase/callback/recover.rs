//! Pushes whose decision stopped half-way, and answers no copy came for, because the process that had them is gone.

use std::sync::Arc;

use weiqiao_store::facts::inbox::{
    Decision, FindDecision, FindInbox, FinishCallback, Late, ListUndecided, Outcome, SendHeld, TakeOverCallback,
};
use weixin_proto::callback::{Inbound, Limits};

use super::decide_slowly::{LEASE_MS, Slow, decide_unheard};
use super::late;
use super::stored::{open_body, open_reply};
use crate::App;
use crate::error::{AppError, Result};

/// At most so many at once; the rest is for the next time.
const AT_ONCE: u32 = 50;

/// Decides what was left undecided, and sends what was held for long enough. Gives how many there were.
///
/// # Errors
///
/// `Unavailable` when the database is down; the next call does the rest.
pub async fn recover_callbacks(app: &App) -> Result<u32> {
    let mut recovered = 0;
    for id in app.store().read(ListUndecided { now: app.now_ms(), limit: AT_ONCE }).await? {
        let went_on = match app.store().read(FindDecision { id: id.clone() }).await? {
            Some(Decision::Held(reply)) => send(app, id, &reply).await?,
            Some(Decision::Deciding { .. }) => decide(app, id).await?,
            Some(Decision::Done(_)) | None => false,
        };
        recovered += u32::from(went_on);
    }
    Ok(recovered)
}

/// Goes on deciding, unless somebody else does.
async fn decide(app: &App, id: String) -> Result<bool> {
    let now = app.now_ms();
    let take = TakeOverCallback { id: id.clone(), lease_until: now.saturating_add(LEASE_MS), now, waiting: false };
    let Some(fence) = app.store().run(take).await? else { return Ok(false) };
    match slow(app, &id).await {
        Ok(Some((slow, _))) => decide_unheard(slow, fence).await,
        unreadable => {
            tell_unreadable(&id, unreadable.err());
            let outcome = Outcome { decided_by: NOBODY.to_owned(), decided_at: now, ..Outcome::default() };
            let late = Late { decided_by: NOBODY.to_owned(), jobs: Vec::new() };
            let finish = FinishCallback { id, fence, outcome, waiting: false, late, patience: late::PATIENCE };
            app.store().run(finish).await?;
        }
    }
    Ok(true)
}

/// Sends what was held, unless somebody else did.
async fn send(app: &App, id: String, reply: &[u8]) -> Result<bool> {
    let found = match slow(app, &id).await {
        Ok(Some((slow, by))) => open_reply(app, slow.place(), Some(reply)).map(|spec| Some((slow, by, spec))),
        Ok(None) => Ok(None),
        Err(error) => Err(error),
    };
    match found {
        Ok(Some((slow, by, spec))) => late::send_held(&slow, &spec, &by).await,
        unreadable => {
            tell_unreadable(&id, unreadable.err());
            let send = SendHeld { id, now: app.now_ms(), decided_by: NOBODY.to_owned(), jobs: Vec::new() };
            Ok(app.store().run(send).await?)
        }
    }
}

/// Who decides about what cannot be read.
const NOBODY: &str = "nobody";

fn tell_unreadable(id: &str, error: Option<AppError>) {
    tracing::error!(inbox = id, ?error, "a callback that was left cannot be read: nothing is said");
}

/// What was left, and who decided about it.
async fn slow(app: &App, id: &str) -> Result<Option<(Slow, String)>> {
    let Some(stored) = app.store().read(FindInbox { id: id.to_owned() }).await? else { return Ok(None) };
    let listed = &stored.listed;
    let Ok(account) = app.accounts().named(&listed.account) else { return Ok(None) };
    let Some(body) = &stored.body else { return Ok(None) };
    let body = open_body(app, (&listed.app_id, &stored.dedup_key), body)?;
    let limits = Limits { bytes: app.callbacks().settings().body_limit, ..Limits::default() };
    let inbound = Inbound::parse(body.as_str(), &limits).map_err(AppError::internal)?;
    let slow = Slow::new(app, account, id, &stored.dedup_key, Arc::new(inbound));
    let by = listed.decided_by.clone().unwrap_or_else(|| NOBODY.to_owned());
    Ok(Some((slow, by)))
}
