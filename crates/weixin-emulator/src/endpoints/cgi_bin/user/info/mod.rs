//! `GET /cgi-bin/user/info`: a person's relation to the official account.

pub(crate) mod batchget;
pub(crate) mod updateremark;

use crate::answer::{Family, Object, Refusal};
use crate::endpoints::{Auth, Call, Endpoint, OFFICIAL, Verb, daily};
use crate::refusals;
use crate::state::account::Account;

pub(crate) const ENDPOINT: Endpoint = Endpoint {
    path: "/cgi-bin/user/info",
    verb: Verb::Get,
    auth: Auth::Token(OFFICIAL),
    family: Family::Api,
    limits: daily(5_000_000),
    run,
};

fn run(call: &mut Call<'_>) -> Result<Object, Refusal> {
    let openid = call.query("openid").ok_or(refusals::OPENID_MISSING)?;
    let account = call.account()?;
    relation(call, &account, openid, call.query("lang"))
}

/// What the account knows about one person: 40003 when it does not know them.
fn relation(call: &Call<'_>, account: &Account, openid: &str, lang: Option<&str>) -> Result<Object, Refusal> {
    let persona = call.world.person_of(account, openid).ok_or(refusals::INVALID_OPENID)?;
    let unionid = account.unionid(&persona.id);
    let Some(follow) = call.world.follows.find(&account.app_id, &persona.id) else {
        return Ok(Object::new().with("subscribe", 0).with("openid", openid).with_some("unionid", unionid));
    };
    // Since December 2021 nickname, sex, region and picture are no longer given here.
    Ok(Object::new()
        .with("subscribe", 1)
        .with("openid", openid)
        .with("nickname", "")
        .with("sex", 0)
        .with("language", lang.unwrap_or(&persona.language))
        .with("city", "")
        .with("province", "")
        .with("country", "")
        .with("headimgurl", "")
        .with("subscribe_time", follow.since_ms.div_euclid(1000))
        .with_some("unionid", unionid)
        .with("remark", call.world.remarks.of(&account.app_id, &persona.id))
        .with("groupid", 0)
        .with("tagid_list", call.world.tags.of(&account.app_id, &persona.id))
        .with("subscribe_scene", follow.subscribe_scene.clone())
        .with("qr_scene", follow.qr_scene)
        .with("qr_scene_str", follow.qr_scene_str.clone()))
}
