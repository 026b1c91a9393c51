//! Links that open a mini program from elsewhere: schemes (`weixin://…`), links (`https://wxaurl.cn/…`) and short links
//! (`#小程序://…`).

mod generate_urllink;
mod generatenfcscheme;
mod generatescheme;
mod genwxashortlink;
mod query_urllink;
mod queryscheme;

use serde::ser::SerializeStruct;
use serde::{Deserialize, Serialize, Serializer};
use weixin_proto::json::de;

pub use self::generate_urllink::{CloudBase, GenerateUrlLink, UrlLink};
pub use self::generatenfcscheme::GenerateNfcScheme;
pub use self::generatescheme::{GenerateScheme, JumpTarget, Scheme};
pub use self::genwxashortlink::{GenerateShortLink, ShortLink};
pub use self::query_urllink::{QueryUrlLink, UrlLinkAnswer, UrlLinkInfo};
pub use self::queryscheme::{QueryScheme, SchemeAnswer, SchemeInfo};

/// When a link ends: at least a minute and at most 30 days ahead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expiry {
    /// At this time, seconds since the Unix epoch.
    At(i64),
    /// After so many days, 1–30.
    Days(u8),
}

impl Serialize for Expiry {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields = serializer.serialize_struct("Expiry", 3)?;
        fields.serialize_field("is_expire", &true)?;
        match self {
            Self::At(time) => {
                fields.serialize_field("expire_type", &0)?;
                fields.serialize_field("expire_time", time)?;
            }
            Self::Days(days) => {
                fields.serialize_field("expire_type", &1)?;
                fields.serialize_field("expire_interval", days)?;
            }
        }
        fields.end()
    }
}

/// What a query is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LinkQuery {
    /// What the link says.
    #[default]
    Info,
    /// How often it may still be opened today.
    Quota,
}

impl Serialize for LinkQuery {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u8(match self {
            Self::Info => 0,
            Self::Quota => 1,
        })
    }
}

/// How often a link may still be opened today.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub struct VisitQuota {
    /// So many times.
    #[serde(deserialize_with = "de::int")]
    pub remain_visit_quota: i64,
}
