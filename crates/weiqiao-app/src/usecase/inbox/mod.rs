//! What WeChat pushed, for staff.

mod find_inbox;
mod list_inbox;

pub use find_inbox::{InboxDetail, find_inbox};
pub use list_inbox::{InboxList, InboxRequest, list_inbox};
pub use weiqiao_store::facts::inbox::ListedPush;
