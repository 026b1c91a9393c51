//! `POST /wxa/getwxacodeunlimit`: the code of a page with a scene, as many as wanted.

use serde_json::Value;

use super::code;
use crate::answer::{Family, Object, Refusal};
use crate::endpoints::{Auth, Call, Endpoint, MINI, Verb, per_minute, text};
use crate::refusals;

pub(crate) const ENDPOINT: Endpoint = Endpoint {
    path: "/wxa/getwxacodeunlimit",
    verb: Verb::Post,
    auth: Auth::Token(MINI),
    family: Family::Api,
    limits: per_minute(5_000),
    run,
};

const NO_SCENE: Refusal = Refusal::new(40169, "invalid length for scene, or the data is not json string");

fn run(call: &mut Call<'_>) -> Result<Object, Refusal> {
    let body = call.json().map_err(|_| NO_SCENE)?;
    let account = call.account()?;
    let scene = text(&body, "scene").filter(|scene| scene.chars().count() <= 32).ok_or(NO_SCENE)?;
    let visible = |c: char| c.is_ascii_alphanumeric() || "!#$&'()*+,/:;=?@-._~".contains(c);
    if !scene.chars().all(visible) {
        return Err(refusals::INVALID_SCENE);
    }
    code::check_reserved(scene)?;
    code::check_style(&body)?;
    let page = text(&body, "page");
    let checked = body.get("check_path").and_then(Value::as_bool).unwrap_or(true);
    let well_formed = |page: &str| !page.starts_with('/') && !page.contains('?');
    if page.is_some_and(|page| !well_formed(page) || (checked && !account.mini_program.has_page(page))) {
        return Err(refusals::coded(41030));
    }
    code::picture(&account.app_id, page.unwrap_or_default(), &format!("scene={scene}"), code::width(&body)?)
}
