//! `POST /cgi-bin/menu/addconditional`: a menu only some people see.

use super::check::{self, Menu};
use super::rule;
use crate::answer::{Family, Object, Refusal};
use crate::endpoints::{Auth, Call, Endpoint, OFFICIAL, Verb, daily};
use crate::refusals;

pub(crate) const ENDPOINT: Endpoint = Endpoint {
    path: "/cgi-bin/menu/addconditional",
    verb: Verb::Post,
    auth: Auth::Token(OFFICIAL),
    family: Family::Api,
    limits: daily(2_000),
    run,
};

fn run(call: &mut Call<'_>) -> Result<Object, Refusal> {
    let body = call.raw_json()?;
    let account = call.account()?;
    let there = call.world.menus.find(&account.app_id).ok_or(refusals::NO_DEFAULT_MENU)?.conditional.len();
    let rule = rule::rule(call, &body)?;
    let buttons = check::buttons(call.world, &body, Menu::Conditional)?;
    check::material(call, &buttons)?;
    if there >= call.world.settings.conditional_menus {
        return Err(refusals::TOO_MANY_MENUS);
    }
    let id = call.world.menus.add_conditional(&account.app_id, buttons, rule, call.random);
    Ok(Object::new().with("menuid", id.ok_or(refusals::NO_DEFAULT_MENU)?.to_string()))
}
