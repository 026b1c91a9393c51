//! Who follows an account, for staff.

mod list_followers;

pub use list_followers::{FollowerList, FollowerRequest, ListedFollower, list_followers};
