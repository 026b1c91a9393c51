//! `GET /wxaapi/newtmpl/getpubtemplatekeywords`: the keywords of a template of the library.

use serde_json::json;

use crate::answer::{Family, Object, Refusal};
use crate::endpoints::{Auth, BOTH, Call, Endpoint, UNLIMITED, Verb};
use crate::refusals;
use crate::state::template;

pub(crate) const ENDPOINT: Endpoint = Endpoint {
    path: "/wxaapi/newtmpl/getpubtemplatekeywords",
    verb: Verb::Get,
    auth: Auth::Token(BOTH),
    family: Family::Api,
    limits: UNLIMITED,
    run,
};

fn run(call: &mut Call<'_>) -> Result<Object, Refusal> {
    let tid = call.query("tid").ok_or(refusals::coded(200_002))?;
    let public = template::public(tid).ok_or(refusals::coded(200_014))?;
    let keywords = public.keywords.iter().zip(1..).map(|((rule, name), kid): (_, u32)| {
        json!({ "kid": kid, "name": name, "example": template::example(rule), "rule": rule })
    });
    let keywords: Vec<_> = keywords.collect();
    Ok(Object::ok().with("count", keywords.len()).with("data", keywords))
}
