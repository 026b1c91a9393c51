//! `POST /cgi-bin/template/api_add_template`: takes a template from the library.

use serde_json::Value;

use crate::answer::{Family, Object, Refusal};
use crate::endpoints::{Auth, Call, Endpoint, OFFICIAL, UNLIMITED, Verb, text};
use crate::refusals;
use crate::state::template::{self, TemplateKind};

pub(crate) const ENDPOINT: Endpoint = Endpoint {
    path: "/cgi-bin/template/api_add_template",
    verb: Verb::Post,
    auth: Auth::Token(OFFICIAL),
    family: Family::Api,
    limits: UNLIMITED,
    run,
};

fn run(call: &mut Call<'_>) -> Result<Object, Refusal> {
    let body = call.json()?;
    let short = text(&body, "template_id_short").ok_or(refusals::coded(40036))?;
    if short.starts_with("TM") || short.starts_with("OPENTM") {
        return Err(refusals::coded(40247));
    }
    let public = template::public(short).ok_or(refusals::INVALID_TEMPLATE_ID)?;
    let names = body.get("keyword_name_list").and_then(Value::as_array).filter(|names| !names.is_empty());
    let kid = |name: &Value| {
        let at = public.keywords.iter().position(|(_, known)| Some(*known) == name.as_str())?;
        Some(at + 1)
    };
    let kids: Option<Vec<usize>> = names.and_then(|names| names.iter().map(kid).collect());
    let fields = kids.and_then(|kids| public.choose(&kids)).ok_or(refusals::coded(40246))?;
    let app_id = call.app_id().to_owned();
    let added = call.world.templates.add(&app_id, TemplateKind::Template, public.title, fields, call.random);
    Ok(Object::ok().with("template_id", added.map_err(|_| refusals::coded(45026))?))
}
