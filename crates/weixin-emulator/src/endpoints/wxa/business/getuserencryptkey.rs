//! `GET /wxa/business/getuserencryptkey`: the last three keys shared with a person's mini program.

use crate::answer::{Family, Object, Refusal};
use crate::endpoints::wxa::session_signature;
use crate::endpoints::{Auth, Call, Endpoint, MINI, UNLIMITED, Verb};
use crate::refusals;

pub(crate) const ENDPOINT: Endpoint = Endpoint {
    path: "/wxa/business/getuserencryptkey",
    verb: Verb::Either,
    auth: Auth::Token(MINI),
    family: Family::Api,
    limits: UNLIMITED,
    run,
};

fn run(call: &mut Call<'_>) -> Result<Object, Refusal> {
    let openid = session_signature::check(call, &refusals::SESSION_KEY_GONE)?;
    let now_ms = call.now_ms;
    let keys = call.world.open_data.keys(&openid, call.random, now_ms);
    let listed = keys.iter().map(|key| {
        Object::new()
            .with("encrypt_key", key.key.as_str())
            .with("version", key.version)
            .with("expire_in", key.life_s(now_ms))
            .with("iv", key.iv.as_str())
            .with("create_time", key.created_ms.div_euclid(1000))
    });
    Ok(Object::ok().with_list("key_info_list", listed))
}
