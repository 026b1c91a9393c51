//! `POST /cgi-bin/tags/members/batchblacklist`: blocks up to 20 people.

use super::BLOCKED;
use crate::answer::{Family, Object, Refusal};
use crate::endpoints::cgi_bin::people::{self, Who};
use crate::endpoints::{Auth, Call, Endpoint, OFFICIAL, UNLIMITED, Verb};

pub(crate) const ENDPOINT: Endpoint = Endpoint {
    path: "/cgi-bin/tags/members/batchblacklist",
    verb: Verb::Post,
    auth: Auth::Token(OFFICIAL),
    family: Family::Api,
    limits: UNLIMITED,
    run,
};

fn run(call: &mut Call<'_>) -> Result<Object, Refusal> {
    let body = call.json()?;
    let account = call.account()?;
    let people = people::people(call, &account, &body, BLOCKED, Who::Anybody)?;
    call.world.blacklists.block(&account.app_id, &people);
    Ok(Object::ok())
}
