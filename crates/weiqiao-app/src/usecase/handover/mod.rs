//! A login begun on a computer and confirmed on a phone.
//!
//! WeChat lets people authorise on the phone only. So the computer shows a QR code with a *ticket*; the phone opens it,
//! logs in as it always does, sees what it is asked to confirm, and confirms; the computer, asking all the while, takes
//! over and gets a session of its own.
//!
//! What keeps it honest:
//!
//! - the ticket has 190 random bits, is stored as a hash, is good for three minutes and is taken once, by the browser
//!   that showed it only (its binding cookie), within a minute also a second time when the answer was lost;
//! - whoever lures somebody into scanning *their* code (QR-jacking) meets the phone's question: which computer, from
//!   where, since when, and a number that only the true screen shows and the person has to pick. A wrong number ends the
//!   hand-over;
//! - the phone's consent is a session of its own; when that is ended before the computer comes, the consent is too.

mod begin;
mod decide;
mod finish;
mod scan;
mod status;

use serde::{Deserialize, Serialize};
use weiqiao_store::facts::handover::{FindHandover, StoredHandover};

pub use begin::{BegunHandover, StartHandover, begin_handover};
pub use decide::{Decision, decide_handover, handover_proof};
pub use finish::{FinishedHandover, finish_handover};
pub use scan::{ScannedHandover, scan_handover};
pub use status::{HandoverProgress, handover_progress};

use crate::App;
use crate::digest::digest;
use crate::error::{AppError, Result, code};
use crate::instances::LoginInstance;
use crate::vault::Place;

/// How long a QR code is good, milliseconds.
pub const HANDOVER_TTL_MS: i64 = 3 * 60 * 1000;
/// How many QR codes one browser may have waiting.
const LIVE_HANDOVERS: u32 = 5;
/// As a state: 32 of 62 characters.
const TICKET_CHARACTERS: usize = 32;

/// What the phone is shown about the computer. Stored sealed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AboutComputer {
    /// Browser and system, in words; empty when the browser did not say.
    pub device: String,
    /// The address it asked from; empty when unknown.
    pub ip: String,
    /// The number its screen shows, two digits.
    number: u8,
}

/// By what a ticket is stored. Bound to the instance: a ticket of one is unknown to another.
fn ticket_hash(instance: &LoginInstance, ticket: &str) -> String {
    digest("handover ticket", &[&instance.name, ticket])
}

fn about_place<'a>(hash: &'a str, instance: &'a LoginInstance) -> Place<'a> {
    Place::new("login_handover", "about", hash, instance.account.app_id().as_str())
}

/// A hand-over, and what it is stored by.
struct Found {
    hash: String,
    stored: StoredHandover,
}

impl Found {
    fn is_over(&self, now: i64) -> bool {
        now >= self.stored.expires_at
    }
}

async fn find(app: &App, instance: &LoginInstance, ticket: &str) -> Result<Option<Found>> {
    let hash = ticket_hash(instance, ticket);
    let stored = app.store().read(FindHandover { hash: hash.clone() }).await?;
    Ok(stored.map(|stored| Found { hash, stored }))
}

fn about(app: &App, instance: &LoginInstance, found: &Found) -> Result<AboutComputer> {
    let plain = app.vault().open(about_place(&found.hash, instance), &found.stored.about)?;
    Ok(serde_json::from_slice(&plain)?)
}

/// One text for every cause: unknown, too old, taken, refused, another browser's.
fn invalid() -> AppError {
    AppError::invalid(code::HANDOVER_INVALID, "二维码已失效，请在电脑上刷新页面后重新扫码")
        .with_hint("二维码 3 分钟内有效，只能使用一次，并且只对显示它的那个浏览器有效。")
}
