//! What went wrong with the store, classified once.

use std::fmt;

/// Why the store did not do what it was asked.
///
/// Nothing was written when a command fails, with one exception: [`StoreErrorKind::Unavailable`] on Postgres may mean
/// that the connection broke while the commit was under way; the message then says that the outcome is unknown.
///
/// The text says what happened, to what, and what to do next. It never contains a stored value: databases like to quote
/// rows in their messages, and rows hold people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoreError {
    kind: StoreErrorKind,
    message: String,
}

/// What sort of failure it is; decides what the caller does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum StoreErrorKind {
    /// The database cannot work now: unreachable, too slow, out of space, shutting down, or stopped after an I/O error.
    /// Answer 503 and try again later.
    Unavailable,
    /// A rule of the schema would be broken: a duplicate key, a missing parent.
    Conflict,
    /// A value that cannot be stored, such as text with a NUL character.
    Invalid,
    /// What is stored cannot be read as what it should be, or the file is damaged. A person must look.
    Corrupt,
    /// The database was written by a newer version of this program.
    SchemaNewer,
    /// Another process uses the same SQLite file.
    Locked,
    /// The settings are wrong, or the server is set up in a way that would lose acknowledged writes.
    Config,
    /// A defect of this program: a statement the database does not understand.
    Internal,
}

impl StoreError {
    pub(crate) fn new(kind: StoreErrorKind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into() }
    }

    pub(crate) fn unavailable(message: impl Into<String>) -> Self {
        Self::new(StoreErrorKind::Unavailable, message)
    }

    pub(crate) fn corrupt(message: impl Into<String>) -> Self {
        Self::new(StoreErrorKind::Corrupt, message)
    }

    pub(crate) fn config(message: impl Into<String>) -> Self {
        Self::new(StoreErrorKind::Config, message)
    }

    pub(crate) fn internal(message: impl Into<String>) -> Self {
        Self::new(StoreErrorKind::Internal, message)
    }

    /// What sort of failure it is.
    #[must_use]
    pub fn kind(&self) -> StoreErrorKind {
        self.kind
    }

    /// Whether the same call may succeed later without anybody changing anything.
    #[must_use]
    pub fn is_unavailable(&self) -> bool {
        self.kind == StoreErrorKind::Unavailable
    }

    /// The same error, saying what was being done.
    pub(crate) fn during(mut self, what: &str) -> Self {
        self.message = format!("{what}: {}", self.message);
        self
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for StoreError {}

impl StoreErrorKind {
    /// One word, for metrics.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Unavailable => "unavailable",
            Self::Conflict => "conflict",
            Self::Invalid => "invalid",
            Self::Corrupt => "corrupt",
            Self::SchemaNewer => "schema_newer",
            Self::Locked => "locked",
            Self::Config => "config",
            Self::Internal => "internal",
        }
    }
}
