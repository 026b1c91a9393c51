//! `POST /wxa/generate_urllink`: an https address that opens a mini program.

use super::link;
use crate::answer::{Family, Object, Refusal};
use crate::endpoints::{Auth, Call, Endpoint, MINI, Verb, daily, text};
use crate::refusals;
use crate::state::mini_link::LinkKind;

pub(crate) const ENDPOINT: Endpoint = Endpoint {
    path: "/wxa/generate_urllink",
    verb: Verb::Post,
    auth: Auth::Token(MINI),
    family: Family::Api,
    limits: daily(500_000),
    run,
};

fn run(call: &mut Call<'_>) -> Result<Object, Refusal> {
    let body = call.json()?;
    let account = link::maker(call)?;
    let target = link::target(&account, Some(&body))?;
    let cloud = body.get("cloud_base").filter(|cloud| !cloud.is_null()).cloned();
    if cloud.as_ref().is_some_and(|cloud| text(cloud, "env").is_none()) {
        return Err(refusals::coded(85088));
    }
    let ends_ms = link::ends_ms(&body, call.now_ms)?;
    let url = link::make(call, LinkKind::Url, target, Some(ends_ms), cloud);
    Ok(Object::ok().with("url_link", url))
}
