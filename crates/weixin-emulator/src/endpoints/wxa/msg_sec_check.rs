//! `POST /wxa/msg_sec_check`: whether a text may be published; version 1 too, which only has a text.

use super::content;
use crate::answer::{Family, Object, Refusal};
use crate::endpoints::{Auth, Call, Endpoint, MINI, Verb, both, text};
use crate::refusals;

pub(crate) const ENDPOINT: Endpoint = Endpoint {
    path: "/wxa/msg_sec_check",
    verb: Verb::Post,
    auth: Auth::Token(MINI),
    family: Family::Api,
    limits: both(2_000_000, 4_000),
    run,
};

/// Characters of a text.
const LONGEST: usize = 2500;

fn run(call: &mut Call<'_>) -> Result<Object, Refusal> {
    let body = call.json()?;
    let said = text(&body, "content").ok_or(refusals::BAD_JSON)?;
    if body.get("version").is_none() {
        let (suggest, _) = content::judge(&call.world.settings, said);
        return if suggest == "risky" { Err(refusals::coded(87014)) } else { Ok(Object::ok()) };
    }
    content::version(&body)?;
    content::scene(&body, 1..=4)?;
    if said.chars().count() > LONGEST {
        return Err(refusals::BAD_JSON);
    }
    content::active_person(call, &body)?;
    let words = ["content", "title", "nickname", "signature"].map(|field| text(&body, field).unwrap_or_default());
    let found = content::judge(&call.world.settings, &words.join("\n"));
    let sure = if found.0 == "pass" { 90 } else { 80 };
    let detail = Object::new()
        .with("strategy", "content_model")
        .with("errcode", 0)
        .with("suggest", found.0)
        .with("label", found.1)
        .with("prob", sure);
    let trace_id = content::trace_id(call);
    Ok(Object::ok()
        .with_list("detail", [detail])
        .with("trace_id", trace_id)
        .with_object("result", content::verdict(found)))
}
