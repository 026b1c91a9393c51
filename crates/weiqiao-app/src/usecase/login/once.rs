//! A code is exchanged once: whoever claims it first does, the same browser waits for the result, others are refused.
//!
//! What is given out a second time is a session, so it is looked at again each time: see [`Bringer::may_have`].

use std::future::Future;
use std::time::Duration;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use tokio::time::{Instant, timeout};
use weiqiao_model::{AppId, SessionId, crash_point};
use weiqiao_store::facts::code::{ClaimCode, CodeClaim, CodeOutcome, ReleaseCode, SettleCode};

use super::REUSE_MS;
use super::browser::session_evidence;
use crate::App;
use crate::digest::digest;
use crate::error::{AppError, Dependency, ErrorKind, Remembered, Result, code};
use crate::usecase::session::is_alive;
use crate::vault::Place;

/// A code somebody brought.
#[derive(Clone)]
pub(crate) struct BroughtCode {
    /// The account it was brought to.
    pub(crate) app_id: AppId,
    /// `oauth` or `mini`: a code claimed as one is foreign to the other.
    pub(crate) kind: &'static str,
    /// SHA-256 of it; the code itself is neither stored nor logged.
    hash: String,
}

/// An answer that may stand for a session.
pub(crate) trait BeganSession {
    /// The session; nothing when the code was brought by a server.
    fn session_id(&self) -> Option<&SessionId>;
}

/// Who brings a code.
#[derive(Debug, Clone, Default)]
pub(crate) struct Bringer {
    /// Every way to recognise them, the best first. Empty for a stranger.
    evidence: Vec<String>,
    /// The session they showed, verified.
    session: Option<SessionId>,
}

/// How an exchange ended.
pub(crate) enum Exchanged<T> {
    /// It worked.
    Done(T),
    /// It failed for good: the same code will never do.
    Failed(AppError),
    /// WeChat did not take the code; it may be brought again.
    Untouched(AppError),
}

/// How long the hash of a code is kept, milliseconds; twice as long as WeChat honours it.
const KEEP_MS: i64 = 10 * 60 * 1000;
/// How long somebody waits for the outcome of another's exchange.
const PATIENCE: Duration = Duration::from_secs(15);
/// How often a waiter looks although nobody woke it.
const LOOK_EVERY: Duration = Duration::from_millis(250);

/// Why a code was refused, for people who bring it after it was settled. May vanish; then they hear "already used".
const FAILURES: &str = "login code failures";
/// How a session began: its next visit may bring the session instead of what it was recognised by then.
const BORN_BY: &str = "login session born by";

/// See [`BORN_BY`].
#[derive(Serialize, Deserialize)]
struct Born {
    /// By what the browser was recognised.
    by: String,
    /// The hash of the code.
    code: String,
}

impl Bringer {
    pub(crate) fn new(evidence: Vec<String>, session: Option<SessionId>) -> Self {
        Self { evidence, session }
    }

    /// Recognises them also by how they came when the session they show began.
    pub(crate) async fn known_by_session(mut self, app: &App) -> Self {
        self.evidence.extend(born(app, self.session.as_ref()).await.map(|born| born.by));
        self
    }

    /// Whether they may be given a session that began a moment ago, again.
    ///
    /// Not one that has ended since: who logged out stays logged out, whatever is posted again. And not over another
    /// session that they show now: a repeated request must not undo a later login. The session `over` which the login
    /// began is no such one: the second half of a double request still shows it.
    ///
    /// # Errors
    ///
    /// `Unavailable` when the database is down.
    pub(super) async fn may_have(&self, app: &App, session: &SessionId, over: Option<&SessionId>) -> Result<bool> {
        let shows_another = self.session.as_ref().is_some_and(|shown| shown != session && Some(shown) != over);
        Ok(!shows_another && is_alive(app, session).await?)
    }
}

/// What is kept of an exchange that worked.
#[derive(Serialize, Deserialize)]
struct Kept<T> {
    answer: T,
    /// The session that was shown with the code.
    over: Option<SessionId>,
}

impl BroughtCode {
    pub(crate) fn new(app_id: &AppId, kind: &'static str, code: &str) -> Self {
        Self { app_id: app_id.clone(), kind, hash: code_hash(app_id, code) }
    }

    fn place(&self) -> Place<'_> {
        Place::new("code_seen", "result", &self.hash, self.app_id.as_str())
    }

    fn topic(&self) -> String {
        format!("login code {}", self.hash)
    }
}

/// By what a code is known without being stored.
pub(super) fn code_hash(app_id: &AppId, code: &str) -> String {
    digest("login code", &[app_id.as_str(), code])
}

