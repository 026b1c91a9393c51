//! One error for every use case: what happened, whose fault, what next. It knows nothing of HTTP.
//!
//! An [`AppError`] has a *kind* (what the caller may do about it), a stable upper-case *code word* (what a program may
//! match on), a *message* (Chinese, shown to people, literal where the contract says so), an optional *hint* (cause in
//! this installation and the next step) and a *source* (for the log only, never shown).

use std::borrow::Cow;
use std::error::Error as StdError;
use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Serialize};

pub mod code;

/// The result of a use case.
pub type Result<T, E = AppError> = std::result::Result<T, E>;

/// Why a use case could not do what was asked. One pointer wide.
pub struct AppError(Box<Inner>);

struct Inner {
    kind: ErrorKind,
    code: Cow<'static, str>,
    message: Cow<'static, str>,
    hint: Option<String>,
    retry_after: Option<Duration>,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

/// What the caller may do about an [`AppError`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ErrorKind {
    /// The request is wrong; the same request will fail again. One problem per field; empty when no field is to blame.
    Invalid(Vec<FieldProblem>),
    /// No valid credential came with the request.
    Unauthorized,
    /// The credential is good, the deed is not allowed.
    Forbidden,
    /// The thing does not exist.
    NotFound,
    /// The thing is in a state that does not allow this.
    Conflict,
    /// Too many of these; try again after this long.
    TooMany {
        /// When the next try may succeed.
        retry_after: Duration,
    },
    /// WeChat refused, or could not be reached.
    WeChat(WeChatRefusal),
    /// Something of ours is down; retrying later helps.
    Unavailable(Dependency),
    /// A bug or a damaged row. The source says more; people see a fixed text.
    Internal,
}

/// What is wrong with one field of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldProblem {
    /// The field as it is named on the wire, such as `code`.
    pub field: Cow<'static, str>,
    /// The broken rule in one word, such as `required`.
    pub rule: &'static str,
    /// The rule in Chinese, such as `code 不能为空`.
    pub message: String,
}

impl FieldProblem {
    /// The name of a field that nobody knows, when it looks like a slip of the pen. What else may stand there, a key for
    /// instance, is repeated neither to whoever sent it nor to the log.
    #[must_use]
    pub fn spoken_name(name: &str) -> &str {
        let is_word = name.len() <= 24 && name.bytes().all(|byte| byte.is_ascii_alphabetic() || byte == b'_');
        if is_word { name } else { "…" }
    }
}

/// What WeChat said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WeChatRefusal {
    /// WeChat's number; `None` when no answer arrived.
    pub errcode: Option<i64>,
    /// WeChat's text without the request id; `None` when no answer arrived. Never words of ours.
    pub errmsg: Option<String>,
    /// WeChat's own request id, for their support.
    pub rid: Option<String>,
    /// Whether the same request may succeed later.
    pub retryable: bool,
}

/// What of ours is down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dependency {
    /// The SQLite file or Postgres.
    Database,
    /// Redis, where something cannot be done without it.
    Cache,
}

impl AppError {
    /// An error of the given kind. `code` is a stable upper-case word, `message` is what people read.
    pub fn new(kind: ErrorKind, code: impl Into<Cow<'static, str>>, message: impl Into<Cow<'static, str>>) -> Self {
        let (code, message) = (code.into(), message.into());
        Self(Box::new(Inner { kind, code, message, hint: None, retry_after: None, source: None }))
    }

    /// The request is wrong as a whole.
    pub fn invalid(code: &'static str, message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(ErrorKind::Invalid(Vec::new()), code, message)
    }

    /// One field of the request breaks a rule. Code `VALIDATION_FAILED`, message `请求参数错误: …`.
    pub fn field(field: &'static str, rule: &'static str, message: impl Into<String>) -> Self {
        let message = message.into();
        let text = format!("请求参数错误: {message}");
        let problem = FieldProblem { field: Cow::Borrowed(field), rule, message };
        Self::new(ErrorKind::Invalid(vec![problem]), code::VALIDATION_FAILED, text)
    }

    /// No valid credential.
    #[must_use]
    pub fn unauthorized() -> Self {
        Self::new(ErrorKind::Unauthorized, code::UNAUTHORIZED, "未登录或登录已过期")
    }

    /// Not allowed.
    pub fn forbidden(code: &'static str, message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(ErrorKind::Forbidden, code, message)
    }

