//! Pushes whose decision stopped half-way, because the process that was deciding is gone.

use std::sync::Arc;

use weiqiao_store::facts::inbox::{FindInbox, FinishCallback, ListUndecided, Outcome, TakeOverCallback};
use weixin_proto::callback::{Inbound, Limits};

use super::decide_slowly::{LEASE_MS, Slow, decide_late};
use super::stored::open_body;
use crate::App;
use crate::error::{AppError, Result};

/// At most so many at once; the rest is for the next time.
const AT_ONCE: u32 = 50;

/// Decides what was left undecided; what is said goes out as a customer-service message. Gives how many there were.
///
/// # Errors
///
/// `Unavailable` when the database is down; the next call does the rest.
pub async fn recover_callbacks(app: &App) -> Result<u32> {
    let mut recovered = 0;
    for id in app.store().read(ListUndecided { now: app.now_ms(), limit: AT_ONCE }).await? {
        let now = app.now_ms();
        let take = TakeOverCallback { id: id.clone(), lease_until: now.saturating_add(LEASE_MS), now };
        let Some(fence) = app.store().run(take).await? else { continue };
        match slow(app, &id).await {
            Ok(Some(slow)) => drop(decide_late(slow, fence).await?),
            unreadable => {
                let error = unreadable.err();
                tracing::error!(
                    inbox = id,
                    ?error,
                    "a callback that was left undecided cannot be read: nothing is said"
                );
                let outcome = Outcome { decided_by: "nobody".to_owned(), decided_at: now, ..Outcome::default() };
                app.store().run(FinishCallback { id, fence, outcome }).await?;
            }
        }
        recovered += 1;
    }
    Ok(recovered)
}

async fn slow(app: &App, id: &str) -> Result<Option<Slow>> {
    let Some(stored) = app.store().read(FindInbox { id: id.to_owned() }).await? else { return Ok(None) };
    let listed = &stored.listed;
    let Ok(account) = app.accounts().named(&listed.account) else { return Ok(None) };
    let Some(body) = &stored.body else { return Ok(None) };
    let body = open_body(app, (&listed.app_id, &stored.dedup_key), body)?;
    let limits = Limits { bytes: app.callbacks().settings().body_limit, ..Limits::default() };
    let inbound = Inbound::parse(body.as_str(), &limits).map_err(AppError::internal)?;
    Ok(Some(Slow::new(app, account, id, &stored.dedup_key, Arc::new(inbound))))
}
