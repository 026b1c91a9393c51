//! One-time tokens to set a password with: for who joins, and for who lost theirs.

use std::fmt;
use std::time::Duration;

use serde_json::json;
use weiqiao_model::{StaffId, random_alnum};
use weiqiao_store::facts::audit::Audited;
use weiqiao_store::facts::staff::{FindSetup, FindStaff, IssueSetup, PasswordHash, RedeemSetup, Setup};

use crate::App;
use crate::audit::{Actor, Deed, audited};
use crate::error::{AppError, Result, code};

/// How long a set-up token is good.
pub const SETUP_TOKEN_LIFE: Duration = Duration::from_secs(24 * 60 * 60);

/// A one-time token to set a password with.
#[derive(Clone, PartialEq, Eq)]
pub struct SetupToken(String);

impl SetupToken {
    pub(super) fn random(app: &App) -> Self {
        Self(random_alnum(app.rng(), 43))
    }

    /// The text for whoever is to use it.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for SetupToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[secret]")
    }
}

pub(super) struct IssuedSetup {
    pub(super) token: SetupToken,
    pub(super) setup: Setup,
}

pub(super) fn new_setup(app: &App) -> IssuedSetup {
    let token = SetupToken::random(app);
    let life = i64::try_from(SETUP_TOKEN_LIFE.as_millis()).unwrap_or(i64::MAX);
    let setup = Setup { hash: hash(app, token.expose()), until: app.now_ms().saturating_add(life) };
    IssuedSetup { token, setup }
}

fn hash(app: &App, token: &str) -> String {
    app.vault().fingerprint("staff setup token", &[token])
}

/// Takes a password away and makes a token to set another with; their sessions end. Also the time it is good until,
/// epoch seconds. Whoever calls this has checked that it may be done.
///
/// # Errors
///
/// `NotFound` when there is nobody of this id.
pub async fn issue_setup(app: &App, actor: impl Into<Actor>, id: &str) -> Result<(SetupToken, i64)> {
    let id = StaffId::new(id);
    let IssuedSetup { token, setup } = new_setup(app);
    let until = setup.until.div_euclid(1000);
    let entry = app.audit_entry(actor, Deed::SetupIssued, "staff", id.as_str(), &json!({ "until": until }));
    let issue = IssueSetup { id, setup, now: app.now_ms() };
    if !app.store().run(Audited::new(issue, entry, |done| *done)).await? {
        return Err(AppError::not_found(code::NOT_FOUND, "没有这个员工"));
    }
    app.staff().clear();
    Ok((token, until))
}

/// The user name a token of [`issue_setup`] is for. `None`: it is none of those tokens, or no longer.
pub(super) async fn look(app: &App, token: &str) -> Result<Option<String>> {
    let found = app.store().read(FindSetup { hash: hash(app, token), now: app.now_ms() }).await?;
    Ok(found.map(|staff| staff.username))
}

/// Sets a password with a token of [`issue_setup`]. Works once. `None`: it is none of those tokens, or no longer.
///
/// # Errors
///
/// `Invalid` for a weak password, which leaves the token good.
pub(super) async fn redeem(app: &App, token: &str, password: &str) -> Result<Option<(StaffId, String)>> {
    let password_hash = PasswordHash::new(app.passwords().hash(password).await?);
    let redeem = RedeemSetup { hash: hash(app, token), password_hash, now: app.now_ms() };
    let book = app.clone();
    let audited = audited(redeem, move |id: &Option<StaffId>| {
        let id = id.as_ref()?;
        let detail = json!({ "by": "setup_token" });
        Some(book.audit_entry(Actor::Staff(id.clone()), Deed::PasswordChanged, "staff", id.as_str(), &detail))
    });
    let Some(id) = app.store().run(audited).await? else { return Ok(None) };
    let staff = app.store().read(FindStaff { id: id.clone() }).await?;
    Ok(Some((id, staff.map(|staff| staff.username).unwrap_or_default())))
}
