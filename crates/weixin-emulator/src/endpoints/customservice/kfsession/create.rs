//! `POST /customservice/kfsession/create`: a member who is online takes a customer.

use crate::answer::{Family, Object, Refusal};
use crate::delivery::notify;
use crate::endpoints::customservice::{kf_account, refusal, session_refusal};
use crate::endpoints::{Auth, Call, Endpoint, OFFICIAL, UNLIMITED, Verb, text};
use crate::refusals;
use crate::state::staff::StaffError;

pub(crate) const ENDPOINT: Endpoint = Endpoint {
    path: "/customservice/kfsession/create",
    verb: Verb::Post,
    auth: Auth::Token(OFFICIAL),
    family: Family::Api,
    limits: UNLIMITED,
    run,
};

fn run(call: &mut Call<'_>) -> Result<Object, Refusal> {
    let body = call.json()?;
    let account = call.account()?;
    let member = call.world.staff.find(&account.app_id, kf_account(&body)?).map_err(refusal)?.clone();
    let persona = call.person(&account, text(&body, "openid"))?;
    if member.persona.is_none() {
        return Err(refusal(StaffError::Unbound));
    }
    if !member.online {
        return Err(refusals::coded(65415));
    }
    let desks = &mut call.world.service_desks;
    let fresh = desks.serving(&account.app_id, &persona).is_none();
    desks.open(&account.app_id, &member.kf_account, &persona, call.now_ms).map_err(session_refusal)?;
    if fresh {
        let told = [("KfAccount", member.kf_account.into())];
        notify(call.world, &account.app_id, &persona, "kf_create_session", &told);
    }
    Ok(Object::ok())
}
