//! The layer that lets only people in who logged in through WeChat.

use std::convert::Infallible;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::extract::{OriginalUri, Request};
use axum::http::header::{ACCEPT, CACHE_CONTROL, LOCATION};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use futures_util::future::BoxFuture;
use serde::{Deserialize, Serialize};
use tower::{Layer, Service};
use url::Url;
use weixin_proto::sign::ct_eq;

use super::cookie::{self, Signer};
use super::pages::Trouble;
use super::user::WechatUser;
use crate::env::random_alphanumeric;
use crate::oauth::{OAuth, Scope};
use crate::{Account, Client};

/// Protects routes: whoever is not logged in is sent to WeChat and comes back to the same page. See the [module](super).
///
/// Only navigation is redirected; a script or a form gets 401. Pages that WeChat shows as a snapshot, and people who
/// decline, get a page that says so.
#[derive(Clone, Debug)]
pub struct RequireWechatLogin {
    login: Arc<WechatLogin>,
}

/// How logins are made; what all routes of one [`RequireWechatLogin`] share.
pub struct WechatLogin {
    oauth: OAuth,
    origin: Url,
    signer: Signer,
    scope: Scope,
    life_s: i64,
}

/// Why a login cannot be set up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LoginSetupError {
    /// The address is no origin.
    #[error("the origin must be http(s)://host[:port]: how browsers reach these pages")]
    Origin,
    /// The key can be guessed.
    #[error("the cookie key must have at least 32 bytes; make one with `openssl rand -base64 32`")]
    Key,
}

/// How long a login may take, seconds.
const STATE_LIFE_S: i64 = 600;
const DAY: Duration = Duration::from_secs(86_400);

/// What a login adds to the address of the page it ends at.
const MARK: &str = "wechat_auth=success";

#[derive(Serialize, Deserialize)]
struct Session {
    user: WechatUser,
    /// Epoch seconds.
    until: i64,
}

impl RequireWechatLogin {
    /// Protects pages that browsers reach at `origin`, such as `https://shop.example.com`. Its host is registered as
    /// 网页授权域名. Whoever knows `cookie_key`, at least 32 bytes, can be anybody: give every service its own, the same
    /// to all its instances.
    ///
    /// # Errors
    ///
    /// An origin that is none, or a key that is too short.
    pub fn new(
        client: Client,
        account: Account,
        origin: &str,
        cookie_key: impl AsRef<[u8]>,
    ) -> Result<Self, LoginSetupError> {
        let origin = Url::parse(origin).map_err(|_| LoginSetupError::Origin)?;
        if !matches!(origin.scheme(), "http" | "https") || !origin.has_host() || origin.path() != "/" {
            return Err(LoginSetupError::Origin);
        }
        let key = Some(cookie_key.as_ref()).filter(|key| key.len() >= 32).ok_or(LoginSetupError::Key)?;
        let signer = Signer::new(key, account.app_id().as_str()).ok_or(LoginSetupError::Key)?;
        let oauth = OAuth::new(client, account);
        let login = WechatLogin { oauth, origin, signer, scope: Scope::UserInfo, life_s: 0 };
        Ok(Self { login: Arc::new(login) }.life(DAY))
    }

    /// [`Scope::Base`] logs in silently and knows the openid only; [`Scope::UserInfo`], the default, asks for nickname and
    /// portrait.
    #[must_use]
    pub fn scope(self, scope: Scope) -> Self {
        self.with(|login| login.scope = scope)
    }

    /// How long a login lasts; a day unless set otherwise.
    #[must_use]
    pub fn life(self, life: Duration) -> Self {
        self.with(|login| login.life_s = i64::try_from(life.as_secs()).unwrap_or(i64::MAX / 2))
    }

    fn with(self, change: impl FnOnce(&mut WechatLogin)) -> Self {
        let WechatLogin { oauth, origin, signer, scope, life_s } = &*self.login;
        let (oauth, origin, signer) = (oauth.clone(), origin.clone(), signer.clone());
        let mut login = WechatLogin { oauth, origin, signer, scope: *scope, life_s: *life_s };
        change(&mut login);
        Self { login: Arc::new(login) }
    }
}

/// What a request came to.
enum Verdict {
    /// Somebody we know.
    Enter(WechatUser),
    /// An answer in place of the page.
    Answer(Response),
}

