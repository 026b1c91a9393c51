//! `/cgi-bin/tags/members/…`: who has a tag, and who is blocked.

mod batchblacklist;
mod batchtagging;
mod batchunblacklist;
mod batchuntagging;
mod getblacklist;

pub use self::batchblacklist::BlockUsers;
pub use self::batchtagging::TagUsers;
pub use self::batchunblacklist::UnblockUsers;
pub use self::batchuntagging::UntagUsers;
pub use self::getblacklist::ListBlocked;
