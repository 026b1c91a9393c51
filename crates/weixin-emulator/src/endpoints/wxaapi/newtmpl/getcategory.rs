//! `GET /wxaapi/newtmpl/getcategory`: the categories of the account.

use serde_json::json;

use crate::answer::{Family, Object, Refusal};
use crate::endpoints::{Auth, BOTH, Call, Endpoint, UNLIMITED, Verb};
use crate::state::template::CATEGORY;

pub(crate) const ENDPOINT: Endpoint = Endpoint {
    path: "/wxaapi/newtmpl/getcategory",
    verb: Verb::Get,
    auth: Auth::Token(BOTH),
    family: Family::Api,
    limits: UNLIMITED,
    run,
};

fn run(_: &mut Call<'_>) -> Result<Object, Refusal> {
    let (id, name) = CATEGORY;
    Ok(Object::ok().with("data", json!([{ "id": id, "name": name }])))
}
