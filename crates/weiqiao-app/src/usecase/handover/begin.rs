//! A computer asks for a QR code.

use url::Url;
use weiqiao_model::{random_alnum, random_bytes};
use weiqiao_store::facts::handover::BeginHandover;

use super::{AboutComputer, HANDOVER_TTL_MS, LIVE_HANDOVERS, TICKET_CHARACTERS, about_place, ticket_hash};
use crate::App;
use crate::error::Result;
use crate::usecase::login::{Browser, BrowserCookie};
use crate::usecase::login_instance::{OWN_PAGE, instance_url};

/// How a hand-over is to begin.
#[derive(Debug, Clone)]
pub struct StartHandover<'a> {
    /// The instance.
    pub instance: &'a str,
    /// The page the computer goes to in the end; our own page about the person when missing.
    pub target: Option<&'a str>,
    /// The computer's browser.
    pub browser: &'a Browser,
    /// The computer's address.
    pub ip: String,
    /// Browser and system in words, as the phone is to show them.
    pub device: String,
}

/// What the computer shows and remembers.
#[derive(Debug, Clone)]
pub struct BegunHandover {
    /// What the QR code says: our own address with the ticket.
    pub url: Url,
    /// The ticket.
    pub ticket: String,
    /// The number to show beside it, two digits.
    pub number: u8,
    /// What people call the instance.
    pub title: String,
    /// The cookie to set, also when the browser had it already.
    pub cookie: BrowserCookie,
    /// How long all of it is good, seconds.
    pub max_age_s: i64,
}

/// Makes a ticket for this browser.
///
/// # Errors
///
/// `NotFound` for an unknown instance, `Invalid` with code `REDIRECT_NOT_ALLOWED` when the page is not on the allow-list,
/// `Unavailable` when the database is down.
pub async fn begin_handover(app: &App, start: StartHandover<'_>) -> Result<BegunHandover> {
    let instance = app.instances().named(start.instance)?;
    let target = app.redirects().check(start.target.unwrap_or(OWN_PAGE))?;
    let ticket = random_alnum(app.rng(), TICKET_CHARACTERS);
    let number = two_digits(app);
    let about = AboutComputer { device: start.device, ip: start.ip, number };
    let cookie = start.browser.cookie.clone().unwrap_or_else(|| BrowserCookie::random(app.rng()));
    let (hash, now) = (ticket_hash(instance, &ticket), app.now_ms());
    let begin = BeginHandover {
        about: app.vault().seal(about_place(&hash, instance), &serde_json::to_vec(&about)?),
        hash,
        app_id: instance.account.app_id().clone(),
        instance: instance.name.clone(),
        cookie_hash: cookie.hash(),
        target: target.into(),
        max_live: LIVE_HANDOVERS,
        expires_at: now.saturating_add(HANDOVER_TTL_MS),
        now,
    };
    app.store().run(begin).await?;
    let url = instance_url(app, instance, &format!("handover/{ticket}"));
    let title = instance.title.clone();
    Ok(BegunHandover { url, ticket, number, title, cookie, max_age_s: HANDOVER_TTL_MS / 1000 })
}

/// 10 to 99.
fn two_digits(app: &App) -> u8 {
    let [byte] = random_bytes::<1>(app.rng());
    10 + byte % 90
}
