//! `GET /sns/userinfo`: nickname and picture of somebody who consented.

use crate::answer::{Family, Object, Refusal};
use crate::endpoints::{Auth, Call, Endpoint, Verb, per_minute};
use crate::refusals;
use crate::state::code::Scope;
use crate::state::persona::Persona;

use super::credentials::user_token_refused;

pub(crate) const ENDPOINT: Endpoint = Endpoint {
    path: "/sns/userinfo",
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
    if grant.scope == Scope::Base {
        return Err(refusals::UNAUTHORIZED_API);
    }
    call.charge(&grant.app_id)?;
    let persona = call.world.people.find(&grant.persona).cloned().ok_or(refusals::INVALID_OPENID)?;
    let shown = if grant.identity.snapshot { virtual_person(&persona) } else { persona };
    let blank = call.world.settings.blank_sex_and_region;
    let region = |text: &str| if blank { String::new() } else { text.to_owned() };
    Ok(Object::new()
        .with("openid", openid)
        .with("nickname", shown.nickname.clone())
        .with("sex", if blank { 0 } else { shown.sex })
        .with("language", if blank { "" } else { call.query("lang").unwrap_or(&shown.language) })
        .with("city", region(&shown.city))
        .with("province", region(&shown.province))
        .with("country", region(&shown.country))
        .with("headimgurl", shown.picture(&call.public_url))
        .with("privilege", shown.privilege.clone())
        .with_some("unionid", grant.identity.unionid))
}

/// What a snapshot page learns: nothing true.
fn virtual_person(persona: &Persona) -> Persona {
    Persona {
        nickname: "微信用户".to_owned(),
        headimgurl: None,
        sex: 0,
        country: String::new(),
        province: String::new(),
        city: String::new(),
        privilege: Vec::new(),
        id: "snapshot".to_owned(),
        ..persona.clone()
    }
}
