//! `GET /cgi-bin/customservice/getonlinekflist`: who of the staff is online.

use crate::answer::{Family, Object, Refusal};
use crate::endpoints::{Auth, BOTH, Call, Endpoint, UNLIMITED, Verb};

pub(crate) const ENDPOINT: Endpoint = Endpoint {
    path: "/cgi-bin/customservice/getonlinekflist",
    verb: Verb::Get,
    auth: Auth::Token(BOTH),
    family: Family::Api,
    limits: UNLIMITED,
    run,
};

/// At the web page; there is no other place here.
const ON_THE_WEB: i64 = 1;

fn run(call: &mut Call<'_>) -> Result<Object, Refusal> {
    let app_id = call.app_id();
    let online = call.world.staff.list(app_id).iter().filter(|member| member.online).map(|member| {
        Object::new()
            .with("kf_account", member.kf_account.as_str())
            .with("status", ON_THE_WEB)
            .with("kf_id", member.kf_id)
            .with("accepted_case", call.world.service_desks.sessions(app_id, &member.kf_account).count())
    });
    Ok(Object::new().with_list("kf_online_list", online))
}
