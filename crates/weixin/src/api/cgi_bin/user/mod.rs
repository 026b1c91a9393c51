//! `/cgi-bin/user/…`: followers.

mod info;

pub use self::info::{Follower, GetUserInfo};
