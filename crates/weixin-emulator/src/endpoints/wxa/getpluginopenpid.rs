//! `POST /wxa/getpluginopenpid`: a plugin's login code becomes who the person is to the plugin.

use crate::answer::{Family, Object, Refusal};
use crate::endpoints::{Auth, Call, Endpoint, MINI, UNLIMITED, Verb, text};
use crate::state::code::{CodeKind, CodeRefused};
use crate::state::ids;

pub(crate) const ENDPOINT: Endpoint = Endpoint {
    path: "/wxa/getpluginopenpid",
    verb: Verb::Post,
    auth: Auth::Token(MINI),
    family: Family::Api,
    limits: UNLIMITED,
    run,
};

const ARGUMENTS: Refusal = Refusal::new(1001, "args error");
const OTHER_PLUGIN: Refusal = Refusal::new(1005, "plugin appid not match");
const NO_OPENPID: Refusal = Refusal::new(1007, "openpid not exist");
const NO_JSON: Refusal = Refusal::new(1022, "json error");

fn is_plugin(kind: CodeKind) -> bool {
    kind == CodeKind::Plugin
}

fn run(call: &mut Call<'_>) -> Result<Object, Refusal> {
    let body = call.json().map_err(|_| NO_JSON)?;
    let code = text(&body, "code").ok_or(ARGUMENTS)?;
    let app_id = call.app_id().to_owned();
    if call.world.codes.find(code).is_some_and(|code| is_plugin(code.kind) && code.app_id != app_id) {
        return Err(OTHER_PLUGIN);
    }
    let taken = call.world.codes.take(code, &app_id, is_plugin, call.now_ms);
    let taken = taken.map_err(|_: CodeRefused| NO_OPENPID)?;
    Ok(Object::ok().with("openpid", ids::openpid(&app_id, &taken.persona)))
}
