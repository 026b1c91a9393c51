//! What can go wrong with a call, classified once, here, for everyone above.

use std::borrow::Cow;
use std::error::Error as StdError;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use weixin_proto::{Class, ErrCode};

pub use self::instead::Instead;
use crate::endpoint::Auth;

mod instead;

/// A call that did not give its response.
///
/// Three questions have an answer: [`kind`](Self::kind) says what happened, [`retry`](Self::retry) what to do next, and
/// [`endpoint`](Self::endpoint) to whom. Neither `Display` nor `Debug` ever holds a URL, a secret or a token. Cheap to
/// clone: callers that shared one token fetch share its error.
#[derive(Clone)]
pub struct Error {
    inner: Arc<Inner>,
}

#[derive(Clone)]
struct Inner {
    kind: ErrorKind,
    endpoint: Cow<'static, str>,
    retry: Retry,
    instead: Option<Instead>,
    source: Option<Arc<dyn StdError + Send + Sync>>,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// WeChat refused the request, with a code. The request had no effect, except perhaps for code -1.
    Api(Refusal),
    /// WeChat does not accept the account itself: its secret, its address, or a token fetched a moment ago. The request
    /// had no effect. Nothing is fetched again before the time in [`Error::retry`]; a person has to look.
    TokenRefused(Refusal),
    /// The request certainly did not leave: no connection, no token, or too many calls in flight.
    NotSent(Cow<'static, str>),
    /// The request, which must not be sent twice, left, and no readable answer came: it may have had its effect.
    Uncertain(Cow<'static, str>),
    /// No readable answer came to a request that may be sent again, in all the tries allowed.
    Unanswered(Cow<'static, str>),
    /// WeChat answered, and the answer is not what its documentation promises.
    Decode(Cow<'static, str>),
    /// The request cannot be made as the caller wrote it.
    Config(Cow<'static, str>),
}

/// A refusal in WeChat's words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The number, also when the table does not know it.
    pub errcode: ErrCode,
    /// The text without the request id; at most 512 characters. For people, never for comparing.
    pub errmsg: String,
    /// WeChat's id of the request, readable for seven days through `/cgi-bin/openapi/rid/get`.
    pub rid: Option<String>,
}

/// What a caller may do about an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Retry {
    /// The *person's* token is stale: refresh it, then repeat. (The account's own token is the client's business.)
    RefreshToken,
    /// Nothing happened; the same request may succeed after this long.
    After(Duration),
    /// The request may or may not have had its effect: find out before repeating.
    Maybe,
    /// The same request will fail again.
    Never,
}

impl Error {
    /// What happened.
    #[must_use]
    pub fn kind(&self) -> &ErrorKind {
        &self.inner.kind
    }

    /// What to do about it.
    #[must_use]
    pub fn retry(&self) -> Retry {
        self.inner.retry
    }

    /// The path that was called, without host and query.
    #[must_use]
    pub fn endpoint(&self) -> &str {
        &self.inner.endpoint
    }

    /// WeChat's code, if WeChat gave one.
    #[must_use]
    pub fn errcode(&self) -> Option<ErrCode> {
        self.refusal().map(|refusal| refusal.errcode)
    }

    /// WeChat's text without the request id, if WeChat gave one.
    #[must_use]
    pub fn errmsg(&self) -> Option<&str> {
        self.refusal().map(|refusal| refusal.errmsg.as_str())
    }

    /// WeChat's id of the request, if WeChat gave one.
    #[must_use]
    pub fn rid(&self) -> Option<&str> {
        self.refusal().and_then(|refusal| refusal.rid.as_deref())
    }

    /// The path at which WeChat refused, if it did: that of the token's fetch, when the call was not made for want of a token.
    /// It tells a wrong secret from a token that is dead, where the code is the same. `token` when a source remembers no path.
    #[must_use]
    pub fn refused_at(&self) -> Option<&str> {
        let mut at = None;
        let mut next: Option<&(dyn StdError + 'static)> = Some(self);
        while let Some(error) = next {
            if let Some(error) = error.downcast_ref::<Self>().filter(|error| error.refusal().is_some()) {
                at = Some(error.endpoint());
            }
            next = error.source();
        }
        at
    }

    /// What came instead of a readable answer; where a token was wanting, instead of that token. `None` when WeChat
    /// answered, or was not asked.
    #[must_use]
    pub fn instead(&self) -> Option<Instead> {
        let mut next: Option<&(dyn StdError + 'static)> = Some(self);
        while let Some(error) = next {
            if let Some(instead) = error.downcast_ref::<Self>().and_then(|error| error.inner.instead) {
                return Some(instead);
            }
            next = error.source();
        }
        None
    }

    fn refusal(&self) -> Option<&Refusal> {
        match &self.inner.kind {
            ErrorKind::Api(refusal) | ErrorKind::TokenRefused(refusal) => Some(refusal),
            _ => None,
        }
    }

    /// An error a [`TokenSource`](crate::TokenSource) of your own gives when it has no token to offer, for instance
    /// because its database is down. `reason` must not hold a secret.
    #[must_use]
    pub fn no_token(reason: impl Into<String>, after: Duration) -> Self {
        Self::new("token", ErrorKind::NotSent(Cow::Owned(reason.into())), Retry::After(after))
    }

    /// With what it came from, as [`source`](std::error::Error::source) gives it.
    #[must_use]
    pub fn caused_by(self, cause: impl StdError + Send + Sync + 'static) -> Self {
        let inner = Inner { source: Some(Arc::new(cause)), ..(*self.inner).clone() };
        Self { inner: Arc::new(inner) }
    }

    /// An error a [`TokenSource`](crate::TokenSource) of your own gives when WeChat refused the account a while ago and
    /// is not to be asked again before `after`.
    #[must_use]
    pub fn token_refused(refusal: Refusal, after: Duration) -> Self {
        Self::new("token", ErrorKind::TokenRefused(refusal), Retry::After(after))
    }

    /// An error a [`TokenSource`](crate::TokenSource) of your own gives when WeChat refused the last fetch of another
    /// process, at this path, and nothing may be fetched for a while: everybody learns the cause.
    #[must_use]
    pub fn token_refused_elsewhere(at: impl Into<String>, refusal: Refusal, after: Duration) -> Self {
        Self::new(at.into(), ErrorKind::TokenRefused(refusal), Retry::After(after))
    }

    /// The same, told again when less of its rest is left.
    #[must_use]
    pub fn resting_for(&self, rest: Duration) -> Self {
        self.with_retry(Retry::After(rest))
    }

    pub(crate) fn new(endpoint: impl Into<Cow<'static, str>>, kind: ErrorKind, retry: Retry) -> Self {
        Self { inner: Arc::new(Inner { kind, endpoint: endpoint.into(), retry, instead: None, source: None }) }
    }

    pub(crate) fn with_instead(self, instead: Instead) -> Self {
        let inner = Inner { instead: Some(instead), ..(*self.inner).clone() };
        Self { inner: Arc::new(inner) }
    }

    pub(crate) fn config(endpoint: impl Into<Cow<'static, str>>, what: impl Into<Cow<'static, str>>) -> Self {
        Self::new(endpoint, ErrorKind::Config(what.into()), Retry::Never)
    }

    /// WeChat said no to a call that authenticates like `auth`.
    pub(crate) fn refused(
        endpoint: impl Into<Cow<'static, str>>,
        auth: Auth,
        repeatable: bool,
        refusal: Refusal,
        now_ms: i64,
    ) -> Self {
        let retry = match refusal.errcode.class() {
            Class::RefreshToken if auth == Auth::UserToken => Retry::RefreshToken,
            Class::Backoff if refusal.errcode == ErrCode::SYSTEM_BUSY && !repeatable => Retry::Maybe,
            _ if refusal.errcode == ErrCode::MINUTE_QUOTA => Retry::After(Duration::from_secs(60)),
            Class::Backoff => Retry::After(Duration::from_secs(1)),
            Class::Quota => Retry::After(until_midnight_in_beijing(now_ms)),
            _ => Retry::Never,
        };
        Self::new(endpoint, ErrorKind::Api(refusal), retry)
    }

    /// A fresh token was refused too: the same refusal, as a matter of the account.
    pub(crate) fn of_the_account(&self, after: Duration) -> Self {
        match self.refusal() {
            Some(refusal) => self.changed(ErrorKind::TokenRefused(refusal.clone()), Retry::After(after)),
            None => self.clone(),
        }
    }

    /// The call to `endpoint` could not be made, because there was no token for it.
    pub(crate) fn for_want_of_token(&self, endpoint: impl Into<Cow<'static, str>>) -> Self {
        let kind = match &self.inner.kind {
            ErrorKind::Api(refusal) if refusal.errcode == ErrCode::SYSTEM_BUSY => {
                ErrorKind::NotSent(Cow::Borrowed("WeChat was too busy to give an access token"))
            }
            ErrorKind::Api(refusal) | ErrorKind::TokenRefused(refusal) => ErrorKind::TokenRefused(refusal.clone()),
            ErrorKind::Config(what) => ErrorKind::Config(what.clone()),
            _ => ErrorKind::NotSent(Cow::Borrowed("no access token could be fetched")),
        };
        let retry = match self.inner.retry {
            Retry::After(pause) => Retry::After(pause),
            _ if matches!(kind, ErrorKind::Config(_)) => Retry::Never,
            _ => Retry::After(Duration::from_secs(1)),
        };
        let source: Option<Arc<dyn StdError + Send + Sync>> = Some(Arc::new(self.clone()));
        Self { inner: Arc::new(Inner { kind, endpoint: endpoint.into(), retry, instead: None, source }) }
    }

    pub(crate) fn with_retry(&self, retry: Retry) -> Self {
        self.changed(self.inner.kind.clone(), retry)
    }

    fn changed(&self, kind: ErrorKind, retry: Retry) -> Self {
        Self { inner: Arc::new(Inner { kind, retry, ..(*self.inner).clone() }) }
    }

    /// Whether WeChat called the account's access token wrong, replaced or expired.
    pub(crate) fn is_stale_token(&self) -> bool {
        matches!(&self.inner.kind, ErrorKind::Api(refusal) if STALE_TOKEN.contains(&refusal.errcode))
    }

    /// The `outcome` label of the metrics.
    pub(crate) fn outcome(&self) -> &'static str {
        match self.inner.kind {
            ErrorKind::Api(_) => "refused",
            ErrorKind::TokenRefused(_) => "token_refused",
            ErrorKind::NotSent(_) => "not_sent",
            ErrorKind::Uncertain(_) => "uncertain",
            ErrorKind::Unanswered(_) => "unanswered",
            ErrorKind::Decode(_) => "decode",
            ErrorKind::Config(_) => "config",
        }
    }
}

/// The three codes for a token that is wrong, replaced, malformed or expired.
const STALE_TOKEN: [ErrCode; 3] =
    [ErrCode::INVALID_CREDENTIAL, ErrCode::INVALID_ACCESS_TOKEN, ErrCode::ACCESS_TOKEN_EXPIRED];

/// Day quotas are counted anew at midnight in China.
fn until_midnight_in_beijing(now_ms: i64) -> Duration {
    const DAY_MS: i64 = 86_400_000;
    const UTC_PLUS_8_MS: i64 = 8 * 3_600_000;
    let into_the_day = now_ms.saturating_add(UTC_PLUS_8_MS).rem_euclid(DAY_MS);
    Duration::from_millis(u64::try_from(DAY_MS - into_the_day).unwrap_or(0))
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.inner.endpoint)?;
        match &self.inner.kind {
            ErrorKind::Api(refusal) => write!(f, "WeChat refused: {refusal}")?,
            ErrorKind::TokenRefused(refusal) => write!(f, "WeChat does not accept the account: {refusal}")?,
            ErrorKind::NotSent(why) => write!(f, "not sent: {why}")?,
            ErrorKind::Uncertain(why) => write!(f, "sent, result unknown: {why}")?,
            ErrorKind::Unanswered(why) => write!(f, "no answer: {why}")?,
            ErrorKind::Decode(why) => write!(f, "the answer is not as documented: {why}")?,
            ErrorKind::Config(why) => write!(f, "the request cannot be made: {why}")?,
        }
        match self.inner.retry {
            Retry::RefreshToken => f.write_str("; refresh the person's token, then repeat"),
            Retry::After(pause) => write!(f, "; may be repeated after {} s", pause.as_secs().max(1)),
            Retry::Maybe => f.write_str("; find out whether it took effect before repeating"),
            Retry::Never => Ok(()),
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.errcode, self.errmsg)?;
        if let Some(rid) = &self.rid {
            write!(f, " (rid {rid})")?;
        }
        match self.errcode.entry() {
            Some(entry) => write!(f, ": {}", entry.meaning_en),
            None => Ok(()),
        }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Error")
            .field("endpoint", &self.inner.endpoint)
            .field("kind", &self.inner.kind)
            .field("retry", &self.inner.retry)
            .field("source", &self.inner.source)
            .finish()
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.inner.source.as_ref().map(|source| &**source as &(dyn StdError + 'static))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOON_IN_BEIJING_MS: i64 = 1_767_240_000_000;

    fn refused(errcode: i64, auth: Auth, repeatable: bool) -> Error {
        let refusal = Refusal {
            errcode: ErrCode(errcode),
            errmsg: "invalid openid".into(),
            rid: Some("6aac005a-01bfdbee-79769285".into()),
        };
        Error::refused("/cgi-bin/user/info", auth, repeatable, refusal, NOON_IN_BEIJING_MS)
    }

    #[test]
    fn the_words_say_what_happened_to_what_and_what_next() {
        let api = refused(40003, Auth::AccessToken, true).to_string();
        assert!(
            api.starts_with(
                "/cgi-bin/user/info: WeChat refused: 40003 invalid openid (rid 6aac005a-01bfdbee-79769285): "
            ),
            "{api}"
        );
        let uncertain = Error::new("/a", ErrorKind::Uncertain("the connection broke off".into()), Retry::Maybe);
        assert_eq!(
            uncertain.to_string(),
            "/a: sent, result unknown: the connection broke off; find out whether it took effect before repeating"
        );
        let not_sent = Error::no_token("the database is down", Duration::from_secs(3));
        assert_eq!(not_sent.to_string(), "token: not sent: the database is down; may be repeated after 3 s");
        let wrong = Error::config("/a", "the query parameter b is not one value");
        assert_eq!(wrong.to_string(), "/a: the request cannot be made: the query parameter b is not one value");
    }

    #[test]
    fn an_unknown_code_survives() {
        let error = refused(123_456_789, Auth::AccessToken, true);
        assert_eq!((error.errcode(), error.retry()), (Some(ErrCode(123_456_789)), Retry::Never));
        assert!(error.to_string().contains("123456789 invalid openid"));
    }

    #[test]
    fn what_to_do_follows_from_the_code_and_the_call() {
        let after = |seconds| Retry::After(Duration::from_secs(seconds));
        for (errcode, auth, repeatable, retry) in [
            (-1, Auth::AccessToken, true, after(1)),
            (-1, Auth::AccessToken, false, Retry::Maybe),
            (45009, Auth::AccessToken, true, after(12 * 3600)),
            (45011, Auth::AccessToken, false, after(60)),
            (40001, Auth::UserToken, true, Retry::RefreshToken),
            (42001, Auth::UserToken, true, Retry::RefreshToken),
            (40001, Auth::APP_SECRET, true, Retry::Never),
            (43101, Auth::AccessToken, false, Retry::Never),
        ] {
            assert_eq!(refused(errcode, auth, repeatable).retry(), retry, "{errcode} {auth:?} {repeatable}");
        }
    }

    #[test]
    fn quotas_come_back_at_midnight_in_beijing() {
        assert_eq!(until_midnight_in_beijing(NOON_IN_BEIJING_MS), Duration::from_secs(12 * 3600));
        assert_eq!(until_midnight_in_beijing(NOON_IN_BEIJING_MS + 43_199_999), Duration::from_millis(1));
        assert_eq!(until_midnight_in_beijing(NOON_IN_BEIJING_MS + 43_200_000), Duration::from_secs(24 * 3600));
        assert_eq!(until_midnight_in_beijing(-1), Duration::from_millis(16 * 3_600_000 + 1));
    }

    #[test]
    fn want_of_a_token_is_told_as_what_it_means_for_the_call() {
        let wrong_secret = refused(40125, Auth::APP_SECRET, true).for_want_of_token("/cgi-bin/clear_quota");
        assert!(matches!(wrong_secret.kind(), ErrorKind::TokenRefused(_)));
        assert_eq!(wrong_secret.errcode(), Some(ErrCode(40125)));
        assert_eq!(wrong_secret.refused_at(), Some("/cgi-bin/user/info"), "not where it was wanted");
        let busy = refused(-1, Auth::APP_SECRET, true).for_want_of_token("/cgi-bin/clear_quota");
        assert!(matches!(busy.kind(), ErrorKind::NotSent(_)));
        let lost = Error::new("/cgi-bin/token", ErrorKind::Unanswered("x".into()), Retry::Maybe);
        let lost = lost.for_want_of_token("/cgi-bin/clear_quota");
        assert!(matches!(lost.kind(), ErrorKind::NotSent(_)), "the call itself was certainly not sent");
        assert_eq!((lost.endpoint(), lost.retry()), ("/cgi-bin/clear_quota", Retry::After(Duration::from_secs(1))));
        assert!(lost.source().unwrap().to_string().starts_with("/cgi-bin/token: no answer: x"));
    }
}
