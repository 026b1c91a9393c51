//! How the failures of the crates below become an [`AppError`]: one place.

use std::error::Error as StdError;
use std::time::Duration;

use weiqiao_coord::CoordError;
use weiqiao_store::{StoreError, StoreErrorKind};
use weixin::{ErrorKind as WeixinErrorKind, Retry};
use weixin_proto::Class;

use crate::App;
use crate::accounts::Account;
use crate::error::{AppError, Dependency, ErrorKind, WeChatRefusal, code};
use crate::hint::{self, Call, Silence};
use crate::vault::OpenError;

impl From<StoreError> for AppError {
    fn from(error: StoreError) -> Self {
        match error.kind() {
            StoreErrorKind::Unavailable | StoreErrorKind::Locked => {
                let kind = ErrorKind::Unavailable(Dependency::Database);
                Self::new(kind, code::DATABASE_UNAVAILABLE, "数据库暂时不可用，请稍后再试").with_source(error)
            }
            StoreErrorKind::Invalid => {
                Self::invalid(code::VALIDATION_FAILED, "请求参数错误: 包含无法保存的字符").with_source(error)
            }
            StoreErrorKind::Conflict => {
                Self::new(ErrorKind::Conflict, code::ALREADY_EXISTS, "已经存在").with_source(error)
            }
            _ => Self::internal(error),
        }
    }
}

impl From<CoordError> for AppError {
    fn from(error: CoordError) -> Self {
        let kind = ErrorKind::Unavailable(Dependency::Cache);
        Self::new(kind, code::CACHE_UNAVAILABLE, "缓存暂时不可用，请稍后再试").with_source(error)
    }
}

impl From<OpenError> for AppError {
    fn from(error: OpenError) -> Self {
        tracing::error!(%error, "a stored secret cannot be read: wrong key or damaged row");
        metrics::counter!("weiqiao_vault_open_failures_total").increment(1);
        Self::internal(error)
    }
}

impl From<serde_json::Error> for AppError {
    /// For our own rows only: what a client sends is read by the routes.
    fn from(error: serde_json::Error) -> Self {
        // The position is enough to find the fault; the text itself may be about a person.
        Self::internal(format!("stored JSON cannot be read: line {}, column {}", error.line(), error.column()))
    }
}

/// A refusal or silence of WeChat as an error with the documented text: `<what>: wechat api error: <errcode> - <errmsg>`,
/// for mini programs `<what>: <errmsg>`.
///
/// WeChat's words may hold what it was sent, so they are scrubbed as the log is. `login_code` is the code that was refused, when
/// it was about one.
pub(crate) fn wechat_error(
    app: &App,
    what: &str,
    word: &'static str,
    call: Call,
    account: &Account,
    error: &weixin::Error,
    login_code: Option<&str>,
) -> AppError {
    if let Some(down) = cause::<StoreError>(error) {
        // WeChat was not even asked: its token could not be looked up or kept.
        return down.clone().into();
    }
    let clean = |words: &str| app.scrubber().clean_of(words, login_code).into_owned();
    let refusal = WeChatRefusal {
        errcode: error.errcode().map(|code| code.get()),
        errmsg: error.errmsg().map(clean),
        rid: error.rid().map(clean),
        retryable: is_retryable(error, call),
    };
    let away = away(error, call, refusal.retryable);
    let (message, hint) = match (refusal.errcode, refusal.errmsg.as_deref().unwrap_or_default()) {
        (Some(errcode), errmsg) => {
            let message = match call {
                Call::MiniLogin | Call::Mini => format!("{what}: {errmsg}"),
                _ => format!("{what}: wechat api error: {errcode} - {errmsg}"),
            };
            let hint = if hint::is_dead_token(call, errcode, error.refused_at()) {
                hint::explain_dead_token(account, errcode, rest(error))
            } else {
                hint::explain(call, account, errcode, errmsg, login_code)
            };
            (message, hint)
        }
        (None, _) => {
            let silence = silence(error);
            (format!("{what}: {silence}"), silence.explain(call, refusal.retryable, away))
        }
    };
    let told = AppError::new(ErrorKind::WeChat(refusal), word, message).with_hint(hint).with_source(error.clone());
    match away {
        Some(wait) => told.with_retry_after(wait),
        None => told,
    }
}

/// The longest a caller is told to wait for a WeChat that does not answer: it may be back at any time.
const LONGEST_AWAY: Duration = Duration::from_secs(3);

/// When another request may find a WeChat that answers. `None` when it did answer, and when the request may have had an
/// effect that a caller who simply repeats it would have twice. A login has none: whoever repeats it brings another code.
fn away(error: &weixin::Error, call: Call, retryable: bool) -> Option<Duration> {
    error.instead()?;
    let login = matches!(call, Call::WebLogin | Call::MiniLogin | Call::UserInfo);
    let wait = match error.retry() {
        Retry::After(wait) => wait.clamp(Duration::from_secs(1), LONGEST_AWAY),
        _ => Duration::from_secs(1),
    };
    (error.errcode().is_none() && (login || retryable)).then_some(wait)
}

/// Whether the same request of our client may succeed soon. Not tomorrow, and not after somebody changed a setting; and not
/// when it may have spent the code that it would have to bring again.
fn is_retryable(error: &weixin::Error, call: Call) -> bool {
    match (error.errcode(), error.kind()) {
        // The person's code was spent before the person was asked for.
        _ if call == Call::UserInfo => false,
        (Some(errcode), _) => {
            errcode.class() == Class::Backoff || hint::is_dead_token(call, errcode.get(), error.refused_at())
        }
        (None, WeixinErrorKind::NotSent(_) | WeixinErrorKind::Unanswered(_)) => true,
        (None, _) => false,
    }
}

/// How long the same would be answered without asking WeChat.
fn rest(error: &weixin::Error) -> Option<Duration> {
    match error.retry() {
        Retry::After(rest) => Some(rest),
        _ => None,
    }
}

/// Why no refusal arrived.
fn silence(error: &weixin::Error) -> Silence {
    match (error.instead(), error.kind()) {
        (Some(instead), _) => Silence::Instead(instead),
        (None, WeixinErrorKind::NotSent(_)) if is_want_of_token(error) => Silence::NoToken,
        (None, WeixinErrorKind::NotSent(_) | WeixinErrorKind::Config(_)) => Silence::NotSent,
        (None, _) => Silence::Undocumented,
    }
}

/// Whether our own source of tokens had none to offer.
fn is_want_of_token(error: &weixin::Error) -> bool {
    causes(error).filter_map(|cause| cause.downcast_ref::<weixin::Error>()).any(|error| error.endpoint() == "token")
}

/// The first of this kind among what it came from.
fn cause<E: StdError + 'static>(error: &weixin::Error) -> Option<&E> {
    causes(error).find_map(|cause| cause.downcast_ref())
}

/// The error, then what it came from.
fn causes(error: &weixin::Error) -> impl Iterator<Item = &(dyn StdError + 'static)> {
    std::iter::successors(Some(error as &(dyn StdError + 'static)), |&error| error.source())
}
