//! `POST /cgi-bin/user/info/updateremark`: the account's own name for a follower.

use serde_json::Value;

use crate::answer::{Family, Object, Refusal};
use crate::endpoints::cgi_bin::people::{self, Who};
use crate::endpoints::{Auth, Call, Endpoint, OFFICIAL, UNLIMITED, Verb, text};
use crate::refusals;

pub(crate) const ENDPOINT: Endpoint = Endpoint {
    path: "/cgi-bin/user/info/updateremark",
    verb: Verb::Post,
    auth: Auth::Token(OFFICIAL),
    family: Family::Api,
    limits: UNLIMITED,
    run,
};

fn run(call: &mut Call<'_>) -> Result<Object, Refusal> {
    let body = call.json()?;
    let account = call.account()?;
    let openid = text(&body, "openid").ok_or(refusals::INVALID_OPENID)?;
    let remark = body.get("remark").and_then(Value::as_str).ok_or(refusals::BAD_JSON)?;
    if remark.len() > call.world.settings.remark_bytes {
        return Err(refusals::INVALID_REMARK);
    }
    let persona = people::person(call, &account, openid, Who::Anybody)?;
    if call.world.follows.find(&account.app_id, &persona).is_none() {
        return Err(refusals::MUST_FOLLOW);
    }
    call.world.remarks.set(&account.app_id, &persona, remark);
    Ok(Object::ok())
}
