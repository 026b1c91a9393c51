//! `POST /wxa/business/getuserphonenumber`: a phone code becomes a number.

use serde_json::json;

use crate::answer::{Family, Object, Refusal};
use crate::endpoints::{Auth, Call, Endpoint, MINI, UNLIMITED, Verb, text};
use crate::refusals;
use crate::state::code::{CodeKind, CodeRefused};

pub(crate) const ENDPOINT: Endpoint = Endpoint {
    path: "/wxa/business/getuserphonenumber",
    verb: Verb::Post,
    auth: Auth::Token(MINI),
    family: Family::Api,
    limits: UNLIMITED,
    run,
};

/// Unknown, used, expired or a login code: one answer for all.
const INVALID: Refusal = Refusal::hinted(40029, "invalid code");

fn is_phone(kind: CodeKind) -> bool {
    kind == CodeKind::Phone
}

fn run(call: &mut Call<'_>) -> Result<Object, Refusal> {
    let body = call.json()?;
    let presented = text(&body, "code").ok_or(refusals::INVALID_ARGS)?;
    let account = call.account()?;
    let elsewhere =
        call.world.codes.find(presented).is_some_and(|code| is_phone(code.kind) && code.app_id != account.app_id);
    if elsewhere {
        return Err(refusals::INVALID_APPID);
    }
    let code = call.world.codes.peek(presented, &account.app_id, is_phone, call.now_ms);
    let code = code.map_err(|_: CodeRefused| INVALID)?;
    if text(&body, "openid").is_some_and(|openid| openid != account.openid(&code.persona)) {
        return Err(refusals::INVALID_OPENID);
    }
    let persona = call.world.people.find(&code.persona).cloned().ok_or(INVALID)?;
    let phone = persona.phone.clone().ok_or(INVALID)?;
    call.world.codes.take(presented, &account.app_id, is_phone, call.now_ms).map_err(|_: CodeRefused| INVALID)?;
    // A foreign number carries its area code, a Chinese one does not.
    let full = if persona.country_code == "86" { phone.clone() } else { format!("{}{phone}", persona.country_code) };
    let info = Object::new()
        .with("phoneNumber", full)
        .with("purePhoneNumber", phone)
        .with("countryCode", persona.country_code)
        .with("watermark", json!({ "timestamp": call.now_ms.div_euclid(1000), "appid": account.app_id }));
    Ok(Object::ok().with_object("phone_info", info))
}
