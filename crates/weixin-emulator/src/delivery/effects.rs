//! What acts change in the emulated WeChat, besides being pushed.

use serde_json::{Value, json};

use super::build::Given;
use super::node::{Fields, Node};
use super::notify;
use super::options::Act;
use super::report::DeliveredReply;
use crate::engine::Inner;
use crate::state::account::Account;
use crate::state::inbox::{Channel, ReceivedMessage};
use crate::state::media::{Format, MediaKind};
use crate::state::qr_code::QrScene;

/// What the phone fills in before it is pushed.
pub(crate) fn fill_in(inner: &Inner, account: &Account, persona: &str, name: &str, given: &mut Given) {
    match name {
        "VIEW" | "view_miniprogram" if given.peek("MenuId").is_none() => {
            let id = inner.world.people.find(persona).and_then(|persona| inner.world.menu_id_of(account, persona));
            if let Some(id) = id {
                given.set("MenuId", id);
            }
        }
        "pic_sysphoto" | "pic_photo_or_album" | "pic_weixin" if given.peek("item").is_none() => {
            let pictures = count_of(given);
            let sums: Vec<Value> = (1..=pictures).map(|n| json!({ "PicMd5Sum": format!("{n:032x}") })).collect();
            if given.peek("pictures").is_none() && given.peek("SendPicsInfo").is_none() {
                given.set("item", sums);
            }
        }
        _ => {}
    }
}

fn count_of(given: &Given) -> u64 {
    let count = match given.peek("Count") {
        Some(Value::Number(number)) => number.as_u64(),
        Some(Value::String(digits)) => digits.parse().ok(),
        _ => None,
    };
    // The phone offers nine at a time.
    count.unwrap_or(1).clamp(1, 9)
}

/// What the act changes. Called once the body is composed, so a refused act changes nothing.
pub(crate) fn happen(inner: &mut Inner, account: &Account, persona: &str, name: &str, body: &Fields) {
    let now_ms = inner.clock.now_ms();
    let app_id = account.app_id.as_str();
    match name {
        "subscribe" => {
            let scene = text_of(body, "EventKey").and_then(|key| key.strip_prefix("qrscene_"));
            inner.world.follows.follow(app_id, persona, scene, now_ms);
        }
        "unsubscribe" => {
            inner.world.contacts.parted(app_id, persona);
            inner.world.follows.unfollow(app_id, persona);
        }
        "subscribe_msg_popup_event" => {
            for (template, status) in answers(body) {
                match status {
                    "accept" => {
                        inner.world.templates.accept(app_id, persona, template, 1);
                    }
                    _ => inner.world.templates.reject(app_id, persona, template),
                }
            }
        }
        "subscribe_msg_change_event" => {
            for (template, _) in answers(body).into_iter().filter(|(_, status)| *status == "reject") {
                inner.world.templates.reject(app_id, persona, template);
            }
        }
        _ => {}
    }
}

/// While a member of staff is talking to the person, what the person writes goes to them: who that is.
pub(crate) fn to_staff(
    inner: &mut Inner,
    account: &Account,
    persona: &str,
    name: &str,
    body: &Fields,
) -> Option<String> {
    let (app_id, now_ms) = (account.app_id.as_str(), inner.clock.now_ms());
    let desks = &mut inner.world.service_desks;
    let kf_account = desks.serving(app_id, persona)?.kf_account.clone();
    // Records have words; what has none is told by its type.
    let told = text_of(body, "Content").map_or_else(|| format!("[{name}]"), str::to_owned);
    desks.record(app_id, persona, false, &kf_account, &told, now_ms);
    Some(kf_account)
}

/// The messages a phone sends right after these events.
pub(crate) fn followed_by(name: &str, body: &Fields) -> Vec<Act> {
    let within = |group: &str| body.iter().find(|(name, _)| name == group).map(|(_, node)| node);
    match (name, within("SendPicsInfo"), within("SendLocationInfo")) {
        ("pic_sysphoto" | "pic_photo_or_album" | "pic_weixin", Some(Node::Group(sent)), _) => {
            let pictures = match sent.iter().find(|(name, _)| name == "PicList") {
                Some((_, Node::Group(list))) => list.iter().map(|(_, items)| size(items)).sum(),
                _ => 0,
            };
            (0..pictures).map(|_| Act::message("image")).collect()
        }
        ("location_select", _, Some(Node::Group(sent))) => {
            let text = |name: &str| text_of(sent, name).unwrap_or_default().to_owned();
            let act =
                Act::message("location").with("Location_X", text("Location_X")).with("Location_Y", text("Location_Y"));
            vec![act.with("Scale", text("Scale")).with("Label", text("Label"))]
        }
        _ => Vec::new(),
    }
}

