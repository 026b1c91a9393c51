//! `GET /sns/jscode2session`: a `wx.login` code becomes openid and session key.

use crate::answer::{Family, Object, Refusal};
use crate::endpoints::{Auth, Call, Endpoint, UNLIMITED, Verb};
use crate::refusals;
use crate::state::account::AccountKind;
use crate::state::code::CodeKind;

use super::credentials::{check, code_refused};

pub(crate) const ENDPOINT: Endpoint = Endpoint {
    path: "/sns/jscode2session",
    verb: Verb::Get,
    auth: Auth::Own,
    family: Family::Sns,
    limits: UNLIMITED,
    run,
};

fn is_mini(kind: CodeKind) -> bool {
    kind == CodeKind::Mini
}

fn run(call: &mut Call<'_>) -> Result<Object, Refusal> {
    let account = check(call, "authorization_code")?;
    if account.kind != AccountKind::Mini {
        return Err(refusals::INVALID_APPID);
    }
    let presented = call.query("js_code").ok_or(refusals::CODE_MISSING)?;
    let refused = |why| code_refused(why, &call.world.settings);
    let code = call.world.codes.peek(presented, &account.app_id, is_mini, call.now_ms).map_err(refused)?;
    let identity = account.identity(code);
    let high_risk = call.world.people.find(&code.persona).is_some_and(|persona| persona.high_risk);
    if !call.world.mini_sessions.may_exchange(&identity.openid, &call.world.settings, call.now_ms) {
        return Err(refusals::MINUTE_QUOTA);
    }
    call.world
        .codes
        .take(presented, &account.app_id, is_mini, call.now_ms)
        .map_err(|why| code_refused(why, &call.world.settings))?;
    if high_risk {
        return Err(refusals::CODE_BLOCKED);
    }
    let settings = &call.world.settings;
    let session_key = match call.world.mini_sessions.valid(&identity.openid, settings, call.now_ms) {
        Some(key) => key,
        None => call.world.mini_sessions.login(&identity.openid, settings, call.random, call.now_ms),
    };
    Ok(Object::new()
        .with("session_key", session_key)
        .with("openid", identity.openid)
        .with_some("unionid", identity.unionid))
}
