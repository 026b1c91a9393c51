//! `POST /cgi-bin/tags/create`: a new tag.

use super::{name_of, refusal, tag_of};
use crate::answer::{Family, Object, Refusal};
use crate::endpoints::{Auth, Call, Endpoint, OFFICIAL, UNLIMITED, Verb};

pub(crate) const ENDPOINT: Endpoint = Endpoint {
    path: "/cgi-bin/tags/create",
    verb: Verb::Post,
    auth: Auth::Token(OFFICIAL),
    family: Family::Api,
    limits: UNLIMITED,
    run,
};

fn run(call: &mut Call<'_>) -> Result<Object, Refusal> {
    let body = call.json()?;
    let account = call.account()?;
    let tag = call.world.tags.create(&account.app_id, name_of(tag_of(&body)?)?).map_err(refusal)?;
    Ok(Object::new().with_object("tag", Object::new().with("id", tag.id).with("name", tag.name)))
}