fn size(node: &Node) -> usize {
    if let Node::Many(items) = node { items.len() } else { 1 }
}

/// The text of a field.
pub(crate) fn text_of<'b>(body: &'b [(String, Node)], name: &str) -> Option<&'b str> {
    body.iter().find(|(known, _)| known == name).and_then(|(_, node)| match node {
        Node::Text(text) | Node::Number(text) => Some(text.as_str()),
        _ => None,
    })
}

/// Template and answer of each item of `List`.
fn answers(body: &Fields) -> Vec<(&str, &str)> {
    let lists = body.iter().filter_map(|(_, node)| if let Node::Wrapper(fields) = node { Some(fields) } else { None });
    let items = lists.flatten().filter_map(|(_, node)| if let Node::Many(items) = node { Some(items) } else { None });
    items
        .flatten()
        .filter_map(|item| match item {
            Node::Group(fields) => Some((text_of(fields, "TemplateId")?, text_of(fields, "SubscribeStatusString")?)),
            _ => None,
        })
        .collect()
}

/// The key of a scene, as `SCAN` has it.
pub(crate) fn scene_key(scene: &QrScene) -> String {
    match scene {
        QrScene::Number(number) => number.to_string(),
        QrScene::Text(text) => text.clone(),
    }
}

/// Puts a reply on the person's phone. A message handed to customer service shows as one of type
/// `transfer_customer_service`.
pub(crate) fn replied(inner: &mut Inner, account: &Account, persona: &str, reply: &DeliveredReply) {
    if reply.kind == "transfer_customer_service" {
        hand_over(inner, account, persona, reply.content.get("kf_account").and_then(Value::as_str));
    }
    arrive(inner, account, persona, Channel::Reply, &reply.kind, Value::Object(reply.content.clone()));
}

/// To the member of staff who is named and online; otherwise the person waits for one.
fn hand_over(inner: &mut Inner, account: &Account, persona: &str, kf_account: Option<&str>) {
    let (app_id, now_ms) = (account.app_id.as_str(), inner.clock.now_ms());
    let world = &mut inner.world;
    let member =
        kf_account.and_then(|name| world.staff.find(app_id, name).ok()).filter(|member| member.online).cloned();
    match member {
        Some(member) if world.service_desks.serving(app_id, persona).is_none() => {
            // Nobody serves the person, so this cannot be refused.
            let _ = world.service_desks.open(app_id, &member.kf_account, persona, now_ms);
            notify(world, app_id, persona, "kf_create_session", &[("KfAccount", member.kf_account.into())]);
        }
        _ => world.service_desks.wait(app_id, persona, now_ms),
    }
}

/// Puts WeChat's own line on the person's phone.
pub(crate) fn noticed(inner: &mut Inner, account: &Account, persona: &str, notice: &str) {
    arrive(inner, account, persona, Channel::System, "notice", json!({ "content": notice }));
}

fn arrive(inner: &mut Inner, account: &Account, persona: &str, channel: Channel, kind: &str, content: Value) {
    let at_ms = inner.clock.now_ms();
    inner.world.inbox.deliver(ReceivedMessage {
        id: 0,
        at_ms,
        persona: persona.to_owned(),
        account: account.name.clone(),
        channel,
        kind: kind.to_owned(),
        content,
        msg_id: None,
        kf_account: None,
    });
}

/// Whether the files of a reply are there: of this account, alive, of the right kind.
pub(crate) fn check_media(inner: &Inner, account: &Account, reply: &DeliveredReply) -> Result<(), String> {
    let (field, kinds): (_, &[MediaKind]) = match reply.kind.as_str() {
        "image" => ("media_id", &[MediaKind::Image]),
        "voice" => ("media_id", &[MediaKind::Voice]),
        "video" => ("media_id", &[MediaKind::Video]),
        "music" => ("thumb_media_id", &[MediaKind::Thumb, MediaKind::Image]),
        _ => return Ok(()),
    };
    let id = reply.content.get(field).and_then(Value::as_str).unwrap_or_default();
    let file = inner.world.media.find(&account.app_id, id, inner.clock.now_ms());
    match file.filter(|file| kinds.contains(&file.kind)) {
        None => Err(format!("{field} {id:?} is no living file of this account and of that kind")),
        Some(file) if reply.kind == "image" && Format::of(&file.bytes) == Some(Format::Gif) => {
            Err("a GIF cannot be a reply".to_owned())
        }
        Some(_) => Ok(()),
    }
}
