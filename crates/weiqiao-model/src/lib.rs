//! Plain data shared by the crates of the service: ids, the clock, chance, and the nouns everybody talks about.
//!
//! # What it is for
//!
//! Storage, coordination, use cases and routes agree on these types, so none of them has to know another's. Time and
//! chance enter the service through the two traits here ([`Clock`], [`Rng`]); tests pass [`ManualClock`] and
//! [`SeededRng`] and move time by hand.
//!
//! # What it deliberately does not know
//!
//! No storage, no HTTP, no WeChat call, no settings. Nothing here does I/O except [`SystemClock`] and [`OsRng`].
//!
//! # Map
//!
//! | module | holds |
//! |---|---|
//! | [`clock`] | [`Clock`], [`SystemClock`], [`ManualClock`]; all times are epoch milliseconds |
//! | [`rng`] | [`Rng`], [`OsRng`], [`SeededRng`], [`random_alnum`], [`random_bytes`] |
//! | [`id`] | our own ids ([`UserId`], [`SessionId`] …), made by an [`IdMaker`], sorted by the order they were made in |
//! | [`account`] | [`AccountName`], [`AccountKind`]: which WeChat account is meant |
//! | [`profile`] | [`Profile`]: what WeChat tells about a person |
//! | [`staff`] | [`Role`]: what a member of staff may do |
//! | [`api_key`] | [`ApiScope`]: what an API key may do |
//! | [`session`] | [`SessionKind`]: whose session it is |
//! | [`crash`] | [`crash_point!`]: where tests of the whole service end the process; nothing in a released program |
//!
//! # How to add the next one
//!
//! An id is one line in the list in [`id`]. A noun is one file with one type, its text form tested beside it.

pub mod account;
pub mod api_key;
pub mod clock;
pub mod crash;
pub mod id;
pub mod job;
pub mod profile;
pub mod rng;
pub mod session;
pub mod staff;

pub use account::{AccountKind, AccountName};
pub use api_key::ApiScope;
pub use clock::{Clock, ManualClock, SystemClock};
pub use id::{ApiKeyId, IdMaker, IdentityId, JobId, SessionId, StaffId, UserId, first_id_at, new_id};
pub use job::{JobStatus, Verdict};
pub use profile::Profile;
pub use rng::{OsRng, Rng, SeededRng, random_alnum, random_bytes};
pub use session::SessionKind;
pub use staff::Role;
pub use weixin_proto::id::{AppId, OpenId, UnionId};
