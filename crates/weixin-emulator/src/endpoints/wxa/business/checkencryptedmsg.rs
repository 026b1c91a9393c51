//! `POST /wxa/business/checkencryptedmsg`: whether encrypted data with a phone number was made here, by the hash of its text.

use crate::answer::{Family, Object, Refusal};
use crate::endpoints::{Auth, Call, Endpoint, MINI, UNLIMITED, Verb, text};
use crate::refusals;

pub(crate) const ENDPOINT: Endpoint = Endpoint {
    path: "/wxa/business/checkencryptedmsg",
    verb: Verb::Post,
    auth: Auth::Token(MINI),
    family: Family::Api,
    limits: UNLIMITED,
    run,
};

const UNKNOWN: Refusal = Refusal::new(1, "data not exit");

fn run(call: &mut Call<'_>) -> Result<Object, Refusal> {
    let body = call.json()?;
    let hash = text(&body, "encrypted_msg_hash").ok_or(refusals::INVALID_ARGS)?;
    let well_formed = hash.len() == 64 && hash.chars().all(|c| c.is_ascii_hexdigit());
    if !well_formed {
        return Err(refusals::INVALID_ARGS);
    }
    let made_ms = call.world.open_data.sealed_at(&hash.to_ascii_lowercase(), call.now_ms).ok_or(UNKNOWN)?;
    Ok(Object::ok().with("vaild", true).with("create_time", made_ms.div_euclid(1000)))
}
