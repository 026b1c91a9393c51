//! The computer asks how far it is.

use weiqiao_store::facts::handover::HandoverStatus;

use super::find;
use crate::App;
use crate::error::Result;
use crate::usecase::login::{Browser, BrowserCookie};

/// How far a hand-over is, for the computer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HandoverProgress {
    /// Nobody scanned the code yet.
    Waiting,
    /// A phone has the question.
    Scanned,
    /// The computer may take over.
    Confirmed,
    /// The phone said no.
    Declined,
    /// Too late, taken, unknown, or another browser's: all alike.
    Expired,
}

/// Looks, for the browser that shows the code.
///
/// # Errors
///
/// `NotFound` for an unknown instance, `Unavailable` when the database is down.
pub async fn handover_progress(app: &App, instance: &str, ticket: &str, browser: &Browser) -> Result<HandoverProgress> {
    let instance = app.instances().named(instance)?;
    let cookie_hash = browser.cookie.as_ref().map(BrowserCookie::hash);
    let found = find(app, instance, ticket).await?;
    let found = found.filter(|found| Some(&found.stored.cookie_hash) == cookie_hash.as_ref());
    let Some(found) = found.filter(|found| !found.is_over(app.now_ms()) && found.stored.taken_at.is_none()) else {
        return Ok(HandoverProgress::Expired);
    };
    Ok(match found.stored.status {
        HandoverStatus::Waiting => HandoverProgress::Waiting,
        HandoverStatus::Scanned => HandoverProgress::Scanned,
        HandoverStatus::Confirmed => HandoverProgress::Confirmed,
        HandoverStatus::Declined => HandoverProgress::Declined,
    })
}
