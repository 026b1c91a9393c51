//! `POST /customservice/kfaccount/update`: another name for customers to read.

use crate::answer::{Family, Object, Refusal};
use crate::endpoints::customservice::{kf_account, refusal};
use crate::endpoints::{Auth, Call, Endpoint, OFFICIAL, UNLIMITED, Verb, text};

pub(crate) const ENDPOINT: Endpoint = Endpoint {
    path: "/customservice/kfaccount/update",
    verb: Verb::Post,
    auth: Auth::Token(OFFICIAL),
    family: Family::Api,
    limits: UNLIMITED,
    run,
};

fn run(call: &mut Call<'_>) -> Result<Object, Refusal> {
    let body = call.json()?;
    let app_id = call.app_id().to_owned();
    let nickname = text(&body, "nickname").unwrap_or_default();
    call.world.staff.rename(&app_id, kf_account(&body)?, nickname).map_err(refusal)?;
    Ok(Object::ok())
}
