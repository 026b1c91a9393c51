//! `POST /cgi-bin/message/subscribe/bizsend`: a notification somebody subscribed to.

use super::super::notification;
use crate::answer::{Family, Object, Refusal};
use crate::endpoints::{Auth, Call, Endpoint, OFFICIAL, Verb, daily, text};
use crate::refusals;
use crate::state::template::TemplateKind;

pub(crate) const ENDPOINT: Endpoint = Endpoint {
    path: "/cgi-bin/message/subscribe/bizsend",
    verb: Verb::Post,
    auth: Auth::Token(OFFICIAL),
    family: Family::Api,
    limits: daily(100_000),
    run,
};

fn run(call: &mut Call<'_>) -> Result<Object, Refusal> {
    let body = call.json()?;
    let account = call.account()?;
    let persona = call.person(&account, text(&body, "touser"))?;
    let template_id = text(&body, "template_id").unwrap_or_default().to_owned();
    let template = call.world.templates.find(&account.app_id, &template_id);
    let template = template.filter(|template| template.kind != TemplateKind::Template);
    let template = template.ok_or(refusals::INVALID_TEMPLATE_ID)?;
    let long_term = template.kind == TemplateKind::LongTerm;
    notification::check_data(template, body.get("data"))?;
    notification::check_target(call, &body, "page", refusals::INVALID_APPID)?;
    notification::deliver(call, account, persona, &template_id, long_term, body)?;
    Ok(Object::ok())
}
