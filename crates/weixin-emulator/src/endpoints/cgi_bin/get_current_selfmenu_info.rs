//! `GET /cgi-bin/get_current_selfmenu_info`: the menu in use.

use super::menu::write;
use crate::answer::{Family, Object, Refusal};
use crate::endpoints::{Auth, Call, Endpoint, OFFICIAL, UNLIMITED, Verb};

pub(crate) const ENDPOINT: Endpoint = Endpoint {
    path: "/cgi-bin/get_current_selfmenu_info",
    verb: Verb::Get,
    auth: Auth::Token(OFFICIAL),
    family: Family::Api,
    limits: UNLIMITED,
    run,
};

fn run(call: &mut Call<'_>) -> Result<Object, Refusal> {
    let menu = call.world.menus.find(call.app_id());
    let buttons = menu.map_or(&[][..], |menu| &menu.buttons);
    let info = Object::new().with_list("button", buttons.iter().map(write::wrapped));
    Ok(Object::new().with("is_menu_open", i64::from(menu.is_some())).with_object("selfmenu_info", info))
}
