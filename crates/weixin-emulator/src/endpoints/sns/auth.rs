//! `GET /sns/auth`: is this user token still good?

use crate::answer::{Family, Object, Refusal};
use crate::endpoints::{Auth, Call, Endpoint, Verb, per_minute};
use crate::refusals;

use super::credentials::user_token_refused;

pub(crate) const ENDPOINT: Endpoint = Endpoint {
    path: "/sns/auth",
    verb: Verb::Get,
    auth: Auth::Own,
    family: Family::Sns,
    limits: per_minute(50_000),
    run,
};

fn run(call: &mut Call<'_>) -> Result<Object, Refusal> {
    let token = call.query("access_token").ok_or(refusals::TOKEN_MISSING)?;
    let grant = call.world.user_tokens.check(token, call.now_ms).map_err(user_token_refused)?.clone();
    let openid = call.query("openid").ok_or(refusals::OPENID_MISSING)?;
    if openid != grant.identity.openid {
        return Err(refusals::INVALID_OPENID);
    }
    call.charge(&grant.app_id)?;
    Ok(Object::ok())
}
