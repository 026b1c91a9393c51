//! `POST /cgi-bin/tags/update`: another name for a tag.

use super::{id, name_of, refusal, tag_of};
use crate::answer::{Family, Object, Refusal};
use crate::endpoints::{Auth, Call, Endpoint, OFFICIAL, UNLIMITED, Verb};

pub(crate) const ENDPOINT: Endpoint = Endpoint {
    path: "/cgi-bin/tags/update",
    verb: Verb::Post,
    auth: Auth::Token(OFFICIAL),
    family: Family::Api,
    limits: UNLIMITED,
    run,
};

fn run(call: &mut Call<'_>) -> Result<Object, Refusal> {
    let body = call.json()?;
    let account = call.account()?;
    let tag = tag_of(&body)?;
    call.world.tags.rename(&account.app_id, id(tag.get("id"))?, name_of(tag)?).map_err(refusal)?;
    Ok(Object::ok())
}
