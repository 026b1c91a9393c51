//! The computer takes over.

use url::Url;
use weiqiao_store::facts::handover::{FinishHandover, HandoverEnd};

use super::{invalid, ticket_hash};
use crate::App;
use crate::error::Result;
use crate::jwt::Audience;
use crate::usecase::login::{Browser, BrowserCookie, REUSE_MS, login_page};

/// The computer is logged in.
#[derive(Debug, Clone)]
pub struct FinishedHandover {
    /// Where it goes; the page finds `wechat_auth=success`.
    pub redirect: Url,
    /// Its session token.
    pub token: String,
    /// When token and session end, epoch seconds.
    pub expires_at: i64,
}

/// Gives the browser that showed the code a session, as the person who confirmed.
///
/// # Errors
///
/// `NotFound` for an unknown instance; `Invalid` with code `HANDOVER_INVALID` when it was not confirmed, is too old, was
/// taken, or is another browser's; `Unavailable` when the database is down.
pub async fn finish_handover(
    app: &App,
    instance: &str,
    ticket: &str,
    browser: &Browser,
    user_agent: Option<&str>,
) -> Result<FinishedHandover> {
    let instance = app.instances().named(instance)?;
    let now = app.now_ms();
    let expires_at = now.div_euclid(1000).saturating_add(app.jwt().life_s());
    let finish = FinishHandover {
        hash: ticket_hash(instance, ticket),
        cookie_hash: browser.cookie.as_ref().map(BrowserCookie::hash).unwrap_or_default(),
        session_id: app.new_id(),
        session_expires_at: expires_at.saturating_mul(1000),
        device_hash: user_agent.map(|agent| app.vault().fingerprint("device", &[agent])),
        reuse_ms: REUSE_MS,
        now,
    };
    let HandoverEnd::Done { target, session_id, user_id } = app.store().run(finish).await? else {
        return Err(invalid());
    };
    let redirect = login_page(app, &target, "success")?;
    let account = &instance.account.name;
    let token = app.issue_token(Audience::User, user_id.as_str(), Some(account), &session_id, now)?;
    Ok(FinishedHandover { redirect, token, expires_at })
}
