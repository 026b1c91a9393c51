//! `/cgi-bin/shorten/…`: short keys for longer texts.

mod fetch;
#[path = "gen.rs"]
mod generate;

pub use self::fetch::{FetchShortKey, LongData};
pub use self::generate::{CreateShortKey, ShortKey};
