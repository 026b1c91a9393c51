//! Helpers for `#[serde(deserialize_with = "…")]`, for fields whose type WeChat changes its mind about.
//!
//! | helper | accepts | gives |
//! |---|---|---|
//! | [`int`], [`uint`] | `7`, `"7"`, `" 7 "`, `7.0`, `true` | `i64`, `u64` |
//! | [`opt_int`], [`opt_uint`] | the same, and `null`, `""` | `Option` of it |
//! | [`string`] | `"x"`, `7`, `true` | `String` |
//! | [`opt_string`] | the same, and `null`, `""` | `Option<String>` |
//! | [`text`] | as [`string`], and `null` | `String` without control characters |
//! | [`opt_id`] | `"x"`, and `null`, `""` | `Option<Id<_>>` |
//! | [`boolish`] | `true`, `0`, `"1"`, `"false"`, `null`, `""` | `bool` |
//! | [`list`] | `[…]`, one bare item, `null`, `""` | `Vec` |
//!
//! A field that may be missing needs `#[serde(default)]` as well. Whole numbers above 2^53 keep all their digits; a
//! number that a 64-bit integer cannot hold exactly is refused, never rounded.
//!
//! ```
//! #[derive(serde::Deserialize)]
//! struct Answer {
//!     #[serde(default, deserialize_with = "weixin_proto::json::de::int")]
//!     errcode: i64,
//!     #[serde(default, deserialize_with = "weixin_proto::json::de::list")]
//!     list: Vec<String>,
//! }
//! let answer: Answer = weixin_proto::json::from_slice(br#"{"errcode":"0","list":"one"}"#).unwrap();
//! assert_eq!((answer.errcode, answer.list), (0, vec!["one".to_owned()]));
//! ```

mod list;
mod number;
mod text;

pub use list::list;
pub use number::{boolish, int, opt_int, opt_uint, uint};
pub use text::{opt_id, opt_string, string, text};
