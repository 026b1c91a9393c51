//! `POST /wxaapi/newtmpl/addtemplate`: takes a template from the library.

use serde_json::Value;

use crate::answer::{Family, Object, Refusal};
use crate::endpoints::{Auth, BOTH, Call, Endpoint, UNLIMITED, Verb, text};
use crate::refusals;
use crate::state::template::{self, NotAdded, TemplateKind};

pub(crate) const ENDPOINT: Endpoint = Endpoint {
    path: "/wxaapi/newtmpl/addtemplate",
    verb: Verb::Post,
    auth: Auth::Token(BOTH),
    family: Family::Api,
    limits: UNLIMITED,
    run,
};

fn run(call: &mut Call<'_>) -> Result<Object, Refusal> {
    let body = call.json()?;
    let tid = body.get("tid").map(|tid| tid.as_str().map_or_else(|| tid.to_string(), str::to_owned));
    let public = tid.and_then(|tid| template::public(&tid)).ok_or(refusals::coded(200_014))?;
    let kids = body.get("kidList").and_then(Value::as_array).filter(|kids| (2..=5).contains(&kids.len()));
    let kid = |kid: &Value| kid.as_u64().and_then(|kid| usize::try_from(kid).ok());
    let kids: Option<Vec<usize>> = kids.and_then(|kids| kids.iter().map(kid).collect());
    let fields = kids.and_then(|kids| public.choose(&kids)).ok_or(refusals::coded(200_020))?;
    if text(&body, "sceneDesc").is_some_and(|scene| scene.chars().count() > 15) {
        return Err(refusals::coded(200_021));
    }
    let app_id = call.app_id().to_owned();
    let added = call.world.templates.add(&app_id, TemplateKind::OneTime, public.title, fields, call.random);
    let template_id = added.map_err(|why| match why {
        NotAdded::Full => refusals::coded(200_012),
        NotAdded::Exists => refusals::coded(200_022),
    })?;
    Ok(Object::ok().with("priTmplId", template_id))
}
