//! `GET /customservice/kfsession/getsessionlist`: whom a member is talking to.

use crate::answer::{Family, Object, Refusal};
use crate::endpoints::customservice::{refusal, wrong_parameter};
use crate::endpoints::{Auth, Call, Endpoint, OFFICIAL, UNLIMITED, Verb};

pub(crate) const ENDPOINT: Endpoint = Endpoint {
    path: "/customservice/kfsession/getsessionlist",
    verb: Verb::Get,
    auth: Auth::Token(OFFICIAL),
    family: Family::Api,
    limits: UNLIMITED,
    run,
};

fn run(call: &mut Call<'_>) -> Result<Object, Refusal> {
    let who = call.query("kf_account").ok_or_else(wrong_parameter)?;
    let account = call.account()?;
    call.world.staff.find(&account.app_id, who).map_err(refusal)?;
    let sessions = call.world.service_desks.sessions(&account.app_id, who).map(|session| {
        Object::new()
            .with("createtime", session.since_ms.div_euclid(1000))
            .with("openid", account.openid(&session.persona))
    });
    Ok(Object::new().with_list("sessionlist", sessions))
}
