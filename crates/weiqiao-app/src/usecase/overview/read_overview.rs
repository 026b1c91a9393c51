//! What happened today, what is still to be done, how the accounts are.

use weiqiao_model::JobStatus;
use weiqiao_store::facts::overview::{LastAttempt, ReadOverview};

use crate::App;
use crate::caller::Caller;
use crate::china;
use crate::error::Result;
use crate::jobs::JobKind as _;
use crate::jobs::direct_message::DirectMessage;
use crate::jobs::subscribe_message::SendSubscribeMessage;
use crate::usecase::health::{Health, check_health};
use crate::usecase::staff::Permission;
use crate::usecase::token::{TokenHealth, token_health};

/// How many tries are shown.
const ATTEMPTS: u32 = 10;

/// What the first page shows.
#[derive(Debug, Clone)]
pub struct OverviewAnswer {
    /// When today began in China, epoch milliseconds.
    pub since: i64,
    /// What customers did today; nothing for those who may not see customers.
    pub actions: Option<i64>,
    /// Leads that were made today; nothing for those who may not see customers.
    pub leads: Option<i64>,
    /// How notifications go.
    pub notifications: Notifications,
    /// The database and the cache.
    pub health: Health,
    /// Accounts, their tokens, and what has to wait.
    pub tokens: TokenHealth,
    /// The last tries of jobs, the newest first.
    pub attempts: Vec<ShownAttempt>,
}

/// How notifications go.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Notifications {
    /// Still to be sent, however old.
    pub pending: i64,
    /// Nobody knows whether they arrived, however old.
    pub uncertain: i64,
    /// Made today and sent.
    pub sent: i64,
    /// Made today and refused, given up or too late.
    pub failed: i64,
}

/// One try, with the account's name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShownAttempt {
    /// What is known of it.
    pub attempt: LastAttempt,
    /// The account's name, where it is one of ours.
    pub account: Option<String>,
    /// What WeChat's number means and what to do, in Chinese.
    pub hint: Option<&'static str>,
}

/// Reads the overview. Whoever calls this has checked that it may be seen.
///
/// # Errors
///
/// `Unavailable` when the database is down.
pub async fn read_overview(app: &App, caller: &Caller) -> Result<OverviewAnswer> {
    let now = app.now_ms();
    let since = china::next_midnight(now).saturating_sub(24 * 60 * 60 * 1000);
    let kinds = [SendSubscribeMessage::NAME.to_owned(), DirectMessage::NAME.to_owned()];
    let found = app.store().read(ReadOverview { since, kinds, attempts: ATTEMPTS }).await?;
    let mut notifications = Notifications::default();
    for (status, count) in found.notifications {
        match status {
            JobStatus::Queued | JobStatus::Sending | JobStatus::Retrying => notifications.pending += count,
            JobStatus::Uncertain => notifications.uncertain += count,
            JobStatus::Sent => notifications.sent += count,
            JobStatus::Refused | JobStatus::Dead | JobStatus::Expired => notifications.failed += count,
            JobStatus::Skipped | JobStatus::Cancelled => {}
        }
    }
    let sees_customers = caller.demand(Permission::ReadCustomers, weiqiao_model::ApiScope::Admin).is_ok();
    Ok(OverviewAnswer {
        since,
        actions: sees_customers.then_some(found.actions),
        leads: sees_customers.then_some(found.leads),
        notifications,
        health: check_health(app).await,
        tokens: token_health(app).await?,
        attempts: found.attempts.into_iter().map(|attempt| shown(app, attempt)).collect(),
    })
}

fn shown(app: &App, attempt: LastAttempt) -> ShownAttempt {
    let account = app.accounts().with_app_id(&attempt.account).next();
    let hint = attempt.errcode.filter(|code| *code != 0).and_then(|code| weixin_proto::ErrCode(code).entry());
    ShownAttempt {
        account: account.map(|account| account.name.to_string()),
        hint: hint.map(|entry| entry.next_zh),
        attempt,
    }
}
