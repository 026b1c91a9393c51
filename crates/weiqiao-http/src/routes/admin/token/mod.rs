//! The token centre: other servers ask us instead of WeChat, so that nobody replaces anybody's token.

pub(super) mod access;
pub(super) mod health;
pub(super) mod ticket;
