//! `POST /cgi-bin/template/del_private_template`: deletes a template.

use crate::answer::{Family, Object, Refusal};
use crate::endpoints::{Auth, Call, Endpoint, OFFICIAL, UNLIMITED, Verb, text};
use crate::refusals;

pub(crate) const ENDPOINT: Endpoint = Endpoint {
    path: "/cgi-bin/template/del_private_template",
    verb: Verb::Post,
    auth: Auth::Token(OFFICIAL),
    family: Family::Api,
    limits: UNLIMITED,
    run,
};

fn run(call: &mut Call<'_>) -> Result<Object, Refusal> {
    let body = call.json()?;
    let template_id = text(&body, "template_id").unwrap_or_default();
    let app_id = call.app_id().to_owned();
    let deleted = call.world.templates.delete(&app_id, template_id, false);
    if deleted { Ok(Object::ok()) } else { Err(refusals::INVALID_TEMPLATE_ID) }
}
