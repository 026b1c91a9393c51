//! `POST /cgi-bin/tags/members/getblacklist`: whom the account has blocked, page by page.

use crate::answer::{Family, Object, Refusal};
use crate::endpoints::cgi_bin::people;
use crate::endpoints::{Auth, Call, Endpoint, OFFICIAL, UNLIMITED, Verb, text};

pub(crate) const ENDPOINT: Endpoint = Endpoint {
    path: "/cgi-bin/tags/members/getblacklist",
    verb: Verb::Post,
    auth: Auth::Token(OFFICIAL),
    family: Family::Api,
    limits: UNLIMITED,
    run,
};

fn run(call: &mut Call<'_>) -> Result<Object, Refusal> {
    let body = call.json()?;
    let account = call.account()?;
    let list = call.world.blacklists.list(&account.app_id);
    let everybody: Vec<(&str, bool)> = list.iter().map(|persona| (persona.as_str(), true)).collect();
    let (after, size) = (text(&body, "begin_openid"), call.world.settings.blacklist_page);
    people::page(&account, &everybody, after, size, Object::new().with("total", everybody.len()))
}
