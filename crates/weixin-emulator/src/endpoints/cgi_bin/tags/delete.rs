//! `POST /cgi-bin/tags/delete`: deletes a tag and takes it from everybody.

use super::{id, refusal, tag_of};
use crate::answer::{Family, Object, Refusal};
use crate::endpoints::{Auth, Call, Endpoint, OFFICIAL, UNLIMITED, Verb};

pub(crate) const ENDPOINT: Endpoint = Endpoint {
    path: "/cgi-bin/tags/delete",
    verb: Verb::Post,
    auth: Auth::Token(OFFICIAL),
    family: Family::Api,
    limits: UNLIMITED,
    run,
};

fn run(call: &mut Call<'_>) -> Result<Object, Refusal> {
    let body = call.json()?;
    let account = call.account()?;
    call.world.tags.delete(&account.app_id, id(tag_of(&body)?.get("id"))?).map_err(refusal)?;
    Ok(Object::ok())
}
