//! `POST /cgi-bin/menu/trymatch`: the menu a person sees.

use super::write;
use crate::answer::{Family, Object, Refusal};
use crate::endpoints::{Auth, Call, Endpoint, OFFICIAL, Verb, daily, text};
use crate::refusals;

pub(crate) const ENDPOINT: Endpoint = Endpoint {
    path: "/cgi-bin/menu/trymatch",
    verb: Verb::Post,
    auth: Auth::Token(OFFICIAL),
    family: Family::Api,
    limits: daily(20_000),
    run,
};

fn run(call: &mut Call<'_>) -> Result<Object, Refusal> {
    let body = call.json()?;
    let account = call.account()?;
    let user_id = text(&body, "user_id").ok_or(refusals::NO_SUCH_USER)?;
    // The handle of a person stands for the WeChat id.
    let persona = call.world.person_of(&account, user_id).or_else(|| call.world.people.find(user_id));
    let persona = persona.ok_or(refusals::NO_SUCH_USER)?;
    if call.world.follows.find(&account.app_id, &persona.id).is_none() {
        return Err(refusals::USER_GONE);
    }
    let menu = call.world.menu_of(&account, persona).ok_or(refusals::NO_MENU)?;
    Ok(Object::new().with_list("button", menu.iter().map(write::button)))
}
