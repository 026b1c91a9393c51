//! `GET /sns/oauth2/access_token`: a web-login code becomes a user token.

use crate::answer::{Family, Object, Refusal};
use crate::endpoints::sns::credentials::{check, code_refused};
use crate::endpoints::{Auth, Call, Endpoint, Verb, per_minute};
use crate::refusals;
use crate::state::code::CodeKind;

pub(crate) const ENDPOINT: Endpoint = Endpoint {
    path: "/sns/oauth2/access_token",
    verb: Verb::Get,
    auth: Auth::Own,
    family: Family::Sns,
    limits: per_minute(50_000),
    run,
};

fn is_oauth(kind: CodeKind) -> bool {
    matches!(kind, CodeKind::OAuth(_))
}

fn run(call: &mut Call<'_>) -> Result<Object, Refusal> {
    let account = check(call, "authorization_code")?;
    let presented = call.query("code").ok_or(refusals::CODE_MISSING)?;
    let code = call
        .world
        .codes
        .take(presented, &account.app_id, is_oauth, call.now_ms)
        .map_err(|why| code_refused(why, &call.world.settings))?;
    let identity = account.identity(&code);
    let grant = call.world.user_tokens.grant(&code, identity, &call.world.settings, call.random, call.now_ms);
    Ok(Object::new()
        .with("access_token", grant.access_token)
        .with("expires_in", call.world.settings.user_token_lifetime_s)
        .with("refresh_token", grant.refresh_token)
        .with("openid", grant.identity.openid)
        .with("scope", grant.scope.name())
        .with_some("is_snapshotuser", grant.identity.snapshot.then_some(1))
        .with_some("unionid", grant.identity.unionid))
}
