//! `GET /sns/oauth2/refresh_token`: more life for a user token; no secret is asked.

use crate::answer::{Family, Object, Refusal};
use crate::endpoints::sns::credentials::known;
use crate::endpoints::{Auth, Call, Endpoint, Verb, per_minute};
use crate::refusals;
use crate::state::user_token::GrantRefused;

pub(crate) const ENDPOINT: Endpoint = Endpoint {
    path: "/sns/oauth2/refresh_token",
    verb: Verb::Get,
    auth: Auth::Own,
    family: Family::Sns,
    limits: per_minute(50_000),
    run,
};

fn run(call: &mut Call<'_>) -> Result<Object, Refusal> {
    let account = known(call)?;
    if call.query("grant_type") != Some("refresh_token") {
        return Err(refusals::INVALID_GRANT_TYPE);
    }
    let presented = call.query("refresh_token").ok_or(refusals::REFRESH_TOKEN_MISSING)?;
    call.charge(&account.app_id)?;
    let grant = call
        .world
        .user_tokens
        .refresh(&account.app_id, presented, &call.world.settings, call.random, call.now_ms)
        .map_err(|why| match why {
            GrantRefused::Unknown => refusals::INVALID_REFRESH_TOKEN,
            GrantRefused::Expired => refusals::REFRESH_TOKEN_EXPIRED,
            GrantRefused::Revoked => refusals::PASSWORD_CHANGED,
        })?;
    Ok(Object::new()
        .with("openid", grant.identity.openid)
        .with("access_token", grant.access_token)
        .with("expires_in", call.world.settings.user_token_lifetime_s)
        .with("refresh_token", grant.refresh_token)
        .with("scope", grant.scope.name()))
}
