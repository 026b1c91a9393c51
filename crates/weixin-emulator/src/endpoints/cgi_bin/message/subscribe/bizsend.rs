//! `POST /cgi-bin/message/subscribe/bizsend`: a notification somebody subscribed to.

use serde_json::json;

use super::super::notification;
use crate::answer::{Family, Object, Refusal};
use crate::delivery::notify;
use crate::endpoints::{Auth, Call, Endpoint, OFFICIAL, Verb, daily, text};
use crate::refusals;
use crate::state::inbox::{Channel, ReceivedMessage};
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
    let template_id = text(&body, "template_id").unwrap_or_default();
    let template = call.world.templates.find(&account.app_id, template_id);
    let template = template.filter(|template| template.kind != TemplateKind::Template);
    let template = template.ok_or(refusals::INVALID_TEMPLATE_ID)?;
    let long_term = template.kind == TemplateKind::LongTerm;
    notification::check_data(template, body.get("data"))?;
    notification::check_target(call, &body, "page", refusals::INVALID_APPID)?;
    if !call.world.templates.spend(&account.app_id, &persona, template_id, long_term) {
        return Err(refusals::NOT_SUBSCRIBED);
    }
    let msg_id = call.world.templates.next_msg_id(call.now_ms);
    let told = json!([{ "TemplateId": template_id, "MsgID": msg_id, "ErrorCode": 0, "ErrorStatus": "success" }]);
    notify(call.world, &account.app_id, &persona, "subscribe_msg_sent_event", &[("List", told)]);
    call.world.inbox.deliver(ReceivedMessage {
        id: 0,
        at_ms: call.now_ms,
        persona,
        account: account.name,
        channel: Channel::Subscription,
        kind: "subscribe".to_owned(),
        content: body,
        msg_id: Some(msg_id),
        kf_account: None,
    });
    Ok(Object::ok())
}
