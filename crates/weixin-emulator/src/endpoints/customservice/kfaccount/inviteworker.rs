//! `POST /customservice/kfaccount/inviteworker`: asks a person, whose WeChat name here is the id, to stand behind a member.

use crate::answer::{Family, Object, Refusal};
use crate::endpoints::customservice::{kf_account, refusal};
use crate::endpoints::{Auth, Call, Endpoint, OFFICIAL, UNLIMITED, Verb, text};
use crate::state::staff::StaffError;

pub(crate) const ENDPOINT: Endpoint = Endpoint {
    path: "/customservice/kfaccount/inviteworker",
    verb: Verb::Post,
    auth: Auth::Token(OFFICIAL),
    family: Family::Api,
    limits: UNLIMITED,
    run,
};

fn run(call: &mut Call<'_>) -> Result<Object, Refusal> {
    let body = call.json()?;
    let who = kf_account(&body)?;
    let app_id = call.app_id().to_owned();
    call.world.staff.find(&app_id, who).map_err(refusal)?;
    let person = text(&body, "invite_wx").and_then(|id| call.world.people.find(id));
    let persona = person.map(|person| person.id.clone()).ok_or_else(|| refusal(StaffError::NoSuchPerson))?;
    let lifetime_s = call.world.settings.staff_invitation_s;
    call.world.staff.invite(&app_id, who, &persona, lifetime_s, call.now_ms).map_err(refusal)?;
    Ok(Object::ok())
}
