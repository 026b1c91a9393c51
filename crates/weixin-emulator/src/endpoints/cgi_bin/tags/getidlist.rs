//! `POST /cgi-bin/tags/getidlist`: the tags of one follower.

use crate::answer::{Family, Object, Refusal};
use crate::endpoints::cgi_bin::people::{self, Who};
use crate::endpoints::{Auth, Call, Endpoint, OFFICIAL, UNLIMITED, Verb, text};
use crate::refusals;

pub(crate) const ENDPOINT: Endpoint = Endpoint {
    path: "/cgi-bin/tags/getidlist",
    verb: Verb::Post,
    auth: Auth::Token(OFFICIAL),
    family: Family::Api,
    limits: UNLIMITED,
    run,
};

fn run(call: &mut Call<'_>) -> Result<Object, Refusal> {
    let body = call.json()?;
    let account = call.account()?;
    let openid = text(&body, "openid").ok_or(refusals::INVALID_OPENID)?;
    let persona = people::person(call, &account, openid, Who::Followers)?;
    Ok(Object::new().with("tagid_list", call.world.tags.of(&account.app_id, &persona)))
}
