//! `POST /cgi-bin/menu/create`: makes or replaces the default menu.

use super::check::{self, Menu};
use crate::answer::{Family, Object, Refusal};
use crate::endpoints::{Auth, Call, Endpoint, OFFICIAL, Verb, daily};

pub(crate) const ENDPOINT: Endpoint = Endpoint {
    path: "/cgi-bin/menu/create",
    verb: Verb::Post,
    auth: Auth::Token(OFFICIAL),
    family: Family::Api,
    limits: daily(1_000),
    run,
};

fn run(call: &mut Call<'_>) -> Result<Object, Refusal> {
    let body = call.raw_json()?;
    let account = call.account()?;
    let buttons = check::buttons(call.world, &body, Menu::Default)?;
    check::material(call, &buttons)?;
    call.world.menus.create(&account.app_id, buttons, call.random);
    Ok(Object::ok())
}
