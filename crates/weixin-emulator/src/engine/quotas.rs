//! Setting call limits by hand.

use serde::Deserialize;
use serde_json::{Value, json};

use super::{ControlError, Engine};
use crate::endpoints;
use crate::state::quota::Limits;

/// Limits for one API of one account.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct QuotaRequest {
    pub(crate) account: String,
    pub(crate) path: String,
    /// Calls a day.
    pub(crate) daily: Option<u64>,
    /// Calls a minute.
    pub(crate) per_minute: Option<u64>,
    /// Today's count.
    pub(crate) used: Option<u64>,
    /// Back to the built-in limits.
    #[serde(default)]
    pub(crate) built_in: bool,
}

impl Engine {
    pub(crate) fn set_quota(&self, request: &QuotaRequest) -> Result<Value, ControlError> {
        let mut inner = self.lock();
        let account = inner.account(&request.account)?.clone();
        let endpoint = endpoints::find(&request.path)
            .ok_or_else(|| ControlError::Invalid(format!("{} is not an emulated API", request.path)))?;
        let now_ms = inner.clock.now_ms();
        let before = inner.world.quotas.usage(&account.app_id, endpoint.path, endpoint.limits, now_ms);
        let limits = (!request.built_in).then(|| Limits {
            daily: request.daily.or(before.limits.daily),
            per_minute: request.per_minute.or(before.limits.per_minute),
        });
        inner.world.quotas.set(&account.app_id, endpoint.path, limits, request.used, now_ms);
        let usage = inner.world.quotas.usage(&account.app_id, endpoint.path, endpoint.limits, now_ms);
        let data = json!({ "account": account.name, "path": endpoint.path, "quota": usage });
        self.tell(&mut inner, "quota", data.clone());
        Ok(data)
    }

    /// Counters of every API an account has called.
    pub(crate) fn quotas(&self, account: &str) -> Result<Value, ControlError> {
        let inner = self.lock();
        let account = inner.account(account)?;
        let now_ms = inner.clock.now_ms();
        let rows: Vec<Value> = inner
            .world
            .quotas
            .called(&account.app_id)
            .filter_map(endpoints::find)
            .map(|endpoint| {
                let usage = inner.world.quotas.usage(&account.app_id, endpoint.path, endpoint.limits, now_ms);
                json!({ "path": endpoint.path, "quota": usage })
            })
            .collect();
        Ok(Value::Array(rows))
    }
}
