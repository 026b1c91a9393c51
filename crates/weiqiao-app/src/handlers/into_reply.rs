//! The types a handler can return.

use std::fmt;

use weixin_proto::callback::reply::Reply;

use crate::decide::ReplySpec;

/// Why a handler has no answer. Goes to the log and the inbox; the person is told nothing.
#[derive(Debug)]
pub struct HandlerError(Box<dyn std::error::Error + Send + Sync>);

impl HandlerError {
    /// Wraps whatever went wrong.
    pub fn new(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self(error.into())
    }
}

impl fmt::Display for HandlerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for HandlerError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0.source()
    }
}

/// What a handler returns.
///
/// Texts become text replies; `()` and `None` say nothing; a [`Reply`] is any type of reply; an `Err` is logged and says
/// nothing.
pub trait IntoReply: Send {
    /// The answer.
    ///
    /// # Errors
    ///
    /// The handler failed.
    fn into_reply(self) -> Result<ReplySpec, HandlerError>;
}

impl IntoReply for () {
    fn into_reply(self) -> Result<ReplySpec, HandlerError> {
        Ok(ReplySpec::None)
    }
}

impl IntoReply for &str {
    fn into_reply(self) -> Result<ReplySpec, HandlerError> {
        Ok(Reply::text(self).into())
    }
}

impl IntoReply for String {
    fn into_reply(self) -> Result<ReplySpec, HandlerError> {
        Ok(Reply::text(self).into())
    }
}

impl IntoReply for Reply {
    fn into_reply(self) -> Result<ReplySpec, HandlerError> {
        Ok(ReplySpec::Reply(self))
    }
}

impl IntoReply for ReplySpec {
    fn into_reply(self) -> Result<ReplySpec, HandlerError> {
        Ok(self)
    }
}

impl<R: IntoReply> IntoReply for Option<R> {
    fn into_reply(self) -> Result<ReplySpec, HandlerError> {
        self.map_or(Ok(ReplySpec::None), IntoReply::into_reply)
    }
}

impl<R, E> IntoReply for Result<R, E>
where
    R: IntoReply,
    E: Into<Box<dyn std::error::Error + Send + Sync>> + Send,
{
    fn into_reply(self) -> Result<ReplySpec, HandlerError> {
        self.map_err(HandlerError::new)?.into_reply()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_that_can_be_returned() {
        let said = |value: ReplySpec| serde_json::to_string(&value).unwrap();
        assert_eq!(said("a".into_reply().unwrap()), r#"{"content":"a","type":"text"}"#);
        assert_eq!(said(String::from("a").into_reply().unwrap()), r#"{"content":"a","type":"text"}"#);
        assert_eq!(said(Some("a").into_reply().unwrap()), r#"{"content":"a","type":"text"}"#);
        assert_eq!(said(None::<&str>.into_reply().unwrap()), r#"{"type":"none"}"#);
        assert_eq!(said(().into_reply().unwrap()), r#"{"type":"none"}"#);
        assert_eq!(
            said(Ok::<_, std::io::Error>(Some(Reply::text("a"))).into_reply().unwrap()),
            r#"{"content":"a","type":"text"}"#
        );
        assert_eq!(Err::<(), _>("no database").into_reply().unwrap_err().to_string(), "no database");
    }
}
