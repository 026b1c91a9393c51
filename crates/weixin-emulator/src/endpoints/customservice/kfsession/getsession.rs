//! `GET /customservice/kfsession/getsession`: who serves a customer; an empty name when nobody does.

use crate::answer::{Family, Object, Refusal};
use crate::endpoints::{Auth, Call, Endpoint, OFFICIAL, UNLIMITED, Verb};

pub(crate) const ENDPOINT: Endpoint = Endpoint {
    path: "/customservice/kfsession/getsession",
    verb: Verb::Get,
    auth: Auth::Token(OFFICIAL),
    family: Family::Api,
    limits: UNLIMITED,
    run,
};

fn run(call: &mut Call<'_>) -> Result<Object, Refusal> {
    let account = call.account()?;
    let persona = call.person(&account, call.query("openid"))?;
    let session = call.world.service_desks.serving(&account.app_id, &persona);
    let since_s = session.map_or(0, |session| session.since_ms.div_euclid(1000));
    let who = session.map_or("", |session| session.kf_account.as_str());
    Ok(Object::new().with("createtime", since_s).with("kf_account", who))
}
