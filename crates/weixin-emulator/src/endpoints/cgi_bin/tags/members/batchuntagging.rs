//! `POST /cgi-bin/tags/members/batchuntagging`: takes a tag from up to 50 followers.

use super::TAGGED;
use crate::answer::{Family, Object, Refusal};
use crate::endpoints::cgi_bin::people::{self, Who};
use crate::endpoints::cgi_bin::tags;
use crate::endpoints::{Auth, Call, Endpoint, OFFICIAL, UNLIMITED, Verb};

pub(crate) const ENDPOINT: Endpoint = Endpoint {
    path: "/cgi-bin/tags/members/batchuntagging",
    verb: Verb::Post,
    auth: Auth::Token(OFFICIAL),
    family: Family::Api,
    limits: UNLIMITED,
    run,
};

fn run(call: &mut Call<'_>) -> Result<Object, Refusal> {
    let body = call.json()?;
    let account = call.account()?;
    let id = tags::id(body.get("tagid"))?;
    call.world.tags.check(&account.app_id, id).map_err(tags::refusal)?;
    let people = people::people(call, &account, &body, TAGGED, Who::Followers)?;
    call.world.tags.take(&account.app_id, id, &people).map_err(tags::refusal)?;
    Ok(Object::ok())
}
