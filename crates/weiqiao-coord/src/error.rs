//! What can go wrong, without a URL, key or value in any text.

/// Why the shared state could not be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CoordError {
    /// Redis did not answer in time, refused, or is known to be down. Whether a write happened is unknown.
    #[error("the shared state (Redis) is not available: {0}")]
    Unavailable(Cause),
    /// The in-process driver holds as many entries of this kind as it may; try again later.
    #[error("the in-process state is full; retry later, or configure Redis")]
    Full,
    /// The address in the configuration cannot be used. The text never repeats it.
    #[error("the Redis address cannot be used: {0}")]
    Config(&'static str),
}

/// Why Redis is [`CoordError::Unavailable`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Cause {
    /// Recent calls failed, so this one was not even tried; a probe in the background finds out when it is back.
    #[error("resting after failures")]
    Resting,
    /// No answer within the time limit of one command.
    #[error("no answer in time")]
    Timeout,
    /// The connection could not be made or broke.
    #[error("connection failed ({0})")]
    Connection(String),
    /// Redis answered with an error, for example a wrong password or "loading".
    #[error("refused ({0})")]
    Refused(String),
}

impl Cause {
    /// A short fixed word for metrics.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Resting => "resting",
            Self::Timeout => "timeout",
            Self::Connection(_) => "connection",
            Self::Refused(_) => "refused",
        }
    }
}
