//! `GET /customservice/kfsession/getwaitcase`: who waits for somebody to talk to.

use crate::answer::{Family, Object, Refusal};
use crate::endpoints::{Auth, Call, Endpoint, OFFICIAL, UNLIMITED, Verb};

pub(crate) const ENDPOINT: Endpoint = Endpoint {
    path: "/customservice/kfsession/getwaitcase",
    verb: Verb::Get,
    auth: Auth::Token(OFFICIAL),
    family: Family::Api,
    limits: UNLIMITED,
    run,
};

const LISTED: usize = 100;

fn run(call: &mut Call<'_>) -> Result<Object, Refusal> {
    let account = call.account()?;
    let waiting = call.world.service_desks.waiting(&account.app_id);
    let listed = waiting.iter().take(LISTED).map(|waiting| {
        Object::new()
            .with("latest_time", waiting.latest_ms.div_euclid(1000))
            .with("openid", account.openid(&waiting.persona))
    });
    Ok(Object::new().with("count", waiting.len()).with_list("waitcaselist", listed))
}
