//! One trip through a state: taken by one visit, awaited by the others.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use url::Url;
use weiqiao_model::SessionId;
use weiqiao_store::facts::state::{FindState, SettleState, StateClaim, StoredState, TakeState};

use super::exchange::{Visit, brought, exchange_code};
use super::once::{Bringer, code_hash, repeated, wait_for};
use super::{Browser, BrowserCookie, Flow, LoginAnswer, REUSE_MS};
use crate::App;
use crate::accounts::Account;
use crate::digest::digest;
use crate::error::{AppError, Remembered, Result, code};
use crate::vault::Place;

/// A state and the code that came back with it.
pub(super) struct Trip<'a> {
    pub(super) account: &'a Arc<Account>,
    pub(super) flow: Flow,
    pub(super) state: &'a str,
    pub(super) code: &'a str,
    pub(super) browser: &'a Browser,
    pub(super) user_agent: Option<&'a str>,
}

/// What a trip with a state of ours came to.
pub(super) struct TripEnd {
    /// The page that was asked for.
    pub(super) target: String,
    /// What came of the login.
    pub(super) login: Result<LoginAnswer>,
}

impl TripEnd {
    /// The end of a login that came back to the browser it began in.
    fn at_home(target: String, login: Result<LoginAnswer>) -> Self {
        Self { target, login: login.map(|answer| LoginAnswer { began_here: true, ..answer }) }
    }
}

/// What is stored for visits after the first.
#[derive(Serialize, Deserialize)]
struct Kept {
    /// The hash of the code of the first visit; none came from somebody who declined.
    code: Option<String>,
    /// The session that the first visit showed.
    over: Option<SessionId>,
    outcome: Outcome,
}

#[derive(Serialize, Deserialize)]
enum Outcome {
    LoggedIn(LoginAnswer),
    Declined,
    Failed(Remembered),
}

/// Takes the state and logs in with the code; a second visit of the same browser within a minute gets the same, as long as
/// the session goes on and the browser has no other one. `None` for a state we never issued.
///
/// A second visit to our callback may bring another code: WeChat's own browser does. A page that posts a code posts it
/// again or not at all, so there another code is refused.
///
/// # Errors
///
/// `Invalid` with code `STATE_INVALID` for another browser, account or flow, and for a state that was used or is too old.
pub(super) async fn travel(app: &App, trip: Trip<'_>) -> Result<Option<TripEnd>> {
    let hash = state_hash(trip.state);
    match take(app, trip.account, trip.flow, &hash, trip.browser).await? {
        StateClaim::Fresh(state) => {
            let target = open_target(app, &hash, &state)?;
            let login = first_visit(app, &trip, hash).await;
            Ok(Some(TripEnd::at_home(target, login)))
        }
        StateClaim::Again(state) => {
            let login = later_visit(app, &trip, &hash, &state).await;
            Ok(Some(TripEnd::at_home(open_target(app, &hash, &state)?, login)))
        }
        StateClaim::Foreign => foreign_visit(app, &trip, &hash).await.map(Some),
        StateClaim::Unknown => Ok(None),
        refused => Err(refusal(&refused, trip.browser)),
    }
}

async fn take(app: &App, account: &Account, flow: Flow, hash: &str, browser: &Browser) -> Result<StateClaim> {
    let take = TakeState {
        hash: hash.to_owned(),
        cookie_hash: browser.cookie.as_ref().map(BrowserCookie::hash).unwrap_or_default(),
        app_id: account.app_id().clone(),
        flow: flow.word().to_owned(),
        reuse_ms: REUSE_MS,
        now: app.now_ms(),
    };
    Ok(app.store().run(take).await?)
}

/// A state that this browser may not take, unless it is of another account or flow altogether.
async fn of_another_browser(app: &App, account: &Account, flow: Flow, hash: &str) -> Result<StoredState> {
    let found = app.store().read(FindState { hash: hash.to_owned() }).await?;
    let fits = found.filter(|found| found.app_id == *account.app_id() && found.flow == flow.word());
    fits.ok_or_else(other_login)
}

/// Somebody without the cookie, or with the state of another account or flow. Who shows the session that this very login
/// began, and brings its code, is the same browser all the same.
async fn foreign_visit(app: &App, trip: &Trip<'_>, hash: &str) -> Result<TripEnd> {
    let state = of_another_browser(app, trip.account, trip.flow, hash).await?;
    let (code, by) = (brought(trip.account, trip.code), state_evidence(hash));
    match repeated(app, &code, trip.browser.session.as_ref(), Some(&by)).await? {
        Some(answer) => Ok(TripEnd { target: open_target(app, hash, &state)?, login: Ok(answer) }),
        None => Err(refusal(&StateClaim::Foreign, trip.browser)),
    }
}

