//! `/cgi-bin/user/…`: followers.

mod get;
mod info;
mod page;
mod tag;

pub use self::get::ListFollowers;
pub use self::info::{Follower, Followers, GetUserInfo, GetUserInfoBatch, UpdateRemark};
pub use self::page::OpenIdPage;
pub use self::tag::ListTagged;
