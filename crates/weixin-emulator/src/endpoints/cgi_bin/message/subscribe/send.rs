//! `POST /cgi-bin/message/subscribe/send`: a notification of a mini program to somebody who agreed to it.

use serde_json::Value;

use super::super::notification;
use crate::answer::{Family, Object, Refusal};
use crate::endpoints::{Auth, Call, Endpoint, MINI, Verb, daily, text};
use crate::refusals;
use crate::state::template::TemplateKind;

pub(crate) const ENDPOINT: Endpoint = Endpoint {
    path: "/cgi-bin/message/subscribe/send",
    verb: Verb::Post,
    auth: Auth::Token(MINI),
    family: Family::Api,
    limits: daily(10_000_000),
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
    check_words(&body)?;
    if let Some(page) = text(&body, "page") {
        let page = page.split_once('?').map_or(page, |(page, _)| page);
        if !account.mini_program.has_page(page.trim_start_matches('/')) {
            return Err(refusals::coded(41030));
        }
    }
    notification::check_data(template, body.get("data"))?;
    let busy_ms = call.world.settings.subscribe_send_ms + call.slow_ms;
    if !call.world.templates.begin_send(&account.app_id, &persona, call.now_ms, busy_ms) {
        return Err(refusals::coded(43108));
    }
    let msg_id = notification::deliver(call, account, persona, &template_id, long_term, body)?;
    Ok(Object::ok().with("msgid", msg_id))
}

/// The two fields that are one of a few words, when they are there.
fn check_words(body: &Value) -> Result<(), Refusal> {
    const WORDS: [(&str, &[&str]); 2] =
        [("miniprogram_state", &["formal", "trial", "developer"]), ("lang", &["zh_CN", "en_US", "zh_HK", "zh_TW"])];
    let known = |(field, words): &(&str, &[&str])| match body.get(field) {
        None => true,
        Some(word) => word.as_str().is_some_and(|word| words.contains(&word)),
    };
    if WORDS.iter().all(known) { Ok(()) } else { Err(refusals::INVALID_ARGS) }
}