impl WechatLogin {
    async fn judge(&self, method: &Method, uri: &Uri, headers: &HeaderMap) -> Verdict {
        let now_s = self.now_s();
        let query = uri.query().unwrap_or_default();
        let clean = clean(uri.path(), query);
        // A login that comes back counts before an older one: the person has just chosen.
        if let Some(state) = parameter(query, "state").filter(|state| self.is_ours(headers, state, now_s)) {
            return Verdict::Answer(self.complete(&state, parameter(query, "code"), &clean, now_s).await);
        }
        if let Some(session) = self.session(headers).filter(|session| now_s < session.until) {
            return Verdict::Enter(session.user);
        }
        let trouble = if !is_navigation(method, headers) {
            Trouble::NotAPage
        } else if parameter(query, "code").is_some() && parameter(query, "state").is_some() {
            Trouble::State
        } else if query.split('&').any(|pair| pair == MARK) {
            Trouble::Cookies
        } else {
            return Verdict::Answer(self.begin(&clean, now_s));
        };
        Verdict::Answer(trouble.page(&clean))
    }

    fn begin(&self, page: &str, now_s: i64) -> Response {
        let state = random_alphanumeric(self.oauth.client().engine().rng(), 32);
        let Some(link) = self.address(page).and_then(|back| self.oauth.authorize_url(&back, self.scope, &state).ok())
        else {
            return Trouble::WeChat.page(page);
        };
        let signed = self.signer.sign("state", format!("{state} {}", now_s.saturating_add(STATE_LIFE_S)).as_bytes());
        let mut response = redirect(&link);
        cookie::set(response.headers_mut(), &self.state_cookie(&state), &signed, STATE_LIFE_S, self.is_https());
        response
    }

    async fn complete(&self, state: &str, code: Option<String>, page: &str, now_s: i64) -> Response {
        let Some(code) = code.filter(|code| !code.is_empty()) else { return Trouble::Declined.page(page) };
        let user = match self.user(&code).await {
            Ok(user) => user,
            Err(trouble) => return trouble.page(page),
        };
        let session = Session { user, until: now_s.saturating_add(self.life_s) };
        let Ok(session) = serde_json::to_vec(&session) else { return Trouble::WeChat.page(page) };
        let separator = if page.contains('?') { '&' } else { '?' };
        let mut response = match self.address(&format!("{page}{separator}{MARK}")) {
            Some(address) => redirect(&address),
            None => return Trouble::State.page(page),
        };
        let signed = self.signer.sign("user", &session);
        cookie::set(response.headers_mut(), self.user_cookie(), &signed, self.life_s, self.is_https());
        // Not deleted at once: the second half of a double visit must still find it.
        cookie::set(response.headers_mut(), &self.state_cookie(state), &self.spent(state, now_s), 60, self.is_https());
        response
    }

    async fn user(&self, code: &str) -> Result<WechatUser, Trouble> {
        let told = |error: crate::Error| {
            tracing::info!(%error, "a login was not accepted");
            Trouble::WeChat
        };
        let token = self.oauth.access_token(code).await.map_err(told)?;
        if token.is_snapshotuser {
            return Err(Trouble::Snapshot);
        }
        let profile = self.oauth.user_info(code).await.map_err(told)?;
        let fitted = |text: String, most: usize| text.chars().take(most).collect();
        Ok(WechatUser {
            openid: profile.openid,
            unionid: profile.unionid,
            nickname: fitted(profile.nickname, 64),
            headimgurl: Some(profile.headimgurl)
                .filter(|address| address.starts_with("http"))
                .map(|address| fitted(address, 512))
                .unwrap_or_default(),
        })
    }

