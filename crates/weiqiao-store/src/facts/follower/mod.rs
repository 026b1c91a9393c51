//! Who follows an account, by the newest event about it.

mod follow;
mod list_followers;

pub use list_followers::{FollowerPage, ListFollowers, StoredFollower};

pub use follow::{Followed, Left};
pub(super) use follow::{follow, leave};
