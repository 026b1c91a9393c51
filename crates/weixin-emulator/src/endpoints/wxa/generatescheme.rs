//! `POST /wxa/generatescheme`: an address that opens a mini program from outside WeChat.

use super::link;
use crate::answer::{Family, Object, Refusal};
use crate::endpoints::{Auth, Call, Endpoint, MINI, Verb, daily};
use crate::state::mini_link::LinkKind;

pub(crate) const ENDPOINT: Endpoint = Endpoint {
    path: "/wxa/generatescheme",
    verb: Verb::Post,
    auth: Auth::Token(MINI),
    family: Family::Api,
    limits: daily(500_000),
    run,
};

fn run(call: &mut Call<'_>) -> Result<Object, Refusal> {
    let body = call.json()?;
    let account = link::maker(call)?;
    let target = link::target(&account, body.get("jump_wxa"))?;
    let ends_ms = link::ends_ms(&body, call.now_ms)?;
    let scheme = link::make(call, LinkKind::Scheme, target, Some(ends_ms), None);
    Ok(Object::ok().with("openlink", scheme))
}
