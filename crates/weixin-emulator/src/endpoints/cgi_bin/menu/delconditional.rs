//! `POST /cgi-bin/menu/delconditional`: deletes a conditional menu.

use serde_json::Value;

use crate::answer::{Family, Object, Refusal};
use crate::endpoints::{Auth, Call, Endpoint, OFFICIAL, Verb, daily};
use crate::refusals;

pub(crate) const ENDPOINT: Endpoint = Endpoint {
    path: "/cgi-bin/menu/delconditional",
    verb: Verb::Post,
    auth: Auth::Token(OFFICIAL),
    family: Family::Api,
    limits: daily(2_000),
    run,
};

fn run(call: &mut Call<'_>) -> Result<Object, Refusal> {
    let body = call.json()?;
    let account = call.account()?;
    let id = match body.get("menuid") {
        Some(Value::String(text)) => text.parse().ok(),
        Some(number) => number.as_i64(),
        None => return Err(refusals::BAD_JSON),
    };
    let deleted = id.is_some_and(|id| call.world.menus.delete_conditional(&account.app_id, id));
    if deleted { Ok(Object::ok()) } else { Err(refusals::NOT_CONDITIONAL) }
}