/// Runs `exchange` if nobody has brought the code before; else gives what it came to, to the same browser only, while the
/// session lasts.
///
/// A stranger is recognised later by the session `own_session` it gets. The exchange goes on when the caller goes away.
///
/// # Errors
///
/// What `exchange` failed with; `Invalid` with code `CODE_ALREADY_USED` for another browser, or after a log-out.
pub(crate) async fn exchange_once<T, F>(
    app: &App,
    brought: BroughtCode,
    bringer: Bringer,
    own_session: &SessionId,
    exchange: F,
) -> Result<T>
where
    T: BeganSession + Serialize + DeserializeOwned + Send + Sync + 'static,
    F: Future<Output = Exchanged<T>> + Send + 'static,
{
    let own = bringer.evidence.is_empty().then(|| session_evidence(own_session));
    for browser in bringer.evidence.iter().cloned().chain(own) {
        match claim(app, &brought, &browser).await? {
            CodeClaim::New => {
                let (app, over) = (app.clone(), bringer.session);
                let work = tokio::spawn(async move { run(&app, brought, browser, over, exchange).await });
                return work.await.map_err(AppError::internal)?;
            }
            CodeClaim::Mine { outcome: CodeOutcome::Pending, .. } => {
                return wait(app, &brought, &bringer, &browser).await;
            }
            CodeClaim::Mine { outcome, .. } => return settled(app, &brought, &bringer, outcome).await,
            CodeClaim::Foreign => {}
        }
    }
    // That a code was refused is nobody's secret.
    Err(failure(app, &brought).await.unwrap_or_else(already_used))
}

async fn claim(app: &App, brought: &BroughtCode, browser: &str) -> Result<CodeClaim> {
    let claim = ClaimCode {
        code_hash: brought.hash.clone(),
        app_id: brought.app_id.clone(),
        kind: brought.kind.to_owned(),
        browser_hash: Some(browser.to_owned()),
        reuse_ms: REUSE_MS,
        ttl_ms: KEEP_MS,
        now: app.now_ms(),
    };
    Ok(app.store().run(claim).await?)
}

async fn run<T: BeganSession + Serialize>(
    app: &App,
    brought: BroughtCode,
    browser: String,
    over: Option<SessionId>,
    exchange: impl Future<Output = Exchanged<T>>,
) -> Result<T> {
    let hash = brought.hash.clone();
    let (answer, written) = match exchange.await {
        Exchanged::Done(answer) => {
            if let Some(session) = answer.session_id() {
                let born = Born { by: browser, code: brought.hash.clone() };
                // Two strings; and without it only the visitor who lost the cookie is refused.
                let plain = serde_json::to_vec(&born).unwrap_or_default();
                app.coord().kv().put(BORN_BY, session.as_str(), &plain, ms(REUSE_MS)).await;
            }
            let written = match serde_json::to_vec(&Kept { answer: &answer, over }) {
                Ok(plain) => settle(app, &brought, CodeOutcome::Done(app.vault().seal(brought.place(), &plain))).await,
                Err(error) => Err(error.into()),
            };
            (Ok(answer), written)
        }
        Exchanged::Failed(error) => {
            let written = match remember(app, &brought, &error, ms(KEEP_MS)).await {
                Ok(plain) => {
                    settle(app, &brought, CodeOutcome::Failed(app.vault().seal(brought.place(), &plain))).await
                }
                Err(error) => Err(error),
            };
            (Err(error), written)
        }
        Exchanged::Untouched(error) => {
            // Those who wait now get the same refusal; whoever comes later may try.
            let noted = remember(app, &brought, &error, PATIENCE).await;
            let released = app.store().run(ReleaseCode { code_hash: hash }).await.map_err(AppError::from);
            (Err(error), noted.and(released.map(|_| ())))
        }
    };
    crash_point!("app.login.settled");
    if let Err(error) = written {
        tracing::warn!(?error, "the outcome of a code was not stored; the same browser will be refused");
    }
    app.coord().wake().notify(&brought.topic(), &[]).await;
    answer
}

async fn settle(app: &App, brought: &BroughtCode, outcome: CodeOutcome) -> Result<()> {
    app.store().run(SettleCode { code_hash: brought.hash.clone(), outcome }).await?;
    Ok(())
}

async fn remember(app: &App, brought: &BroughtCode, error: &AppError, ttl: Duration) -> Result<Vec<u8>> {
    let plain = serde_json::to_vec(&error.remember())?;
    app.coord().kv().put(FAILURES, &brought.hash, &plain, ttl).await;
    Ok(plain)
}

async fn failure(app: &App, brought: &BroughtCode) -> Option<AppError> {
    let plain = app.coord().kv().get(FAILURES, &brought.hash).await?;
    serde_json::from_slice::<Remembered>(&plain).ok().map(AppError::recall)
}

