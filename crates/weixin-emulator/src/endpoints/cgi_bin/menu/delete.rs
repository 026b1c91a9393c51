//! `GET /cgi-bin/menu/delete`: deletes the default menu and all conditional ones.

use crate::answer::{Family, Object, Refusal};
use crate::endpoints::{Auth, Call, Endpoint, OFFICIAL, Verb, daily};

pub(crate) const ENDPOINT: Endpoint = Endpoint {
    path: "/cgi-bin/menu/delete",
    verb: Verb::Get,
    auth: Auth::Token(OFFICIAL),
    family: Family::Api,
    limits: daily(1_000),
    run,
};

fn run(call: &mut Call<'_>) -> Result<Object, Refusal> {
    let account = call.account()?;
    call.world.menus.delete(&account.app_id);
    Ok(Object::ok())
}
