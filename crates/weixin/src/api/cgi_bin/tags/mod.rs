//! `/cgi-bin/tags/…`: tags of followers, and the blacklist.

mod create;
mod delete;
mod get;
mod getidlist;
mod members;
mod update;

use serde::{Deserialize, Serialize};
use weixin_proto::json::de;

pub use self::create::{CreateTag, NewTag};
pub use self::delete::{DeleteTag, TagNumber};
pub use self::get::{ListTags, TagCount, TagList};
pub use self::getidlist::{GetUserTags, UserTags};
pub use self::members::{BlockUsers, ListBlocked, TagUsers, UnblockUsers, UntagUsers};
pub use self::update::UpdateTag;

/// A tag.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tag {
    /// Its number; WeChat's own have 0, 1 and 2.
    #[serde(deserialize_with = "de::int")]
    pub id: i64,
    /// 1 to 30 characters (45158) that no other tag has (45157).
    #[serde(deserialize_with = "de::text")]
    pub name: String,
}

/// The tag that was made.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct TagAnswer {
    /// The tag.
    pub tag: Tag,
}
