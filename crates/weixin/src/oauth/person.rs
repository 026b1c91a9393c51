//! What comes after consent: a code becomes a token, and a token a person.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use sha2::{Digest as _, Sha256};
use tokio::sync::OnceCell;
use weixin_proto::{OpenId, UnionId};

use super::{AuthorizeUrl, AuthorizeUrlError, Scope};
use crate::api::Language;
use crate::api::sns::{
    ExchangeCode, FetchUserProfile, OAuthToken, RefreshOAuthToken, RefreshedOAuthToken, UserProfile,
};
use crate::{Account, Client, Error, Retry};

/// The logins of one account: one exchange per code, whoever asks and how often.
///
/// WeChat's browser is known to open a page twice, and a code works once. Here the first who brings a code exchanges it;
/// whoever brings the same one within a minute, also at the same time, gets the same answer. Cheap to clone; clones share.
///
/// ```
/// use weixin::oauth::{OAuth, Scope};
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let wechat = weixin_emulator::Emulator::start().await;
/// # let client = weixin::Client::builder().all_bases(wechat.url().parse()?).build()?;
/// # let account = weixin::Account::new("wx1111111111111111".into(), "11111111111111111111111111111111".into());
/// let oauth = OAuth::new(client, account);
/// let link = oauth.authorize_url("http://localhost:3001/back", Scope::UserInfo, "5Dq1vTGZ4k")?;
/// # let scope = weixin_emulator::Scope::UserInfo;
/// # let code = &wechat.persona_code("xiaoming", "official", weixin_emulator::CodeKind::OAuth(scope));
/// // … the person comes back with a code.
/// let (token, person) = tokio::try_join!(oauth.access_token(code), oauth.user_info(code))?;
/// assert_eq!((person.nickname.as_str(), &person.openid), ("小明", &token.openid));
/// assert_eq!(wechat.calls("/sns/oauth2/access_token"), 1);
/// let renewed = oauth.refresh_token(token.refresh_token.expose()).await?;
/// assert_eq!(renewed.openid, token.openid);
/// # Ok(()) }
/// ```
#[derive(Clone)]
pub struct OAuth {
    client: Client,
    account: Account,
    codes: Arc<Mutex<HashMap<[u8; 32], Seen>>>,
}

/// A code that was brought, by its hash.
#[derive(Clone)]
struct Seen {
    at_ms: i64,
    outcome: Arc<OnceCell<Result<OAuthToken, Error>>>,
}

/// How long a code gets the same answer, milliseconds.
const REUSE_MS: i64 = 60_000;
/// How long a spent code is remembered as such, milliseconds; longer than WeChat honours one.
const KEEP_MS: i64 = 10 * 60_000;
/// When this many codes are known, those past their time are forgotten.
const SWEEP_AT: usize = 4_096;

impl OAuth {
    /// The logins of this account.
    #[must_use]
    pub fn new(client: Client, account: Account) -> Self {
        Self { client, account, codes: Arc::default() }
    }

    /// The account.
    #[must_use]
    pub fn account(&self) -> &Account {
        &self.account
    }

    #[cfg(feature = "axum")]
    pub(crate) fn client(&self) -> &Client {
        &self.client
    }

    /// The link that starts a login; see [`AuthorizeUrl::new`].
    ///
    /// # Errors
    ///
    /// As [`AuthorizeUrl::build`].
    pub fn authorize_url(&self, redirect_uri: &str, scope: Scope, state: &str) -> Result<String, AuthorizeUrlError> {
        AuthorizeUrl::new(self.account.app_id(), redirect_uri, scope, state).build(self.client.bases())
    }

    /// The token for a code. The exchange goes on when the caller goes away only as long as somebody else waits for it.
    ///
    /// # Errors
    ///
    /// What WeChat refused the code with, the same for everybody who brings it. Where the code certainly did not arrive,
    /// the next call tries again.
    pub async fn access_token(&self, code: &str) -> Result<OAuthToken, Error> {
        let (key, seen) = self.seen(code)?;
        let exchange = || async { self.client.send(&self.account, ExchangeCode { code: code.into() }).await };
        let outcome = seen.outcome.get_or_init(exchange).await.clone();
        if outcome.as_ref().is_err_and(|error| matches!(error.retry(), Retry::After(_))) {
            self.forget(&key, &seen);
        }
        outcome
    }

    /// The person behind a code. With `snsapi_base` only the openid, and the unionid where there is one, are known.
    ///
    /// # Errors
    ///
    /// As [`access_token`](Self::access_token), and what WeChat refused the profile with.
    pub async fn user_info(&self, code: &str) -> Result<UserProfile, Error> {
        let OAuthToken { access_token, openid, scope, unionid, .. } = self.access_token(code).await?;
        if !scope.split(',').any(|scope| matches!(scope.trim(), "snsapi_userinfo" | "snsapi_login")) {
            return Ok(nobody_in_particular(openid, unionid));
        }
        let profile = FetchUserProfile { access_token, openid, lang: Language::default() };
        let mut profile = self.client.send(&self.account, profile).await?;
        profile.unionid = profile.unionid.or(unionid);
        Ok(profile)
    }

    /// Renews a token, for 30 days after the login.
    ///
    /// # Errors
    ///
    /// Refused with 42002, 40030 or 42007: only a new login helps.
    pub async fn refresh_token(&self, refresh_token: &str) -> Result<RefreshedOAuthToken, Error> {
        self.client.send(&self.account, RefreshOAuthToken { refresh_token: refresh_token.into() }).await
    }

    fn seen(&self, code: &str) -> Result<([u8; 32], Seen), Error> {
        let now = self.client.engine().clock().now_ms();
        let key: [u8; 32] = Sha256::digest(code).into();
        let mut codes = self.codes.lock().unwrap_or_else(PoisonError::into_inner);
        if codes.len() >= SWEEP_AT {
            codes.retain(|_, seen| now.saturating_sub(seen.at_ms) < KEEP_MS);
        }
        let seen = codes.entry(key).or_insert_with(|| Seen { at_ms: now, outcome: Arc::default() }).clone();
        if now.saturating_sub(seen.at_ms) >= REUSE_MS {
            return Err(Error::config("/sns/oauth2/access_token", "the code was exchanged more than a minute ago"));
        }
        Ok((key, seen))
    }

    /// Only the exchange that failed: another may have begun meanwhile.
    fn forget(&self, key: &[u8; 32], seen: &Seen) {
        let mut codes = self.codes.lock().unwrap_or_else(PoisonError::into_inner);
        if codes.get(key).is_some_and(|found| Arc::ptr_eq(&found.outcome, &seen.outcome)) {
            codes.remove(key);
        }
    }
}

/// Somebody who agreed to show nothing of themselves.
fn nobody_in_particular(openid: OpenId, unionid: Option<UnionId>) -> UserProfile {
    let empty = String::new;
    UserProfile {
        openid,
        nickname: empty(),
        sex: 0,
        language: empty(),
        province: empty(),
        city: empty(),
        country: empty(),
        headimgurl: empty(),
        privilege: Vec::new(),
        unionid,
    }
}

impl std::fmt::Debug for OAuth {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("OAuth").field("app_id", self.account.app_id()).finish_non_exhaustive()
    }
}
