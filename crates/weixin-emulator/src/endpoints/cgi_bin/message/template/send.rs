//! `POST /cgi-bin/message/template/send`: a template message to a follower.

use super::super::notification;
use crate::answer::{Family, Object, Refusal};
use crate::delivery::notify;
use crate::endpoints::{Auth, Call, Endpoint, OFFICIAL, Verb, daily, text};
use crate::refusals;
use crate::state::inbox::{Channel, ReceivedMessage};
use crate::state::template::TemplateKind;

pub(crate) const ENDPOINT: Endpoint = Endpoint {
    path: "/cgi-bin/message/template/send",
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
    let template_id = text(&body, "template_id").unwrap_or_default();
    let template = call.world.templates.find(&account.app_id, template_id);
    let template = template.filter(|template| template.kind == TemplateKind::Template);
    let template = template.ok_or(refusals::INVALID_TEMPLATE_ID)?;
    if call.world.follows.find(&account.app_id, &persona).is_none() {
        return Err(refusals::MUST_FOLLOW);
    }
    if call.world.blacklists.list(&account.app_id).contains(&persona) {
        return Err(refusals::coded(43019));
    }
    notification::check_data(template, body.get("data"))?;
    notification::check_target(call, &body, "url", refusals::INVALID_MINI_APPID)?;
    let client_msg_id = text(&body, "client_msg_id");
    let before =
        client_msg_id.and_then(|id| call.world.templates.sent_before(&account.app_id, &persona, id, call.now_ms));
    if let Some(msg_id) = before {
        return Ok(Object::ok().with("msgid", msg_id));
    }
    let msg_id = call.world.templates.next_msg_id(call.now_ms);
    if let Some(id) = client_msg_id {
        call.world.templates.remember(&account.app_id, &persona, id, msg_id, call.now_ms);
    }
    let told = [("MsgID", msg_id.into()), ("Status", "success".into())];
    notify(call.world, &account.app_id, &persona, "TEMPLATESENDJOBFINISH", &told);
    call.world.inbox.deliver(ReceivedMessage {
        id: 0,
        at_ms: call.now_ms,
        persona,
        account: account.name,
        channel: Channel::Template,
        kind: "template".to_owned(),
        content: body,
        msg_id: Some(msg_id),
        kf_account: None,
    });
    Ok(Object::ok().with("msgid", msg_id))
}
