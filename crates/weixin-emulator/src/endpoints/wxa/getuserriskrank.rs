//! `POST /wxa/getuserriskrank`: how risky a person is; 4 for those marked so, 0 for all others.

use super::content;
use crate::answer::{Family, Object, Refusal};
use crate::endpoints::{Auth, Call, Endpoint, MINI, UNLIMITED, Verb, text};
use crate::refusals;

pub(crate) const ENDPOINT: Endpoint = Endpoint {
    path: "/wxa/getuserriskrank",
    verb: Verb::Post,
    auth: Auth::Token(MINI),
    family: Family::Api,
    limits: UNLIMITED,
    run,
};

fn run(call: &mut Call<'_>) -> Result<Object, Refusal> {
    let body = call.json()?;
    let account = call.account()?;
    if !account.mini_program.risk_rank {
        return Err(refusals::UNAUTHORIZED_API);
    }
    let whole = ["appid", "openid", "client_ip"].into_iter().all(|field| text(&body, field).is_some());
    if !whole {
        return Err(refusals::BAD_JSON);
    }
    if text(&body, "appid") != Some(account.app_id.as_str()) {
        return Err(refusals::coded(43104));
    }
    content::scene(&body, 0..=2)?;
    let persona = content::active_person(call, &body)?;
    let risky = call.world.people.find(&persona).is_some_and(|persona| persona.high_risk);
    let number = call.random.next_u64() & 0xffff_ffff;
    Ok(Object::new()
        .with("errcode", 0)
        .with("errmsg", "getuserriskrank succ")
        .with("risk_rank", if risky { 4 } else { 0 })
        .with("unoin_id", number))
}
