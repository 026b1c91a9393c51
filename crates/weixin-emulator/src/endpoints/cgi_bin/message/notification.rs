//! What all notifications made of templates have in common.

use serde_json::{Value, json};

use crate::answer::Refusal;
use crate::delivery::notify;
use crate::endpoints::{Call, text};
use crate::refusals;
use crate::state::account::{Account, AccountKind};
use crate::state::inbox::{Channel, ReceivedMessage};
use crate::state::template::Template;
use crate::state::template_value::fits;

/// Longest link, in bytes.
const LINK: usize = 1024;

/// Every field of the template has a value of its kind: 47003 names the first that has not.
pub(super) fn check_data(template: &Template, data: Option<&Value>) -> Result<(), Refusal> {
    for (key, _) in &template.fields {
        let value = data.and_then(|data| data.get(key)).and_then(|field| field.get("value")).and_then(Value::as_str);
        match value {
            None | Some("") => return Err(refusals::argument(&format!("data.{key}.value is empty"))),
            Some(value) if !fits(key, value) => {
                return Err(refusals::argument(&format!("data.{key}.value invalid")));
            }
            Some(_) => {}
        }
    }
    Ok(())
}

/// The link is not too long, and the mini program is one: `foreign` otherwise.
pub(super) fn check_target(call: &Call<'_>, body: &Value, link: &str, foreign: Refusal) -> Result<(), Refusal> {
    if text(body, link).is_some_and(|url| url.len() > LINK) {
        return Err(refusals::coded(40039));
    }
    let Some(mini) = body.get("miniprogram").filter(|mini| mini.as_object().is_some_and(|mini| !mini.is_empty()))
    else {
        return Ok(());
    };
    let target = text(mini, "appid").and_then(|app_id| call.world.accounts.by_app_id(app_id));
    if target.is_some_and(|target| target.kind == AccountKind::Mini) { Ok(()) } else { Err(foreign) }
}

/// Puts a subscription notification into the person's inbox, for one of their agreements, and tells the account that it
/// arrived; gives WeChat's number of it. 43101 when no agreement is left, or the person wants none at all.
pub(super) fn deliver(
    call: &mut Call<'_>,
    account: Account,
    persona: String,
    template_id: &str,
    long_term: bool,
    body: Value,
) -> Result<u64, Refusal> {
    let takes_any = call.world.subscription_choices.main_switch(&account.app_id, &persona);
    if !takes_any || !call.world.templates.spend(&account.app_id, &persona, template_id, long_term) {
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
    Ok(msg_id)
}
