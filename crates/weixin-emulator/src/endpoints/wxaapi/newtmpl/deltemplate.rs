//! `POST /wxaapi/newtmpl/deltemplate`: deletes a template.

use crate::answer::{Family, Object, Refusal};
use crate::endpoints::{Auth, BOTH, Call, Endpoint, UNLIMITED, Verb, text};
use crate::refusals;

pub(crate) const ENDPOINT: Endpoint = Endpoint {
    path: "/wxaapi/newtmpl/deltemplate",
    verb: Verb::Post,
    auth: Auth::Token(BOTH),
    family: Family::Api,
    limits: UNLIMITED,
    run,
};

fn run(call: &mut Call<'_>) -> Result<Object, Refusal> {
    let body = call.json()?;
    let template_id = text(&body, "priTmplId").ok_or(refusals::coded(200_002))?;
    let app_id = call.app_id().to_owned();
    let deleted = call.world.templates.delete(&app_id, template_id, true);
    if deleted { Ok(Object::ok()) } else { Err(refusals::coded(200_014)) }
}
