//! `GET /wxa/checksession`: is this session key still the valid one?

use crate::answer::{Family, Object, Refusal};
use crate::endpoints::{Auth, Call, Endpoint, MINI, UNLIMITED, Verb};
use crate::refusals;

use super::session_signature;

pub(crate) const ENDPOINT: Endpoint = Endpoint {
    path: "/wxa/checksession",
    verb: Verb::Either,
    auth: Auth::Token(MINI),
    family: Family::Api,
    limits: UNLIMITED,
    run,
};

fn run(call: &mut Call<'_>) -> Result<Object, Refusal> {
    // A dead key answers like a wrong signature here.
    session_signature::check(call, &refusals::BAD_SIGNATURE)?;
    Ok(Object::ok())
}
