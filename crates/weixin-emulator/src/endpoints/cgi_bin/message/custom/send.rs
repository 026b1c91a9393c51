//! `POST /cgi-bin/message/custom/send`: a message to somebody who was in touch lately.

use serde_json::Value;

use super::body;
use crate::answer::{Family, Object, Refusal};
use crate::endpoints::customservice;
use crate::endpoints::{Auth, BOTH, Call, Endpoint, Verb, daily, text};
use crate::refusals;
use crate::state::account::AccountKind;
use crate::state::contact::Closed;
use crate::state::inbox::{Channel, ReceivedMessage};

pub(crate) const ENDPOINT: Endpoint = Endpoint {
    path: "/cgi-bin/message/custom/send",
    verb: Verb::Post,
    auth: Auth::Token(BOTH),
    family: Family::Api,
    limits: daily(500_000),
    run,
};

fn run(call: &mut Call<'_>) -> Result<Object, Refusal> {
    let request = call.json()?;
    let account = call.account()?;
    let persona = call.person(&account, text(&request, "touser"))?;
    let kind = text(&request, "msgtype").ok_or(refusals::INVALID_MESSAGE_TYPE)?;
    let known = match account.kind {
        AccountKind::Mini => body::MINI.contains(&kind),
        _ => body::OFFICIAL.contains(&kind),
    };
    if !known {
        let mini = account.kind == AccountKind::Mini;
        return Err(if mini { refusals::INVALID_TYPE } else { refusals::INVALID_MESSAGE_TYPE });
    }
    let content = request.get(kind).filter(|content| content.is_object()).ok_or(refusals::EMPTY_CONTENT)?;
    body::check(call, &account, kind, content)?;
    let kf_account = request.get("customservice").and_then(|service| text(service, "kf_account"));
    if let Some(who) = kf_account {
        call.world.staff.find(&account.app_id, who).map_err(customservice::refusal)?;
    }
    call.world.contacts.spend(&account.app_id, &persona, call.now_ms).map_err(|closed| match closed {
        Closed::Window => refusals::WINDOW_CLOSED,
        Closed::Count => refusals::WINDOW_USED_UP,
    })?;
    if let Some(who) = kf_account {
        let said = text(content, "content").map_or_else(|| format!("[{kind}]"), str::to_owned);
        call.world.service_desks.record(&account.app_id, &persona, true, who, &said, call.now_ms);
    }
    let content: Value = content.clone();
    call.world.inbox.deliver(ReceivedMessage {
        id: 0,
        at_ms: call.now_ms,
        persona,
        account: account.name,
        channel: Channel::CustomerService,
        kind: kind.to_owned(),
        content,
        msg_id: None,
        kf_account: kf_account.map(str::to_owned),
    });
    Ok(Object::ok())
}
