//! `POST /wxa/queryscheme`: what a scheme says.

use super::link;
use crate::answer::{Family, Object, Refusal};
use crate::endpoints::{Auth, Call, Endpoint, MINI, UNLIMITED, Verb};
use crate::state::mini_link::LinkKind;

pub(crate) const ENDPOINT: Endpoint = Endpoint {
    path: "/wxa/queryscheme",
    verb: Verb::Post,
    auth: Auth::Token(MINI),
    family: Family::Api,
    limits: UNLIMITED,
    run,
};

fn run(call: &mut Call<'_>) -> Result<Object, Refusal> {
    let body = call.json()?;
    link::answer(call, &body, "scheme", LinkKind::Scheme, "scheme_info")
}