/// Somebody comes back without a code.
pub(super) enum TurnedBack {
    /// They declined, now or a moment ago. The login is over; another one begins with another state.
    Declined {
        /// The page that was asked for.
        target: String,
    },
    /// They had finished a moment ago, and come by once more.
    Finished(Box<TripEnd>),
}

/// Ends a login that came back without a code: the person declined. A state that was taken a moment ago ends as it did then.
///
/// # Errors
///
/// As [`travel`], and for a state nobody knows.
pub(super) async fn turned_back(
    app: &App,
    account: &Account,
    flow: Flow,
    state: &str,
    browser: &Browser,
) -> Result<TurnedBack> {
    let hash = state_hash(state);
    match take(app, account, flow, &hash, browser).await? {
        StateClaim::Fresh(state) => {
            let target = open_target(app, &hash, &state)?;
            let kept = Kept { code: None, over: browser.session.clone(), outcome: Outcome::Declined };
            let app = app.clone();
            // Written down also when the visitor goes away.
            let work = tokio::spawn(async move { settle(&app, hash, state.app_id.as_str(), &kept).await });
            work.await.map_err(AppError::internal)?;
            Ok(TurnedBack::Declined { target })
        }
        StateClaim::Again(state) => {
            let target = open_target(app, &hash, &state)?;
            let (kept, _) = outcome(app, &hash, &state).await?;
            match kept.outcome {
                Outcome::LoggedIn(answer) => {
                    let bringer = Bringer::new(vec![state_evidence(&hash)], browser.session.clone());
                    if !bringer.may_have(app, &answer.session_id, kept.over.as_ref()).await? {
                        return Err(refusal(&StateClaim::Spent, browser));
                    }
                    Ok(TurnedBack::Finished(Box::new(TripEnd::at_home(target, Ok(answer)))))
                }
                Outcome::Declined => Ok(TurnedBack::Declined { target }),
                Outcome::Failed(failure) => Err(AppError::recall(failure)),
            }
        }
        StateClaim::Foreign => {
            of_another_browser(app, account, flow, &hash).await?;
            Err(refusal(&StateClaim::Foreign, browser))
        }
        refused => Err(refusal(&refused, browser)),
    }
}

/// The work goes on when the visitor goes away: the second visit of a double callback must find its end.
async fn first_visit(app: &App, trip: &Trip<'_>, hash: String) -> Result<LoginAnswer> {
    let (code, over) = (trip.code_hash(), trip.browser.session.clone());
    let visit = trip.visit(&hash);
    let app = app.clone();
    let work = tokio::spawn(async move {
        let app_id = visit.account.app_id().as_str().to_owned();
        let login = exchange_code(&app, visit).await;
        let outcome = match &login {
            Ok(answer) => Outcome::LoggedIn(answer.clone()),
            Err(error) => Outcome::Failed(error.remember()),
        };
        settle(&app, hash, &app_id, &Kept { code: Some(code), over, outcome }).await;
        login
    });
    work.await.map_err(AppError::internal)?
}

impl Trip<'_> {
    fn code_hash(&self) -> String {
        code_hash(self.account.app_id(), self.code)
    }

    /// Who comes along with the state.
    fn bringer(&self, hash: &str) -> Bringer {
        Bringer::new(vec![state_evidence(hash)], self.browser.session.clone())
    }

    fn visit(&self, hash: &str) -> Visit {
        Visit::new(self.account, self.code, self.bringer(hash), self.user_agent)
    }
}

async fn settle(app: &App, hash: String, app_id: &str, kept: &Kept) {
    let topic = topic(&hash);
    let written = match serde_json::to_vec(kept) {
        Ok(plain) => {
            let outcome = app.vault().seal(place(&hash, app_id), &plain);
            app.store().run(SettleState { hash, outcome }).await.map_err(AppError::from)
        }
        Err(error) => Err(error.into()),
    };
    if let Err(error) = written {
        tracing::warn!(?error, "the outcome of a login was not stored; a second callback will be refused");
    }
    app.coord().wake().notify(&topic, &[]).await;
}

