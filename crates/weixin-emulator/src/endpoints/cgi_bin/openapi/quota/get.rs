//! `POST /cgi-bin/openapi/quota/get`: limits and use of one API.

use crate::answer::{Family, Object, Refusal};
use crate::endpoints::{Auth, BOTH, Call, Endpoint, UNLIMITED, Verb};

use super::path;

pub(crate) const ENDPOINT: Endpoint = Endpoint {
    path: "/cgi-bin/openapi/quota/get",
    verb: Verb::Post,
    auth: Auth::Token(BOTH),
    family: Family::Api,
    limits: UNLIMITED,
    run,
};

/// Shown for APIs without a day's quota.
const NO_LIMIT: u64 = 100_000_000;

fn run(call: &mut Call<'_>) -> Result<Object, Refusal> {
    let asked = path::named(&call.json()?)?;
    let usage = call.world.quotas.usage(call.app_id(), asked.path, asked.limits, call.now_ms);
    let daily = usage.limits.daily.unwrap_or(NO_LIMIT);
    let quota = Object::new()
        .with("daily_limit", daily)
        .with("used", usage.used_today)
        .with("remain", daily.saturating_sub(usage.used_today));
    let answer = Object::ok().with_object("quota", quota);
    Ok(match usage.limits.per_minute {
        Some(limit) => {
            answer.with_object("rate_limit", Object::new().with("call_count", limit).with("refresh_second", 60))
        }
        None => answer,
    })
}
