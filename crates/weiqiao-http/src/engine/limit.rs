//! How often one caller may call.
//!
//! A handler that is limited takes `_: Limited<Group>` as an argument, before the body is read. Counted per address (an
//! IPv6 network of 64 bits counts as one) and per session where one is shown; a good API key counts by itself, because
//! the servers behind it speak for many.

use std::marker::PhantomData;
use std::net::IpAddr;

use axum::extract::FromRequestParts;
use http::request::Parts;
use sha2::{Digest as _, Sha256};
use weiqiao_app::usecase::api_key::verify_api_key;
use weiqiao_app::{ErrorKind, RateLimit};

use super::cookies::{self, SESSION_COOKIE};
use super::edge::RequestContext;
use super::{ApiError, caller};
use crate::AppState;

/// Routes that share a limit.
pub trait Group: Send + Sync + 'static {
    /// The name it is counted under.
    const NAME: &'static str;
    /// How much one address, and one session, may do.
    const LIMIT: RateLimit;
}

/// One API key, whatever it calls.
const PER_KEY: RateLimit = RateLimit::per_minute(600);

macro_rules! groups {
    ($($(#[$about:meta])* $name:ident = $word:literal: $limit:expr;)*) => {$(
        $(#[$about])*
        #[derive(Debug)]
        pub(crate) struct $name;
        impl Group for $name {
            const NAME: &'static str = $word;
            const LIMIT: RateLimit = $limit;
        }
    )*};
}

groups! {
    /// A code for a session: each may cost a call to WeChat.
    Login = "login": RateLimit::per_minute(20).with_burst(40);
    /// A login begun or completed: each writes a state.
    Start = "start": RateLimit::per_minute(30);
    /// A computer that waits for a phone: every two seconds, and many computers behind one address.
    Poll = "poll": RateLimit::per_minute(1200);
    /// Reading people.
    User = "user": RateLimit::per_minute(60);
    /// What customers and advisors do in a mini program.
    Mini = "mini": RateLimit::per_minute(60).with_burst(120);
    /// Messages sent on request.
    Message = "message": RateLimit::per_minute(120);
    /// Signing pages.
    JsSdk = "jssdk": RateLimit::per_minute(120);
    /// Staff logging in; single users are locked out much earlier.
    StaffLogin = "staff-login": RateLimit::per_minute(20).with_burst(10);
    /// Walking the whole audit chain.
    Verify = "audit-verify": RateLimit::per_minute(6);
    /// What staff and programs do under `/api/admin`.
    Admin = "admin": RateLimit::per_minute(600);
}

/// Proof that the caller is within the limit of the group, and shows no API key that is wrong: that is told everywhere, also
/// where no key is needed, so that nobody takes one for good that is not.
#[derive(Debug)]
pub struct Limited<G>(PhantomData<G>);

impl<G: Group> FromRequestParts<AppState> for Limited<G> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, ApiError> {
        if state.settings().rate_limits {
            // In boxes, because a handler's future is as large as the largest of its parts, and is moved some times.
            Box::pin(check::<G>(parts, state)).await?;
        }
        if let Some(key) = caller::shown_key(&parts.headers, state) {
            Box::pin(refuse_wrong_key(key, state)).await?;
        }
        Ok(Self(PhantomData))
    }
}

async fn check<G: Group>(parts: &mut Parts, state: &AppState) -> Result<(), ApiError> {
    if let Some(name) = api_key(parts, state).await {
        return count(state, "api-key", &name, PER_KEY).await;
    }
    let context = RequestContext::from_request_parts(parts, &()).await?;
    count(state, G::NAME, &network(context.client_ip).to_string(), G::LIMIT).await?;
    let session = caller::bearer(&parts.headers).or_else(|| cookies::get(&parts.headers, SESSION_COOKIE));
    match session {
        Some(token) => {
            let token = hex::encode(Sha256::digest(token));
            count(state, G::NAME, &token, G::LIMIT).await
        }
        None => Ok(()),
    }
}

/// Only what is certainly wrong is refused here; without a database it is for the handler to say what it needs.
async fn refuse_wrong_key(key: &str, state: &AppState) -> Result<(), ApiError> {
    match verify_api_key(state.app(), key).await {
        Err(error) if *error.kind() == ErrorKind::Unauthorized => Err(error.into()),
        Ok(_) | Err(_) => Ok(()),
    }
}

/// The name of a good API key; one that is wrong counts like nobody's.
async fn api_key(parts: &Parts, state: &AppState) -> Option<String> {
    let key = caller::shown_key(&parts.headers, state)?;
    let key = verify_api_key(state.app(), key).await.ok()?;
    Some(key.id.as_ref().map_or_else(|| key.name.clone(), |id| id.as_str().to_owned()))
}

async fn count(state: &AppState, name: &'static str, key: &str, limit: RateLimit) -> Result<(), ApiError> {
    let decision = state.app().coord().rate().check(name, key, limit).await;
    if decision.allowed {
        return Ok(());
    }
    metrics::counter!("http_rate_limited_total", "group" => name).increment(1);
    Err(ApiError::too_many(decision.retry_after))
}

/// Whoever has one IPv6 address has 2⁶⁴ of them.
fn network(ip: IpAddr) -> IpAddr {
    match ip {
        IpAddr::V4(_) => ip,
        IpAddr::V6(six) => {
            let [a, b, c, d, ..] = six.segments();
            IpAddr::V6(std::net::Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
    }
}
