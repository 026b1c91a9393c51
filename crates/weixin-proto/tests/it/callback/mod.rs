//! Callbacks from the outside: bodies, addresses, keys, and what may not get through.

mod dedup;
mod fields;
pub(crate) mod forged;
mod receive;
mod reply;
mod samples;
mod strict;

use weixin_proto::callback::{Inbound, Limits};

#[track_caller]
pub(crate) fn push(body: impl Into<Vec<u8>>) -> Inbound {
    Inbound::parse(body, &Limits::default()).unwrap()
}
