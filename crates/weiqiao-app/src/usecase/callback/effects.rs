//! What changes with a push: who follows, and whose data is no longer ours to keep.

use serde_json::json;
use weiqiao_store::facts::audit::NewAudit;
use weiqiao_store::facts::follower::{Followed, Left};
use weiqiao_store::facts::inbox::{Effect, NewPush};
use weiqiao_store::facts::subscription::{SubscriptionChange, SubscriptionEvent};
use weixin_proto::callback::event::Event;
use weixin_proto::callback::event::subscribe_msg_change::ChangeStatus;
use weixin_proto::callback::event::subscribe_msg_popup::PopupStatus;
use weixin_proto::callback::{Inbound, Kind};
use weixin_proto::{AppId, OpenId, TemplateId};

use super::stored::who;
use crate::App;
use crate::audit::{Actor, Deed};
use crate::vault::Place;

/// The numbers of `RevokeInfo` that concern nickname and portrait: mini programs 6, 19, 20, official accounts 205.
const PROFILE: [&str; 4] = ["6", "19", "20", "205"];
/// The phone number of mini programs, which stands in what customers did.
const PHONE: &str = "8";
/// The other numbers that are documented. Of what they name nothing is stored here.
const NOT_STORED: [&str; 18] =
    ["1", "2", "3", "4", "5", "7", "12", "13", "14", "15", "16", "18", "201", "202", "203", "204", "206", "207"];

/// What this push changes.
pub(super) fn effects(app: &App, push: &NewPush, inbound: &Inbound) -> Vec<Effect> {
    let Kind::Event(event) = &inbound.kind else { return Vec::new() };
    match event {
        Event::Subscribe(subscribe) => follow(app, push, &inbound.from, subscribe.scene.clone()),
        Event::Unsubscribe(_) => leave(app, push, &inbound.from),
        Event::SubscribeMsgPopup(event) => {
            let change = |status: &PopupStatus| match status {
                PopupStatus::Accept => Some(SubscriptionChange::Given),
                // Nothing is given this time; what was given before stays: it adds up, and nothing tells that it ended.
                _ => None,
            };
            let told = event.list.iter().map(|one| (&one.template_id, change(&one.subscribe_status_string)));
            subscriptions(app, push, &inbound.from, told)
        }
        Event::SubscribeMsgChange(event) => {
            let change = |status: &ChangeStatus| match status {
                ChangeStatus::Reject => Some(SubscriptionChange::Withdrawn),
                _ => None,
            };
            let told = event.list.iter().map(|one| (&one.template_id, change(&one.subscribe_status_string)));
            subscriptions(app, push, &inbound.from, told)
        }
        Event::SubscribeMsgSent(event) => {
            let told = event.list.iter().map(|one| {
                let (msgid, errcode) = (one.msg_id.to_string(), one.error_code);
                let change = match errcode {
                    0 => SubscriptionChange::Arrived { msgid },
                    _ => SubscriptionChange::Lost { msgid, errcode, words: short(one.error_status.as_str()) },
                };
                (&one.template_id, Some(change))
            });
            subscriptions(app, push, &inbound.from, told)
        }
        Event::UserInfoModified(event) if is_ours(push, event.app_id.as_ref()) => {
            let who = who(app, &push.app_id, event.open_id.as_str());
            who.map(|who| Effect::ForgetProfile { who }).into_iter().collect()
        }
        Event::UserAuthorizationRevoke(event) if is_ours(push, event.app_id.as_ref()) => {
            let Some(who) = who(app, &push.app_id, event.open_id.as_str()) else { return Vec::new() };
            let info = event.revoke_info.as_deref();
            let profile = concerns(info, &PROFILE).then(|| Effect::ForgetProfile { who: who.clone() });
            let phone = concerns(info, &[PHONE]).then_some(Effect::ForgetActions { who });
            profile.into_iter().chain(phone).collect()
        }
        Event::UserAuthorizationCancellation(event) if is_ours(push, event.app_id.as_ref()) => {
            let who = who(app, &push.app_id, event.open_id.as_str());
            who.map(|who| Effect::ForgetPerson { who }).into_iter().collect()
        }
        _ => Vec::new(),
    }
}

