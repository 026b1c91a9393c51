//! `POST /cgi-bin/message/template/subscribe`: one message to somebody who agreed to one.

use super::super::notification;
use crate::answer::{Family, Object, Refusal};
use crate::endpoints::{Auth, Call, Endpoint, OFFICIAL, UNLIMITED, Verb, text};
use crate::refusals;
use crate::state::inbox::{Channel, ReceivedMessage};

pub(crate) const ENDPOINT: Endpoint = Endpoint {
    path: "/cgi-bin/message/template/subscribe",
    verb: Verb::Post,
    auth: Auth::Token(OFFICIAL),
    family: Family::Api,
    limits: UNLIMITED,
    run,
};

/// Longest title, in characters.
const TITLE: usize = 15;
/// Longest content, in characters.
const CONTENT: usize = 200;

fn run(call: &mut Call<'_>) -> Result<Object, Refusal> {
    let body = call.json()?;
    let account = call.account()?;
    let persona = call.person(&account, text(&body, "touser"))?;
    let template_id = text(&body, "template_id").ok_or(refusals::INVALID_TEMPLATE_ID)?;
    text(&body, "title").filter(|title| title.chars().count() <= TITLE).ok_or(refusals::coded(40062))?;
    let content = body.pointer("/data/content").and_then(|content| text(content, "value"));
    let content = content.ok_or(refusals::argument("data.content.value is empty"))?;
    if content.chars().count() > CONTENT {
        return Err(refusals::CONTENT_TOO_LONG);
    }
    notification::check_target(call, &body, "url", refusals::INVALID_MINI_APPID)?;
    if !call.world.templates.spend(&account.app_id, &persona, template_id, false) {
        return Err(refusals::NOT_SUBSCRIBED);
    }
    call.world.inbox.deliver(ReceivedMessage {
        id: 0,
        at_ms: call.now_ms,
        persona,
        account: account.name,
        channel: Channel::Template,
        kind: "subscribe".to_owned(),
        content: body,
        msg_id: None,
        kf_account: None,
    });
    Ok(Object::ok())
}
