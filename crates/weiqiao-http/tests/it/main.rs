//! The listener, spoken to over raw sockets: what no HTTP client would send. And the committed API description.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::string_slice)]
#![allow(missing_docs, unreachable_pub)]

mod bodies;
mod connections;
mod description;
mod drain;
mod framing;
mod silence;
mod socket;
