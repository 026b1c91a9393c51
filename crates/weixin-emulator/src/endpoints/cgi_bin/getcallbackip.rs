//! `GET /cgi-bin/getcallbackip`: the addresses callbacks come from.

use crate::answer::{Family, Object, Refusal};
use crate::endpoints::{Auth, BOTH, Call, Endpoint, UNLIMITED, Verb};

pub(crate) const ENDPOINT: Endpoint = Endpoint {
    path: "/cgi-bin/getcallbackip",
    verb: Verb::Get,
    auth: Auth::Token(BOTH),
    family: Family::Api,
    limits: UNLIMITED,
    run,
};

fn run(call: &mut Call<'_>) -> Result<Object, Refusal> {
    Ok(Object::new().with("ip_list", call.world.settings.callback_ips.clone()))
}
