//! `GET /cgi-bin/template/get_all_private_template`: the templates of the account.

use serde_json::json;

use super::industry;
use crate::answer::{Family, Object, Refusal};
use crate::endpoints::{Auth, Call, Endpoint, OFFICIAL, UNLIMITED, Verb};
use crate::state::template::TemplateKind;

pub(crate) const ENDPOINT: Endpoint = Endpoint {
    path: "/cgi-bin/template/get_all_private_template",
    verb: Verb::Get,
    auth: Auth::Token(OFFICIAL),
    family: Family::Api,
    limits: UNLIMITED,
    run,
};

fn run(call: &mut Call<'_>) -> Result<Object, Refusal> {
    let chosen = call.world.templates.industries(call.app_id()).map_or(1, |chosen| chosen.primary);
    let (_, first, second) = industry(chosen).unwrap_or_default();
    let templates = call.world.templates.of(call.app_id()).filter(|template| template.kind == TemplateKind::Template);
    let list: Vec<_> = templates
        .map(|template| {
            json!({
                "template_id": template.template_id, "title": template.title, "primary_industry": first,
                "deputy_industry": second, "content": template.content(), "example": template.example(),
            })
        })
        .collect();
    Ok(Object::new().with("template_list", list))
}
