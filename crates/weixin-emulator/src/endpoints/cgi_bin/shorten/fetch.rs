//! `POST /cgi-bin/shorten/fetch`: the text behind a short key.

use crate::answer::{Family, Object, Refusal};
use crate::endpoints::{Auth, Call, Endpoint, OFFICIAL, UNLIMITED, Verb, text};
use crate::refusals;

pub(crate) const ENDPOINT: Endpoint = Endpoint {
    path: "/cgi-bin/shorten/fetch",
    verb: Verb::Post,
    auth: Auth::Token(OFFICIAL),
    family: Family::Api,
    limits: UNLIMITED,
    run,
};

const NO_KEY: Refusal = Refusal::new(47003, "argument invalid! short_key");

fn run(call: &mut Call<'_>) -> Result<Object, Refusal> {
    let body = call.json()?;
    let key = text(&body, "short_key").ok_or(NO_KEY)?;
    let found = call.world.short_keys.find(call.app_id(), key, call.now_ms).ok_or(refusals::UNKNOWN_SHORT_KEY)?;
    Ok(Object::ok()
        .with("long_data", found.long_data.as_str())
        .with("create_time", found.created_ms.div_euclid(1000))
        .with("expire_seconds", (found.expires_ms - call.now_ms).div_euclid(1000)))
}