async fn born(app: &App, session: Option<&SessionId>) -> Option<Born> {
    let plain = app.coord().kv().get(BORN_BY, session?.as_str()).await?;
    serde_json::from_slice(&plain).ok()
}

/// The answer of the login that began `session`, once more, for the very code it began with: a browser that lost the cookie,
/// or a page that keeps none, still shows the session. `by` narrows it to a login that was recognised by this. `None` when
/// that is not what happened, or too long ago; nothing is ever exchanged here.
///
/// # Errors
///
/// `Invalid` with code `CODE_ALREADY_USED` when the session has ended; `Unavailable` when the database is down.
pub(super) async fn repeated<T>(
    app: &App,
    brought: &BroughtCode,
    session: Option<&SessionId>,
    by: Option<&str>,
) -> Result<Option<T>>
where
    T: BeganSession + DeserializeOwned,
{
    let Some(born) = born(app, session).await else { return Ok(None) };
    if born.code != brought.hash || by.is_some_and(|by| by != born.by) {
        return Ok(None);
    }
    match claim(app, brought, &born.by).await? {
        CodeClaim::Mine { outcome: done @ CodeOutcome::Done(_), .. } => {
            let bringer = Bringer::new(Vec::new(), session.cloned());
            settled(app, brought, &bringer, done).await.map(Some)
        }
        CodeClaim::New => {
            // Swept although it was remembered here: clocks differ. It is not ours to exchange.
            app.store().run(ReleaseCode { code_hash: brought.hash.clone() }).await?;
            Ok(None)
        }
        CodeClaim::Mine { .. } | CodeClaim::Foreign => Ok(None),
    }
}

async fn wait<T>(app: &App, brought: &BroughtCode, bringer: &Bringer, browser: &str) -> Result<T>
where
    T: BeganSession + DeserializeOwned,
{
    let look = || async move {
        match claim(app, brought, browser).await? {
            CodeClaim::Mine { outcome: CodeOutcome::Pending, .. } => Ok(None),
            CodeClaim::Mine { outcome, .. } => settled(app, brought, bringer, outcome).await.map(Some),
            CodeClaim::Foreign => Err(already_used()),
            CodeClaim::New => {
                // The one who exchanged gave it back untouched. Who waited hears the same, and does not try in turn.
                app.store().run(ReleaseCode { code_hash: brought.hash.clone() }).await?;
                Err(failure(app, brought).await.unwrap_or_else(lost))
            }
        }
    };
    wait_for(app, &brought.topic(), look).await
}

/// Looks until there is something, at every wake of the topic and every now and then.
///
/// # Errors
///
/// What `look` fails with; after 15 seconds that the one who was at work is gone.
pub(super) async fn wait_for<T, F>(app: &App, topic: &str, look: impl Fn() -> F) -> Result<T>
where
    F: Future<Output = Result<Option<T>>>,
{
    let mut wakes = app.coord().wake().subscribe(topic);
    let until = Instant::now() + PATIENCE;
    while Instant::now() < until {
        if let Some(found) = look().await? {
            return Ok(found);
        }
        let _ = timeout(LOOK_EVERY, wakes.next()).await;
    }
    Err(lost())
}

async fn settled<T>(app: &App, brought: &BroughtCode, bringer: &Bringer, outcome: CodeOutcome) -> Result<T>
where
    T: BeganSession + DeserializeOwned,
{
    match outcome {
        CodeOutcome::Done(sealed) => {
            let plain = app.vault().open(brought.place(), &sealed)?;
            let kept: Kept<T> = serde_json::from_slice(&plain)?;
            let again = match kept.answer.session_id() {
                Some(session) => bringer.may_have(app, session, kept.over.as_ref()).await?,
                None => true,
            };
            again.then_some(kept.answer).ok_or_else(already_used)
        }
        CodeOutcome::Failed(sealed) => {
            let failure = serde_json::from_slice(&app.vault().open(brought.place(), &sealed)?)?;
            Err(AppError::recall(failure))
        }
        CodeOutcome::Pending => Err(lost()),
    }
}

fn already_used() -> AppError {
    AppError::invalid(code::CODE_ALREADY_USED, "授权码已被使用，请重新发起授权").with_hint(
        "一个 code 只能使用一次。60 秒内同一浏览器（带着登录时的 Cookie 或会话）重复提交会得到相同结果；退出登录或另行登录之后，以及其他请求，一律拒绝。",
    )
}

/// The one who took the code or state is gone, perhaps with its process.
fn lost() -> AppError {
    let kind = ErrorKind::Unavailable(Dependency::Database);
    AppError::new(kind, code::LOGIN_INTERRUPTED, "登录被中断，请重新发起授权")
}

fn ms(ms: i64) -> Duration {
    Duration::from_millis(ms.unsigned_abs())
}
