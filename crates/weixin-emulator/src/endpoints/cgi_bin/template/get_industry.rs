//! `GET /cgi-bin/template/get_industry`: the chosen industries; until then the first two.

use super::industry;
use crate::answer::{Family, Object, Refusal};
use crate::endpoints::{Auth, Call, Endpoint, OFFICIAL, UNLIMITED, Verb};

pub(crate) const ENDPOINT: Endpoint = Endpoint {
    path: "/cgi-bin/template/get_industry",
    verb: Verb::Get,
    auth: Auth::Token(OFFICIAL),
    family: Family::Api,
    limits: UNLIMITED,
    run,
};

fn run(call: &mut Call<'_>) -> Result<Object, Refusal> {
    let chosen = call.world.templates.industries(call.app_id());
    let (primary, secondary) = chosen.map_or((1, 2), |chosen| (chosen.primary, chosen.secondary));
    let shown = |id| {
        let (_, first, second) = industry(id).unwrap_or_default();
        Object::new().with("first_class", first).with("second_class", second)
    };
    Ok(Object::new()
        .with_object("primary_industry", shown(primary))
        .with_object("secondary_industry", shown(secondary)))
}
