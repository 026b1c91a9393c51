//! Journeys across everything, and the rules of the house as tests.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::disallowed_methods)]

mod callbacks;
mod foreign;
mod generated;
mod house;
mod licences;
mod login;
mod tokens;
