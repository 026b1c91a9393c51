use std::borrow::Cow;
use std::fmt;

use super::super::fields::legal;

/// A reply that WeChat would not take. Its words name the field as it is called in our JSON.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReplyError {
    field: Cow<'static, str>,
    problem: ReplyProblem,
}

impl ReplyError {
    /// The field, such as `content` or `articles[2].title`.
    #[must_use]
    pub fn field(&self) -> &str {
        &self.field
    }

    /// What is wrong with it.
    #[must_use]
    pub const fn problem(&self) -> ReplyProblem {
        self.problem
    }
}

/// What is wrong with a reply.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ReplyProblem {
    /// It has no text, or only white space.
    Empty,
    /// It has too many bytes.
    TooLong {
        /// How many are allowed.
        most: usize,
        /// How many there are.
        found: usize,
    },
    /// There are too many.
    TooMany {
        /// How many are allowed.
        most: usize,
        /// How many there are.
        found: usize,
    },
    /// It is an id with white space or characters beyond ASCII.
    NotId,
    /// Only messages can be answered with it, not events.
    MessagesOnly,
}

impl ReplyProblem {
    pub(super) fn of(self, field: impl Into<Cow<'static, str>>) -> ReplyError {
        ReplyError { field: field.into(), problem: self }
    }
}

/// A text that must be there, with `most` bytes as written.
pub(super) fn check_text(field: &'static str, text: &str, most: usize) -> Result<(), ReplyError> {
    let text = legal(text);
    if text.trim().is_empty() {
        return Err(ReplyProblem::Empty.of(field));
    }
    if text.len() > most {
        return Err(ReplyProblem::TooLong { most, found: text.len() }.of(field));
    }
    Ok(())
}

/// An id that must be there.
pub(super) fn check_id(field: &'static str, id: &str) -> Result<(), ReplyError> {
    if id.is_empty() {
        return Err(ReplyProblem::Empty.of(field));
    }
    if id.bytes().all(|byte| byte.is_ascii_graphic()) { Ok(()) } else { Err(ReplyProblem::NotId.of(field)) }
}

impl fmt::Display for ReplyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the reply's `{}` ", self.field)?;
        match self.problem {
            ReplyProblem::Empty => f.write_str("is empty; WeChat would tell the user that the service is broken"),
            ReplyProblem::TooLong { most, found } => write!(f, "has {found} bytes, WeChat takes {most} at most"),
            ReplyProblem::TooMany { most, found } => write!(f, "has {found} items, WeChat takes {most} at most here"),
            ReplyProblem::NotId => f.write_str("is no id of WeChat's: it has white space or characters beyond ASCII"),
            ReplyProblem::MessagesOnly => f.write_str("can only answer a message, this is an answer to something else"),
        }
    }
}

impl std::error::Error for ReplyError {}