/// What came of a state that was taken, and whether that had to be waited for.
async fn outcome(app: &App, hash: &str, state: &StoredState) -> Result<(Kept, bool)> {
    let app_id = state.app_id.as_str();
    let find = || async move {
        let found = app.store().read(FindState { hash: hash.to_owned() }).await?;
        found.and_then(|state| state.outcome).map(|sealed| open(app, hash, app_id, &sealed)).transpose()
    };
    match &state.outcome {
        Some(sealed) => Ok((open(app, hash, app_id, sealed)?, false)),
        None => Ok((wait_for(app, &topic(hash), find).await?, true)),
    }
}

async fn later_visit(app: &App, trip: &Trip<'_>, hash: &str, state: &StoredState) -> Result<LoginAnswer> {
    let (kept, waited) = outcome(app, hash, state).await?;
    let same_code = kept.code == Some(trip.code_hash());
    if !same_code && trip.flow == Flow::Redirect {
        return Err(refusal(&StateClaim::Spent, trip.browser));
    }
    match kept.outcome {
        Outcome::LoggedIn(answer) => {
            let again = trip.bringer(hash).may_have(app, &answer.session_id, kept.over.as_ref()).await?;
            again.then_some(answer).ok_or_else(|| refusal(&StateClaim::Spent, trip.browser))
        }
        Outcome::Declined => Err(refusal(&StateClaim::Spent, trip.browser)),
        Outcome::Failed(failure) => {
            let failure = AppError::recall(failure);
            // WeChat was busy a moment ago and did not see the code: that code may be tried once more. Who waited for the
            // failure does not try in turn.
            if same_code && !waited && failure.is_passing() {
                return exchange_code(app, trip.visit(hash)).await;
            }
            Err(failure)
        }
    }
}

fn open(app: &App, hash: &str, app_id: &str, sealed: &[u8]) -> Result<Kept> {
    let plain = app.vault().open(place(hash, app_id), sealed)?;
    Ok(serde_json::from_slice(&plain)?)
}

fn place<'a>(hash: &'a str, app_id: &'a str) -> Place<'a> {
    Place::new("login_state", "outcome", hash, app_id)
}

fn target_place<'a>(hash: &'a str, app_id: &'a str) -> Place<'a> {
    Place::new("login_state", "target", hash, app_id)
}

/// The page a login goes back to, as it is stored.
pub(super) fn seal_target(app: &App, hash: &str, app_id: &str, target: &Url) -> Vec<u8> {
    app.vault().seal(target_place(hash, app_id), target.as_str().as_bytes())
}

fn open_target(app: &App, hash: &str, state: &StoredState) -> Result<String> {
    let target = app.vault().open_text(target_place(hash, state.app_id.as_str()), &state.target)?;
    Ok(target.as_str().to_owned())
}

fn topic(hash: &str) -> String {
    format!("login state {hash}")
}

pub(super) fn state_hash(state: &str) -> String {
    digest("login state", &[state])
}

/// A code that came with a state belongs to that state: with another one, even in the same browser, it is foreign.
fn state_evidence(state_hash: &str) -> String {
    digest("state evidence", &[state_hash])
}

/// The state of one account or way of logging in, at the address of another: a mistake of the page, whoever's browser it is.
fn other_login() -> AppError {
    AppError::invalid(code::STATE_INVALID, "这个 state 属于另一种登录方式或另一个账号，请重新登录").with_hint(
        "/api/wechat/authorize-url 签发的 state 由页面提交给 POST /api/wechat/auth；/wechat/auth 发起的授权回到 /wechat/callback；登录实例回到它自己的 callback。不能混用。",
    )
}

/// Why a state is not taken. The texts differ to help honest people; none says what would have been right.
pub(super) fn refusal(claim: &StateClaim, browser: &Browser) -> AppError {
    let (message, hint) = match claim {
        StateClaim::Expired => ("授权已超时，请重新登录", "state 的有效期是 10 分钟。"),
        StateClaim::Spent => (
            "这次授权已经完成，请重新登录",
            "一个 state 只能使用一次；退出登录或另行登录之后，之前的授权结果不再有效。",
        ),
        StateClaim::Foreign if browser.cookie.is_none() => (
            "无法确认这次登录来自您的浏览器，请重新登录",
            "浏览器没有带回发起授权时的 Cookie（退出登录后它会被清除）：请允许 Cookie，并在同一个浏览器中完成授权；跨域请求需要 credentials: 'include'。",
        ),
        StateClaim::Foreign => ("这次授权不是在当前浏览器发起的，请重新登录", "state 属于另一个浏览器。"),
        _ => ("state 参数无效，请重新登录", "请通过 /api/wechat/authorize-url 或 /wechat/auth 发起授权。"),
    };
    AppError::invalid(code::STATE_INVALID, message).with_hint(hint)
}
