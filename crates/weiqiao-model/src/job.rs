//! How far a piece of work has come, and how one try of it ended.

use std::fmt;
use std::str::FromStr;

macro_rules! words {
    ($(#[$doc:meta])* $name:ident, $unknown:literal { $($(#[$line:meta])* $variant:ident = $word:literal,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name {
            $($(#[$line])* $variant,)*
        }

        impl $name {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The word that is stored and shown.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $word,)*
                }
            }
        }

        impl FromStr for $name {
            type Err = UnknownWord;
            fn from_str(word: &str) -> Result<Self, UnknownWord> {
                Self::ALL.iter().copied().find(|one| one.as_str() == word).ok_or(UnknownWord($unknown))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(self.as_str())
            }
        }
    };
}

/// A text that is none of the words.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a {0}")]
pub struct UnknownWord(&'static str);

words! {
    /// How far a job has come.
    JobStatus, "job status" {
        /// Waits for its first try.
        Queued = "queued",
        /// Somebody is at it.
        Sending = "sending",
        /// Was tried, waits for the next try.
        Retrying = "retrying",
        /// Done.
        Sent = "sent",
        /// The other side said no, and would say so again.
        Refused = "refused",
        /// It may have been done, or not: the answer was lost. Waits for its next try, or for a person.
        Uncertain = "uncertain",
        /// Called off by a person.
        Cancelled = "cancelled",
        /// Tried as often as its kind allows.
        Dead = "dead",
        /// No longer wanted when its turn came.
        Skipped = "skipped",
        /// Its time ran out before it was done.
        Expired = "expired",
    }
}

words! {
    /// How one try of a job ended.
    Verdict, "verdict" {
        /// It was done.
        Sent = "sent",
        /// It was certainly not done; trying again may help.
        Failed = "failed",
        /// It was certainly not done; trying again would not help.
        Refused = "refused",
        /// It never left: no connection, no token. Does not count as a try.
        NotSent = "not_sent",
        /// Too many in this minute or day. Does not count as a try.
        Throttled = "throttled",
        /// It left, and no answer tells whether it was done.
        Uncertain = "uncertain",
    }
}

impl JobStatus {
    /// Whether nothing happens to it any more unless a person wants it.
    #[must_use]
    pub const fn is_finished(self) -> bool {
        matches!(self, Self::Sent | Self::Refused | Self::Cancelled | Self::Dead | Self::Skipped | Self::Expired)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_read_back_and_others_are_not() {
        for status in JobStatus::ALL {
            assert_eq!(status.as_str().parse(), Ok(*status));
        }
        for verdict in Verdict::ALL {
            assert_eq!(verdict.to_string().parse(), Ok(*verdict));
        }
        assert_eq!("Sent".parse::<JobStatus>().unwrap_err().to_string(), "not a job status");
        assert_eq!("".parse::<Verdict>().unwrap_err().to_string(), "not a verdict");
    }

    #[test]
    fn what_may_still_happen_by_itself_is_not_finished() {
        let open: Vec<_> = JobStatus::ALL.iter().filter(|status| !status.is_finished()).collect();
        assert_eq!(open, [&JobStatus::Queued, &JobStatus::Sending, &JobStatus::Retrying, &JobStatus::Uncertain]);
    }
}
