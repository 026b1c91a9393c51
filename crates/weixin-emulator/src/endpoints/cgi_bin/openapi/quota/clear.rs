//! `POST /cgi-bin/openapi/quota/clear`: empties the counter of one API.

use crate::answer::{Family, Object, Refusal};
use crate::endpoints::{Auth, BOTH, Call, Endpoint, UNLIMITED, Verb};
use crate::refusals;

use super::path;

pub(crate) const ENDPOINT: Endpoint = Endpoint {
    path: "/cgi-bin/openapi/quota/clear",
    verb: Verb::Post,
    auth: Auth::Token(BOTH),
    family: Family::Api,
    limits: UNLIMITED,
    run,
};

fn run(call: &mut Call<'_>) -> Result<Object, Refusal> {
    let asked = path::named(&call.json()?)?;
    let app_id = call.app_id().to_owned();
    let per_month = call.world.settings.clear_one_quota_per_month;
    if call.world.quotas.clear_one(&app_id, asked.path, per_month, call.now_ms) {
        Ok(Object::ok())
    } else {
        Err(refusals::DAY_QUOTA)
    }
}
