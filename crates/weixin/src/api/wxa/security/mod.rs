//! Whether what people write and show may be published, and how risky a person is.

mod getuserriskrank;
mod img_sec_check;
mod media_check_async;
mod msg_sec_check;

use serde::{Deserialize, Serialize, Serializer};
use weixin_proto::json::de;

pub use self::getuserriskrank::{GetUserRiskRank, RiskRank, RiskScene};
pub use self::img_sec_check::CheckPicture;
pub use self::media_check_async::{CheckMedia, CheckedMediaType, MediaCheckStarted};
pub use self::msg_sec_check::{CheckText, TextCheckDetail, TextChecked};

/// Where the content is to appear.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ContentScene {
    /// A profile.
    Profile,
    /// A comment.
    Comment,
    /// A forum.
    Forum,
    /// A log others read.
    Log,
}

impl Serialize for ContentScene {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u8(match self {
            Self::Profile => 1,
            Self::Comment => 2,
            Self::Forum => 3,
            Self::Log => 4,
        })
    }
}

/// What WeChat advises.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Verdict {
    /// The advice.
    pub suggest: Suggestion,
    /// Why: 100 normal, 10001 advertisement, 20001 politics, 20002 pornography, 20003 abuse, 20006 crime, 20008 fraud,
    /// 20012 vulgar, 20013 copyright, 21000 other.
    #[serde(deserialize_with = "de::int")]
    pub label: i64,
}

/// The advice. What is not one of the three is [`Suggestion::Unknown`], and should be treated as a case for a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Suggestion {
    /// It may be shown.
    Pass,
    /// A person should look.
    Review,
    /// It must not be shown.
    Risky,
    /// A word this library does not know.
    #[serde(other)]
    Unknown,
}
