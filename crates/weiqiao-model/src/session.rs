//! Whose session it is.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Whether a session belongs to somebody who came through WeChat or to a member of staff.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SessionKind {
    /// Somebody who logged in through WeChat.
    User,
    /// A member of staff.
    Staff,
}

/// A text that names no kind of session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("unknown kind of session: user or staff")]
pub struct UnknownSessionKind;

impl SessionKind {
    /// The word used in tokens and storage.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Staff => "staff",
        }
    }
}

impl fmt::Display for SessionKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for SessionKind {
    type Err = UnknownSessionKind;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "user" => Ok(Self::User),
            "staff" => Ok(Self::Staff),
            _ => Err(UnknownSessionKind),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_kinds_have_one_word_everywhere() {
        for kind in [SessionKind::User, SessionKind::Staff] {
            assert_eq!(kind.as_str().parse(), Ok(kind));
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.as_str());
        }
        assert_eq!("User".parse::<SessionKind>(), Err(UnknownSessionKind));
    }
}
