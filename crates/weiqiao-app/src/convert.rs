//! How the failures of the crates below become an [`AppError`]: one place.

use std::error::Error as StdError;

use weiqiao_coord::CoordError;
use weiqiao_store::{StoreError, StoreErrorKind};
use weixin::{ErrorKind as WeixinErrorKind, Retry};

use crate::accounts::Account;
use crate::error::{AppError, Dependency, ErrorKind, WeChatRefusal, code};
use crate::hint::{self, Call};
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

/// What WeChat said, or why it said nothing.
pub(crate) fn refusal(error: &weixin::Error) -> WeChatRefusal {
    let retryable = matches!(error.retry(), Retry::After(_) | Retry::Maybe);
    WeChatRefusal {
        errcode: error.errcode().map(|code| code.get()),
        errmsg: error.errmsg().map_or_else(|| silence(error).to_owned(), str::to_owned),
        rid: error.rid().map(str::to_owned),
        retryable,
    }
}

/// Why no refusal arrived, in words for people.
fn silence(error: &weixin::Error) -> &'static str {
    match error.kind() {
        WeixinErrorKind::NotSent(_) if is_want_of_token(error) => NO_TOKEN,
        WeixinErrorKind::NotSent(_) => "无法连接微信服务器",
        WeixinErrorKind::Uncertain(_) | WeixinErrorKind::Unanswered(_) => "微信服务器没有及时响应",
        WeixinErrorKind::Decode(_) => "微信服务器返回了无法识别的内容",
        _ => "请求无法发出",
    }
}

const NO_TOKEN: &str = "暂时无法取得 access_token";

/// Whether our own source of tokens had none to offer, which says nothing about WeChat.
fn is_want_of_token(error: &weixin::Error) -> bool {
    let mut next: Option<&(dyn StdError + 'static)> = Some(error);
    while let Some(error) = next {
        if error.downcast_ref::<weixin::Error>().is_some_and(|error| error.endpoint() == "token") {
            return true;
        }
        next = error.source();
    }
    false
}

/// A refusal or silence of WeChat as an error with the documented text: `<what>: wechat api error: <errcode> - <errmsg>`.
///
/// `login_code` is the code that was refused, when it was about one.
pub(crate) fn wechat_error(
    what: &str,
    word: &'static str,
    call: Call,
    account: &Account,
    error: &weixin::Error,
    login_code: Option<&str>,
) -> AppError {
    let refusal = refusal(error);
    let message = match refusal.errcode {
        Some(errcode) => format!("{what}: wechat api error: {errcode} - {}", refusal.errmsg),
        None => format!("{what}: {}", refusal.errmsg),
    };
    from_refusal(refusal, message, word, call, account, login_code).with_source(error.clone())
}

/// The same with a text of its own.
pub(crate) fn from_refusal(
    refusal: WeChatRefusal,
    message: String,
    word: &'static str,
    call: Call,
    account: &Account,
    login_code: Option<&str>,
) -> AppError {
    let hint = match refusal.errcode {
        Some(errcode) => hint::explain(call, account, errcode, &refusal.errmsg, login_code),
        None if refusal.errmsg == NO_TOKEN => hint::explain_no_token(),
        None => hint::explain_silence(),
    };
    AppError::new(ErrorKind::WeChat(refusal), word, message).with_hint(hint)
}
