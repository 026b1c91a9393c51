use super::ParseError;
use crate::envelope;

/// A callback was refused. One text for every cause: a sender who is told the cause can guess his way in.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the callback was refused")]
pub struct Refused {
    reason: Reason,
}

impl Refused {
    pub(super) const fn unverified(reason: Reason) -> Self {
        Self { reason }
    }

    /// The cause, for our own logs and diagnosis. Never for the sender.
    #[must_use]
    pub const fn reason(&self) -> &Reason {
        &self.reason
    }

    /// Whether it was the content that was refused, the sender having proved who he is (400), and not the sender
    /// himself (403).
    #[must_use]
    pub const fn is_malformed(&self) -> bool {
        matches!(self.reason, Reason::Body(_) | Reason::TooLong | Reason::Echo)
    }
}

impl From<Reason> for Refused {
    fn from(reason: Reason) -> Self {
        Self { reason }
    }
}

/// Why a callback was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reason {
    /// The body is longer than the limit.
    TooLong,
    /// A value of the query is missing, twice, or not of its form.
    Query(&'static str),
    /// The time stamp is too far from our clock.
    Stale {
        /// By how many seconds it is behind our clock; negative when it is ahead.
        behind_s: i64,
        /// Whether `signature` is right all the same: then it is an old request sent again, or, if it happens to every
        /// callback, our clock is wrong.
        genuine: bool,
    },
    /// The signature fits none of our tokens: not from WeChat, or the token of the console is another one.
    Signature,
    /// The account is set to the encrypted modes, and the body has no `Encrypt` that could be read.
    NotEncrypted,
    /// The account is set to plain mode, and the body is encrypted.
    Encrypted,
    /// The envelope could not be opened.
    Envelope(envelope::Reason),
    /// The body itself, verified and decrypted, could not be read.
    Body(ParseError),
    /// `ToUserName` is another account's, or the one outside the envelope is not the one inside.
    Receiver,
    /// `echostr` is not what WeChat sends.
    Echo,
}
