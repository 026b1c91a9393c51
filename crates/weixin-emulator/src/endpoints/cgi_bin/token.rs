//! `GET /cgi-bin/token`: the classic access token.

use crate::answer::{Family, Object, Refusal};
use crate::endpoints::{Auth, Call, Endpoint, Verb, daily};

use super::credentials;

pub(crate) const ENDPOINT: Endpoint = Endpoint {
    path: "/cgi-bin/token",
    verb: Verb::Get,
    auth: Auth::Own,
    family: Family::Token,
    limits: daily(2000),
    run,
};

fn run(call: &mut Call<'_>) -> Result<Object, Refusal> {
    let (app_id, secret, grant_type) = (call.query("appid"), call.query("secret"), call.query("grant_type"));
    let account = credentials::check(call, app_id, secret, grant_type)?;
    let issued = call.world.tokens.classic(&account.app_id, &call.world.settings, call.random, call.now_ms);
    Ok(Object::new().with("access_token", issued.value).with("expires_in", issued.expires_in_s))
}