    /// Whether this browser began the login with this state, not too long ago.
    fn is_ours(&self, headers: &HeaderMap, state: &str, now_s: i64) -> bool {
        if state.len() != 32 || !state.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            return false;
        }
        let signed = cookie::get(headers, &self.state_cookie(state));
        let text = signed.and_then(|signed| self.signer.verify("state", signed));
        let text = text.and_then(|text| String::from_utf8(text).ok()).unwrap_or_default();
        let Some((own, until)) = text.split_once(' ') else { return false };
        ct_eq(own.as_bytes(), state.as_bytes()) && until.parse().is_ok_and(|until: i64| now_s < until)
    }

    fn spent(&self, state: &str, now_s: i64) -> String {
        self.signer.sign("state", format!("{state} {}", now_s.saturating_add(60)).as_bytes())
    }

    fn session(&self, headers: &HeaderMap) -> Option<Session> {
        let signed = cookie::get(headers, self.user_cookie())?;
        serde_json::from_slice(&self.signer.verify("user", signed)?).ok()
    }

    /// One cookie per login under way: two tabs do not disturb each other.
    fn state_cookie(&self, state: &str) -> String {
        let prefix = if self.is_https() { "__Host-" } else { "" };
        format!("{prefix}wx-state-{}", state.get(..8).unwrap_or_default())
    }

    fn user_cookie(&self) -> &'static str {
        if self.is_https() { "__Host-wx-user" } else { "wx-user" }
    }

    /// The page's whole address. `page` is a path that begins with one slash: of our own origin, whatever it looks like.
    fn address(&self, page: &str) -> Option<String> {
        let (path, query) = page.split_once('?').map_or((page, None), |(path, query)| (path, Some(query)));
        let mut url = self.origin.clone();
        url.set_path(path);
        url.set_query(query.filter(|query| !query.is_empty()));
        (url.origin() == self.origin.origin()).then(|| url.into())
    }

    fn is_https(&self) -> bool {
        self.origin.scheme() == "https"
    }

    fn now_s(&self) -> i64 {
        self.oauth.client().engine().clock().now_ms().div_euclid(1000)
    }
}

impl std::fmt::Debug for WechatLogin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("WechatLogin").field("oauth", &self.oauth).field("scope", &self.scope).finish_non_exhaustive()
    }
}

/// The page without what a login put into its query.
fn clean(path: &str, query: &str) -> String {
    let ours = |pair: &&str| !["code", "state", "wechat_auth"].contains(&pair.split('=').next().unwrap_or_default());
    let rest: Vec<&str> = query.split('&').filter(|pair| !pair.is_empty()).filter(ours).collect();
    if rest.is_empty() { path.to_owned() } else { format!("{path}?{}", rest.join("&")) }
}

fn parameter(query: &str, name: &str) -> Option<String> {
    url::form_urlencoded::parse(query.as_bytes()).find(|(found, _)| found == name).map(|(_, value)| value.into_owned())
}

/// Whether a browser is opening a page, rather than a script asking.
fn is_navigation(method: &Method, headers: &HeaderMap) -> bool {
    let says = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let navigates = says("sec-fetch-mode").is_none_or(|mode| mode == "navigate");
    let accept = says(ACCEPT.as_str()).unwrap_or("*/*");
    matches!(*method, Method::GET | Method::HEAD) && navigates && !accept.starts_with("application/json")
}

fn redirect(address: &str) -> Response {
    let mut response = StatusCode::FOUND.into_response();
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Ok(address) = HeaderValue::from_str(address) {
        headers.insert(LOCATION, address);
    }
    response
}

impl<S> Layer<S> for RequireWechatLogin {
    type Service = Guarded<S>;

    fn layer(&self, inner: S) -> Guarded<S> {
        Guarded { inner, login: Arc::clone(&self.login) }
    }
}

/// A route that only people who are logged in reach. Made by [`RequireWechatLogin`].
#[derive(Clone, Debug)]
pub struct Guarded<S> {
    inner: S,
    login: Arc<WechatLogin>,
}

impl<S> Service<Request> for Guarded<S>
where
    S: Service<Request, Error = Infallible> + Clone + Send + 'static,
    S::Response: IntoResponse,
    S::Future: Send,
{
    type Response = Response;
    type Error = Infallible;
    type Future = BoxFuture<'static, Result<Response, Infallible>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, mut request: Request) -> Self::Future {
        // The service that is ready is the one that is called; its clone is for the next request.
        let next = self.inner.clone();
        let mut inner = std::mem::replace(&mut self.inner, next);
        let login = Arc::clone(&self.login);
        Box::pin(async move {
            // Inside a nested router the path has lost its beginning.
            let uri =
                request.extensions().get::<OriginalUri>().map_or_else(|| request.uri().clone(), |uri| uri.0.clone());
            match login.judge(request.method(), &uri, request.headers()).await {
                Verdict::Answer(response) => Ok(response),
                Verdict::Enter(user) => {
                    request.extensions_mut().insert(user);
                    inner.call(request).await.map(IntoResponse::into_response)
                }
            }
        })
    }
}
