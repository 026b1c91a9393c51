//! `GET /wxaapi/newtmpl/getpubtemplatetitles`: the library, by category.

use serde_json::json;

use crate::answer::{Family, Object, Refusal};
use crate::endpoints::{Auth, BOTH, Call, Endpoint, UNLIMITED, Verb};
use crate::refusals;
use crate::state::template::{CATEGORY, LIBRARY};

pub(crate) const ENDPOINT: Endpoint = Endpoint {
    path: "/wxaapi/newtmpl/getpubtemplatetitles",
    verb: Verb::Get,
    auth: Auth::Token(BOTH),
    family: Family::Api,
    limits: UNLIMITED,
    run,
};

fn run(call: &mut Call<'_>) -> Result<Object, Refusal> {
    let ids = call.query("ids").ok_or(refusals::coded(200_018))?;
    let (category, _) = CATEGORY;
    if ids.split(',').any(|id| id.trim().parse() != Ok(category)) {
        return Err(refusals::coded(200_019));
    }
    let number = |name: &str| call.query(name).and_then(|text| text.parse::<usize>().ok());
    let start = number("start").ok_or(refusals::coded(200_016))?;
    let limit = number("limit").filter(|limit| (1..=30).contains(limit)).ok_or(refusals::coded(200_017))?;
    let titles = LIBRARY.iter().skip(start).take(limit).map(
        |public| json!({ "tid": public.tid, "title": public.title, "type": 2, "categoryId": category.to_string() }),
    );
    Ok(Object::ok().with("count", LIBRARY.len()).with("data", titles.collect::<Vec<_>>()))
}
