//! `POST /cgi-bin/clear_quota`: empties the day's counters of the account.

pub(crate) mod v2;

use crate::answer::{Family, Object, Refusal};
use crate::endpoints::{Auth, BOTH, Call, Endpoint, UNLIMITED, Verb, text};
use crate::refusals;

pub(crate) const ENDPOINT: Endpoint = Endpoint {
    path: "/cgi-bin/clear_quota",
    verb: Verb::Post,
    auth: Auth::Token(BOTH),
    family: Family::Api,
    limits: UNLIMITED,
    run,
};

fn run(call: &mut Call<'_>) -> Result<Object, Refusal> {
    let body = call.json()?;
    let app_id = text(&body, "appid").ok_or(refusals::APPID_MISSING)?;
    if app_id != call.app_id() {
        return Err(refusals::INVALID_APPID);
    }
    clear(call, app_id)
}

/// Empties the counters, ten times a month, both forms together.
fn clear(call: &mut Call<'_>, app_id: &str) -> Result<Object, Refusal> {
    let per_month = call.world.settings.clear_quota_per_month;
    if call.world.quotas.clear_all(app_id, per_month, call.now_ms) {
        Ok(Object::ok())
    } else {
        Err(refusals::CLEARED_TOO_OFTEN)
    }
}
