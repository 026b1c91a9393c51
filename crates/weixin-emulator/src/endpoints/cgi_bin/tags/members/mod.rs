//! `/cgi-bin/tags/members/…`: who has a tag, and who is blocked.

pub(crate) mod batchblacklist;
pub(crate) mod batchtagging;
pub(crate) mod batchunblacklist;
pub(crate) mod batchuntagging;
pub(crate) mod getblacklist;

/// People a call about tags takes at most.
const TAGGED: usize = 50;
/// People a call about the blacklist takes at most.
const BLOCKED: usize = 20;
