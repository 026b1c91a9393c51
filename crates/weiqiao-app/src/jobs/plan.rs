//! Writing down what is to be done.

use weiqiao_model::JobId;
use weiqiao_store::facts::job::NewJob;

use super::JobKind;
use crate::App;
use crate::error::Result;
use crate::vault::Place;

/// The topic of the wake-ups.
pub(crate) const TOPIC: &str = "jobs";

/// When and for whom.
#[derive(Debug, Clone, Default)]
pub struct Plan {
    /// Whose rate and slots it shares: an appid, the id of a webhook endpoint, or `-`.
    pub account: String,
    /// Jobs of one key run one after another; a fingerprint, never a clear openid.
    pub serial_key: Option<String>,
    /// The id it has; a new one when nothing is said. What an action owes has the action's.
    pub id: Option<JobId>,
    /// What made it necessary: `inbox:<id>`.
    pub origin: Option<String>,
    /// When to begin, epoch milliseconds; now when nothing is said.
    pub run_at: Option<i64>,
    /// When it is no longer worth doing, epoch milliseconds; as its kind has it when nothing is said.
    pub expires_at: Option<i64>,
}

impl App {
    /// A job with its payload sealed, to be written down by
    /// [`insert_jobs`](weiqiao_store::facts::job::insert_jobs) or [`AddJobs`](weiqiao_store::facts::job::AddJobs).
    ///
    /// # Errors
    ///
    /// A payload that cannot be written as JSON: a bug.
    pub fn plan_job<K: JobKind>(&self, plan: Plan, payload: &K::Payload) -> Result<NewJob> {
        let now = self.now_ms();
        let plain = serde_json::to_vec(payload)?;
        let Plan { id, account, serial_key, origin, run_at, expires_at } = plan;
        let id = id.unwrap_or_else(|| self.new_id());
        let expiry = i64::try_from(K::POLICY.expiry.as_millis()).unwrap_or(i64::MAX);
        Ok(NewJob {
            payload: self.vault().seal(payload_place(id.as_str(), &account), &plain),
            id: id.into_string(),
            kind: K::NAME,
            account,
            serial_key,
            origin,
            run_at: run_at.unwrap_or(now),
            expires_at: expires_at.unwrap_or_else(|| now.saturating_add(expiry)),
            created_at: now,
        })
    }

    /// Says that there is something to do. After the commit; without it the worker finds out within a second.
    pub async fn wake_worker(&self) {
        self.coord().wake().notify(TOPIC, b"").await;
    }
}

/// Where a payload is sealed for.
pub(crate) fn payload_place<'a>(id: &'a str, account: &'a str) -> Place<'a> {
    Place::new("job", "payload", id, account)
}

/// Where the beginning of an answer is sealed for.
pub(crate) fn answer_place<'a>(id: &'a str, account: &'a str) -> Place<'a> {
    Place::new("job_attempt", "answer", id, account)
}
