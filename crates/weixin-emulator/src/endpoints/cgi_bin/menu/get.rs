//! `GET /cgi-bin/menu/get`: the menus made through this interface.

use super::write;
use crate::answer::{Family, Object, Refusal};
use crate::endpoints::{Auth, Call, Endpoint, OFFICIAL, Verb, daily};
use crate::refusals;

pub(crate) const ENDPOINT: Endpoint = Endpoint {
    path: "/cgi-bin/menu/get",
    verb: Verb::Get,
    auth: Auth::Token(OFFICIAL),
    family: Family::Api,
    limits: daily(10_000),
    run,
};

fn run(call: &mut Call<'_>) -> Result<Object, Refusal> {
    let menu = call.world.menus.find(call.app_id()).ok_or(refusals::NO_MENU)?;
    let default = Object::new().with_list("button", menu.buttons.iter().map(write::button));
    if menu.conditional.is_empty() {
        return Ok(Object::new().with_object("menu", default));
    }
    let conditional = menu.conditional.iter().map(|conditional| {
        Object::new()
            .with_list("button", conditional.buttons.iter().map(write::button))
            .with_object("matchrule", write::rule(&conditional.rule))
            .with("menuid", conditional.id)
    });
    Ok(Object::new().with_object("menu", default.with("menuid", menu.id)).with_list("conditionalmenu", conditional))
}
