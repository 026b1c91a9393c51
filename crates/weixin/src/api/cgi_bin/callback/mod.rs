//! `/cgi-bin/callback/…`: the way from WeChat to us.

mod check;

pub use self::check::{CallbackHealth, CheckAction, CheckCallback, CheckOperator, DnsResult, PingResult};