/// The audit entry about whose data is to be forgotten, because they withdrew their consent.
pub(super) fn forgotten(app: &App, effects: &[Effect]) -> Option<NewAudit> {
    effects.iter().find_map(|effect| {
        let (who, what) = match effect {
            Effect::ForgetPerson { who } => (who, "person"),
            Effect::ForgetProfile { who } => (who, "profile"),
            Effect::ForgetActions { who } => (who, "actions"),
            _ => return None,
        };
        // A blind index: it names nobody to whoever reads it.
        Some(app.audit_entry(Actor::System, Deed::ConsentForgotten, "person", who, &json!({ "what": what })))
    })
}

fn follow(app: &App, push: &NewPush, openid: &OpenId, scene: Option<String>) -> Vec<Effect> {
    let Some(who) = who(app, &push.app_id, openid.as_str()) else { return Vec::new() };
    let sealed = app.vault().seal(Place::new("follower", "openid", &who, &push.app_id), openid.as_str().as_bytes());
    let scene = scene.filter(|scene| scene.len() <= 256 && !scene.contains('\0'));
    vec![Effect::Follow(Followed { who, openid: sealed, scene, at: push.sent_at })]
}

/// What people say about messages of templates, and what became of those.
fn subscriptions<'a>(
    app: &App,
    push: &NewPush,
    openid: &OpenId,
    told: impl Iterator<Item = (&'a TemplateId, Option<SubscriptionChange>)>,
) -> Vec<Effect> {
    let who: Vec<_> = who(app, &push.app_id, openid.as_str()).into_iter().collect();
    // WeChat tells seconds; what we heard within that second was before.
    let at = push.sent_at.saturating_add(999);
    told.filter_map(|(template_id, change)| {
        let template_id = template_id.as_str().to_owned();
        Some(Effect::Subscription(SubscriptionEvent { who: who.clone(), template_id, change: change?, at }))
    })
    .collect()
}

/// Words as they may stand in a column.
fn short(words: &str) -> String {
    words.chars().filter(|character| !character.is_control()).take(200).collect()
}

fn leave(app: &App, push: &NewPush, openid: &OpenId) -> Vec<Effect> {
    let who = who(app, &push.app_id, openid.as_str());
    who.map(|who| Effect::Leave(Left { who, at: push.sent_at })).into_iter().collect()
}

/// Whom a push is about: events about a withdrawn consent come from the platform and name the person beside.
pub(super) fn person<'a>(app_id: &str, inbound: &'a Inbound) -> &'a str {
    let Kind::Event(event) = &inbound.kind else { return inbound.from.as_str() };
    let (of, openid) = match event {
        Event::UserInfoModified(event) => (&event.app_id, &event.open_id),
        Event::UserAuthorizationRevoke(event) => (&event.app_id, &event.open_id),
        Event::UserAuthorizationCancellation(event) => (&event.app_id, &event.open_id),
        _ => return inbound.from.as_str(),
    };
    if of.as_ref().is_none_or(|of| of.as_str() == app_id) { openid.as_str() } else { inbound.from.as_str() }
}

/// An event that names another account is not about our data.
fn is_ours(push: &NewPush, app_id: Option<&AppId>) -> bool {
    app_id.is_none_or(|app_id| app_id.as_str() == push.app_id)
}

/// Whether one of these is withdrawn. What is not known to concern something else may concern them.
fn concerns(revoke_info: Option<&str>, these: &[&str]) -> bool {
    let known = |number: &str| PROFILE.contains(&number) || number == PHONE || NOT_STORED.contains(&number);
    let mut numbers =
        revoke_info.unwrap_or("").split([',', ' ', '|', ';']).filter(|number| !number.is_empty()).peekable();
    numbers.peek().is_none() || numbers.any(|number| these.contains(&number) || !known(number))
}

#[cfg(test)]
mod tests {
    use super::{PHONE, PROFILE, concerns};

    #[test]
    fn what_is_withdrawn_decides() {
        for (info, profile, phone) in [
            (Some("205"), true, false),
            (Some("6"), true, false),
            (Some("204"), false, false),
            (Some("8"), false, true),
            (Some("204,205"), true, false),
            (Some("8,19"), true, true),
            (Some("999"), true, true),
            (Some(""), true, true),
            (None, true, true),
        ] {
            assert_eq!((concerns(info, &PROFILE), concerns(info, &[PHONE])), (profile, phone), "{info:?}");
        }
    }
}
