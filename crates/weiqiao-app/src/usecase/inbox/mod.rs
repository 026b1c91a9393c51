//! What WeChat pushed, for staff.

mod find_inbox;
mod follow_inbox;
mod list_inbox;

pub use find_inbox::{InboxDetail, find_inbox};
pub(crate) use follow_inbox::tell_followers;
pub use follow_inbox::{FollowRequest, FollowedPush, InboxFollower, follow_inbox};
pub use list_inbox::{InboxList, InboxRequest, list_inbox};
pub use weiqiao_store::facts::inbox::ListedPush;
