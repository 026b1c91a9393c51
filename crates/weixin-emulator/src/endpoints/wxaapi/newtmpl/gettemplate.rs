//! `GET /wxaapi/newtmpl/gettemplate`: the templates of the account.

use serde_json::json;

use crate::answer::{Family, Object, Refusal};
use crate::endpoints::{Auth, BOTH, Call, Endpoint, UNLIMITED, Verb};
use crate::state::template::TemplateKind;

pub(crate) const ENDPOINT: Endpoint = Endpoint {
    path: "/wxaapi/newtmpl/gettemplate",
    verb: Verb::Get,
    auth: Auth::Token(BOTH),
    family: Family::Api,
    limits: UNLIMITED,
    run,
};

fn run(call: &mut Call<'_>) -> Result<Object, Refusal> {
    let templates = call.world.templates.of(call.app_id()).filter(|template| template.kind != TemplateKind::Template);
    let list: Vec<_> = templates
        .map(|template| {
            json!({
                "priTmplId": template.template_id, "title": template.title, "content": template.content(),
                "example": template.example(), "type": if template.kind == TemplateKind::LongTerm { 3 } else { 2 },
            })
        })
        .collect();
    Ok(Object::ok().with("data", list))
}
