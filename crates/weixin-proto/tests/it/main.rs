//! The wire against WeChat's own examples, other people's vectors, and everything proptest can think of.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    missing_docs
)]

mod api_signature;
mod callback;
mod envelope;
mod errcode;
mod fuzz;
mod json;
mod sign;
mod survive;
mod user_data;

/// Reads a file of `tests/vectors`.
macro_rules! vectors {
    ($file:literal) => {
        serde_json::from_str(include_str!(concat!("../vectors/", $file)))
            .expect(concat!($file, " does not fit the test"))
    };
}
pub(crate) use vectors;
