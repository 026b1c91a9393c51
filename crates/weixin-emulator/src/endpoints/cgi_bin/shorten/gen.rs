//! `POST /cgi-bin/shorten/gen`: a key of fifteen characters for a longer text.

use serde_json::Value;

use crate::answer::{Family, Object, Refusal};
use crate::endpoints::{Auth, Call, Endpoint, OFFICIAL, UNLIMITED, Verb};
use crate::refusals;
use crate::state::short_key::ShortText;

pub(crate) const ENDPOINT: Endpoint = Endpoint {
    path: "/cgi-bin/shorten/gen",
    verb: Verb::Post,
    auth: Auth::Token(OFFICIAL),
    family: Family::Api,
    limits: UNLIMITED,
    run,
};

const NO_DATA: Refusal = Refusal::new(47003, "argument invalid! long_data");
const BAD_LIFE: Refusal = Refusal::new(47003, "argument invalid! expire_seconds");
/// Bytes of a text.
const LONGEST: usize = 4096;
/// Thirty days, also when nothing is said.
const LONGEST_S: i64 = 2_592_000;

fn run(call: &mut Call<'_>) -> Result<Object, Refusal> {
    let body = call.json()?;
    let account = call.account()?;
    let long_data = body.get("long_data").and_then(Value::as_str).filter(|text| !text.is_empty());
    let long_data = long_data.ok_or(NO_DATA)?;
    if long_data.len() > LONGEST {
        return Err(refusals::LONG_DATA_TOO_LONG);
    }
    let life_s = match body.get("expire_seconds") {
        None => LONGEST_S,
        Some(asked) => asked.as_i64().filter(|s| *s > 0).ok_or(BAD_LIFE)?,
    };
    if life_s > LONGEST_S {
        return Err(refusals::EXPIRES_TOO_LATE);
    }
    let text = ShortText {
        app_id: account.app_id,
        long_data: long_data.to_owned(),
        created_ms: call.now_ms,
        expires_ms: call.now_ms + life_s * 1000,
    };
    let key = call.world.short_keys.keep(text, call.random);
    Ok(Object::ok().with("short_key", key))
}
