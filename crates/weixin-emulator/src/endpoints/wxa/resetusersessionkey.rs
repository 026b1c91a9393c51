//! `GET /wxa/resetusersessionkey`: a new session key; the old one is dead at once.

use crate::answer::{Family, Object, Refusal};
use crate::endpoints::{Auth, Call, Endpoint, MINI, Verb, per_minute};
use crate::refusals;

use super::session_signature;

pub(crate) const ENDPOINT: Endpoint = Endpoint {
    path: "/wxa/resetusersessionkey",
    verb: Verb::Either,
    auth: Auth::Token(MINI),
    family: Family::Api,
    limits: per_minute(60_000),
    run,
};

fn run(call: &mut Call<'_>) -> Result<Object, Refusal> {
    let openid = session_signature::check(call, &refusals::SESSION_KEY_GONE)?;
    let session_key = call.world.mini_sessions.reset(&openid, call.random).ok_or(refusals::SESSION_KEY_GONE)?;
    Ok(Object::ok().with("openid", openid).with("session_key", session_key))
}
