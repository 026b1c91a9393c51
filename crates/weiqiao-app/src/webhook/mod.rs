//! Webhooks: what an event is, who gets it, how it is signed and delivered.
//!
//! Events are signed as [Standard Webhooks](https://www.standardwebhooks.com) says, so receivers may use any library for
//! that. Addresses are given by people, so deliveries go through a client that refuses everything inside ([`guard`]).
//!
//! | module | holds |
//! |---|---|
//! | [`event`] | the JSON that is delivered |
//! | `endpoint` | where it goes, opened; which events it wants |
//! | `sign` | the signature |
//! | [`guard`] | which addresses may be spoken to |
//! | `courier` | the client: one delivery, one answer |
//! | `book` | the endpoints, remembered for some seconds |

mod book;
mod courier;
mod endpoint;
pub mod event;
pub mod guard;
mod secret;
mod settings;
mod sign;

pub use book::Webhooks;
pub use courier::{Courier, Delivery, LONGEST_SHOWN, Lookup, SystemLookup};
pub use endpoint::Endpoint;
pub use event::Event;
pub use secret::WebhookSecret;
pub use settings::WebhookSettings;
pub use sign::signature;

pub(crate) use endpoint::{open, place};
