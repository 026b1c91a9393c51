//! How a try to notify somebody ended, with what follows from it: in the same commit.

use weiqiao_model::{JobStatus, crash_point};

use crate::facts::job::{SettleJob, settle_job};
use crate::facts::subscription::{sort_arrivals, take_leave};
use crate::value::params;
use crate::{Command, StoreError, Transaction};

const NOTIFIED: &str = "UPDATE customer_action SET notified = 1 WHERE id = $1";

/// Not when leave was given anew since the try began.
const SPENT: &str = "UPDATE subscription SET spent = 1, given_by_calls = 0, given_by_events = 0, used = 0, \
    updated_at = $3 WHERE renewals = $2 AND id = (SELECT subscription_id FROM notification WHERE notification.id = $1)";

/// What follows from a try.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotificationResult {
    /// What its status says, and nothing more.
    Plain,
    /// WeChat said that nothing may be sent any more.
    Spent {
        /// How often leave had been given anew when the try began.
        renewals: i64,
    },
}

/// Ends a claim of a notification's job.
#[derive(Debug, Clone)]
pub struct SettleNotification {
    /// How the try ended.
    pub settle: SettleJob,
    /// What follows.
    pub result: NotificationResult,
}

impl Command for SettleNotification {
    const NAME: &'static str = "notification.settle";
    /// Whether it was still the caller's to say.
    type Output = bool;

    async fn run<T: Transaction>(&self, tx: &mut T) -> Result<bool, StoreError> {
        let (id, now) = (&self.settle.id, self.settle.now);
        if !settle_job(tx, &self.settle).await? {
            return Ok(false);
        }
        match (self.settle.status, self.result) {
            (JobStatus::Sent, _) => {
                tx.execute(NOTIFIED, params![id]).await?;
                take_leave(tx, id).await?;
            }
            (_, NotificationResult::Spent { renewals }) => {
                tx.execute(SPENT, params![id, renewals, now]).await?;
            }
            _ => {}
        }
        sort_arrivals(tx, id, now).await?;
        crash_point!("notification.settle.after");
        Ok(true)
    }
}
