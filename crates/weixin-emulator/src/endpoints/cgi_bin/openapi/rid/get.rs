//! `POST /cgi-bin/openapi/rid/get`: looks up a call by its request id, for seven days, by its own account.

use crate::answer::{Family, Object, Refusal};
use crate::endpoints::{Auth, BOTH, Call, Endpoint, UNLIMITED, Verb, text};
use crate::refusals;

pub(crate) const ENDPOINT: Endpoint = Endpoint {
    path: "/cgi-bin/openapi/rid/get",
    verb: Verb::Post,
    auth: Auth::Token(BOTH),
    family: Family::Api,
    limits: UNLIMITED,
    run,
};

/// The Unix second in a well-formed request id.
fn second(rid: &str) -> Option<i64> {
    let groups: Vec<&str> = rid.split('-').collect();
    let well_formed = groups.len() == 3
        && groups
            .iter()
            .all(|group| group.len() == 8 && group.chars().all(|c| c.is_ascii_hexdigit() && !c.is_ascii_uppercase()));
    i64::from_str_radix(groups.first().filter(|_| well_formed)?, 16).ok()
}

fn run(call: &mut Call<'_>) -> Result<Object, Refusal> {
    let body = call.json()?;
    let rid = text(&body, "rid").ok_or(refusals::RID_MALFORMED)?;
    let made = second(rid).ok_or(refusals::RID_MALFORMED)?;
    if call.now_ms.div_euclid(1000) - made > call.world.settings.rid_lifetime_s {
        return Err(refusals::RID_TOO_OLD);
    }
    let entry = call.ledger.by_rid(rid).ok_or(refusals::RID_NOT_FOUND)?;
    let owner = entry.account.as_deref().and_then(|name| call.world.accounts.find(name));
    if owner.is_none_or(|owner| owner.app_id != call.app_id()) {
        return Err(refusals::RID_FOREIGN);
    }
    let query: Vec<String> = entry.query.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let request = Object::new()
        .with("invoke_time", entry.at_ms.div_euclid(1000))
        .with("cost_in_ms", entry.took_ms)
        .with("request_url", query.join("&"))
        .with("request_body", entry.body.clone())
        .with("response_body", entry.answer.clone())
        .with("client_ip", entry.remote.clone());
    Ok(Object::ok().with_object("request", request))
}