    /// Does not exist.
    pub fn not_found(code: &'static str, message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(ErrorKind::NotFound, code, message)
    }

    /// A bug or a damaged row; `source` goes to the log only.
    pub fn internal(source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self::new(ErrorKind::Internal, code::INTERNAL_ERROR, "服务器内部错误").with_source(source)
    }

    /// Adds the cause in this installation and the next step.
    #[must_use]
    pub fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.0.hint = Some(hint.into());
        self
    }

    /// It is not the request: another one may succeed after this long.
    #[must_use]
    pub fn with_retry_after(mut self, wait: Duration) -> Self {
        self.0.retry_after = Some(wait);
        self
    }

    /// Adds what the log should show.
    #[must_use]
    pub fn with_source(mut self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.0.source = Some(source.into());
        self
    }

    /// What the caller may do about it.
    #[must_use]
    pub fn kind(&self) -> &ErrorKind {
        &self.0.kind
    }

    /// The stable upper-case word.
    #[must_use]
    pub fn code(&self) -> &str {
        &self.0.code
    }

    /// What people read.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// Cause in this installation and next step, in Chinese.
    #[must_use]
    pub fn hint(&self) -> Option<&str> {
        self.0.hint.as_deref()
    }

    /// When another request may succeed, where it was not the request: WeChat does not answer.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }

    /// What WeChat said, when it was WeChat.
    #[must_use]
    pub fn wechat(&self) -> Option<&WeChatRefusal> {
        match &self.0.kind {
            ErrorKind::WeChat(refusal) => Some(refusal),
            _ => None,
        }
    }

    /// Whether this is one of *our* failures that an operator must look at: a bug or something of ours that is down.
    #[must_use]
    pub fn is_ours(&self) -> bool {
        matches!(self.0.kind, ErrorKind::Internal | ErrorKind::Unavailable(_))
    }
}

/// What of an [`AppError`] is kept for those who ask again: everything people see, nothing that only the log may hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Remembered {
    kind: RememberedKind,
    code: String,
    message: String,
    hint: Option<String>,
    #[serde(default)]
    retry_after: Option<Duration>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
enum RememberedKind {
    Invalid,
    Forbidden,
    WeChat(WeChatRefusal),
    Unavailable,
    Internal,
}

impl AppError {
    /// What to keep of it.
    pub(crate) fn remember(&self) -> Remembered {
        let kind = match &self.0.kind {
            ErrorKind::Invalid(_) => RememberedKind::Invalid,
            ErrorKind::Forbidden => RememberedKind::Forbidden,
            ErrorKind::WeChat(refusal) => RememberedKind::WeChat(refusal.clone()),
            ErrorKind::Unavailable(_) => RememberedKind::Unavailable,
            _ => RememberedKind::Internal,
        };
        Remembered {
            kind,
            code: self.code().to_owned(),
            message: self.message().to_owned(),
            hint: self.hint().map(str::to_owned),
            retry_after: self.retry_after(),
        }
    }

    /// The error again.
    pub(crate) fn recall(remembered: Remembered) -> Self {
        let kind = match remembered.kind {
            RememberedKind::Invalid => ErrorKind::Invalid(Vec::new()),
            RememberedKind::Forbidden => ErrorKind::Forbidden,
            RememberedKind::WeChat(refusal) => ErrorKind::WeChat(refusal),
            RememberedKind::Unavailable => ErrorKind::Unavailable(Dependency::Database),
            RememberedKind::Internal => ErrorKind::Internal,
        };
        let mut error = Self::new(kind, remembered.code, remembered.message);
        error.0.hint = remembered.hint;
        error.0.retry_after = remembered.retry_after;
        error
    }

    /// Whether it may be otherwise in a moment, with nothing changed.
    pub(crate) fn is_passing(&self) -> bool {
        match &self.0.kind {
            ErrorKind::WeChat(refusal) => refusal.retryable,
            ErrorKind::Unavailable(_) | ErrorKind::TooMany { .. } => true,
            _ => false,
        }
    }
}

impl fmt::Display for AppError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message)
    }
}

impl fmt::Debug for AppError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AppError")
            .field("code", &self.0.code)
            .field("kind", &self.0.kind)
            .field("message", &self.0.message)
            .field("source", &self.0.source)
            .finish()
    }
}

impl StdError for AppError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.source.as_deref().map(|source| source as _)
    }
}
