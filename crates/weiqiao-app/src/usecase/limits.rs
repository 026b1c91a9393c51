//! Refusals of those who ask for too much.

use weiqiao_coord::Limit;

use crate::App;
use crate::accounts::Account;
use crate::china;
use crate::error::{AppError, ErrorKind, Result, code};

/// Counts one more of `key` against the limit called `name`, where limits are on.
///
/// # Errors
///
/// `TooMany`.
pub(crate) async fn check_rate(app: &App, name: &'static str, key: &str, limit: Limit) -> Result<()> {
    if !app.settings().crm.limits.on {
        return Ok(());
    }
    let decision = app.coord().rate().check(name, key, limit).await;
    if decision.allowed {
        return Ok(());
    }
    metrics::counter!("weiqiao_limited_total", "what" => name).increment(1);
    let kind = ErrorKind::TooMany { retry_after: decision.retry_after };
    Err(AppError::new(kind, code::TOO_MANY_REQUESTS, "请求过于频繁，请稍后再试"))
}

/// An allowance of the day is used up: again after midnight in China.
pub(crate) fn used_up(now: i64, text: &'static str) -> AppError {
    let kind = ErrorKind::TooMany { retry_after: china::until_midnight(now) };
    AppError::new(kind, code::DAY_ALLOWANCE_USED_UP, text)
}

/// The last of an allowance was used: somebody has to know before callers complain.
pub(crate) fn alarm(what: &'static str, account: &Account) {
    metrics::counter!("weiqiao_allowances_used_up_total", "what" => what).increment(1);
    let account = account.name.as_str();
    tracing::warn!(what, account, "the last of the day's allowance was used; more are refused until midnight in China");
}
