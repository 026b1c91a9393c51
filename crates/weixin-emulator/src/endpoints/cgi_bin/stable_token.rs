//! `POST /cgi-bin/stable_token`: the stable access token, parameters in the JSON body.

use serde_json::Value;

use crate::answer::{Family, Object, Refusal};
use crate::endpoints::{Auth, Call, Endpoint, Verb, text};
use crate::refusals;
use crate::state::quota::Limits;

use super::credentials;

pub(crate) const ENDPOINT: Endpoint = Endpoint {
    path: "/cgi-bin/stable_token",
    verb: Verb::Post,
    auth: Auth::Own,
    family: Family::Api,
    limits: Limits { daily: Some(500_000), per_minute: Some(10_000) },
    run,
};

fn run(call: &mut Call<'_>) -> Result<Object, Refusal> {
    let body = call.json()?;
    let force = match body.get("force_refresh") {
        None | Some(Value::Null) => false,
        Some(Value::Bool(force)) => *force,
        Some(_) => return Err(refusals::BAD_JSON),
    };
    let account = credentials::check(call, text(&body, "appid"), text(&body, "secret"), text(&body, "grant_type"))?;
    let issued = call
        .world
        .tokens
        .stable(&account.app_id, force, &call.world.settings, call.random, call.now_ms)
        .map_err(|_| refusals::DAY_QUOTA)?;
    Ok(Object::new().with("access_token", issued.value).with("expires_in", issued.expires_in_s))
}
