//! `/cgi-bin/user/tag/…`

mod get;

pub use self::get::ListTagged;
