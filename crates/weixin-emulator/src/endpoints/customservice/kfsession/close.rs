//! `POST /customservice/kfsession/close`: the conversation is over.

use crate::answer::{Family, Object, Refusal};
use crate::delivery::notify;
use crate::endpoints::customservice::{kf_account, refusal, session_refusal};
use crate::endpoints::{Auth, Call, Endpoint, OFFICIAL, UNLIMITED, Verb, text};

pub(crate) const ENDPOINT: Endpoint = Endpoint {
    path: "/customservice/kfsession/close",
    verb: Verb::Post,
    auth: Auth::Token(OFFICIAL),
    family: Family::Api,
    limits: UNLIMITED,
    run,
};

fn run(call: &mut Call<'_>) -> Result<Object, Refusal> {
    let body = call.json()?;
    let account = call.account()?;
    let who = kf_account(&body)?;
    call.world.staff.find(&account.app_id, who).map_err(refusal)?;
    let persona = call.person(&account, text(&body, "openid"))?;
    call.world.service_desks.close(&account.app_id, who, &persona).map_err(session_refusal)?;
    notify(call.world, &account.app_id, &persona, "kf_close_session", &[("KfAccount", who.into())]);
    Ok(Object::ok())
}
