//! Reads the buttons of a menu and refuses what WeChat refuses.

use std::collections::BTreeSet;

use serde_json::Value;
use url::Url;

use crate::answer::Refusal;
use crate::endpoints::{Call, text};
use crate::refusals;
use crate::state::World;
use crate::state::account::AccountKind;
use crate::state::menu::Button;

/// What WeChat says about the buttons of one level.
struct Level {
    kind: Refusal,
    name: Refusal,
    key: Refusal,
    url_size: Refusal,
    url_domain: Refusal,
    media_id: Refusal,
    /// Bytes of a name.
    longest_name: usize,
}

const TOP: Level = Level {
    kind: Refusal::new(40017, "invalid button type"),
    name: Refusal::new(40018, "invalid button name size"),
    key: Refusal::new(40019, "invalid button key size"),
    url_size: Refusal::new(40020, "invalid button url size"),
    url_domain: Refusal::new(40055, "invalid button url domain"),
    media_id: Refusal::new(40117, "invalid button media_id size"),
    longest_name: 16,
};
const SUB: Level = Level {
    kind: Refusal::new(40024, "invalid sub button type"),
    name: Refusal::new(40025, "invalid sub button name size"),
    key: Refusal::new(40026, "invalid sub button key size"),
    url_size: Refusal::new(40027, "invalid sub button url size"),
    url_domain: Refusal::new(40054, "invalid sub button url domain"),
    media_id: Refusal::new(40118, "invalid sub button media_id size"),
    longest_name: 60,
};

const TOP_COUNT: Refusal = Refusal::new(40016, "invalid button size");
const SUB_COUNT: Refusal = Refusal::new(40023, "invalid sub button size");
const TOO_DEEP: Refusal = Refusal::new(40022, "invalid sub_menu level");
const NO_URL: Refusal = Refusal::new(41010, "missing url");
const NOT_LINKED: Refusal = Refusal::new(45064, "no permission to use weapp in menu");
const NO_PAGE: Refusal = Refusal::new(47003, "argument invalid! pagepath");
const BAD_ARTICLE: Refusal = Refusal::new(53600, "Article ID 无效");
const NO_ARTICLE: Refusal = Refusal::new(40121, "invalid media type in view_limited");
const NO_BUTTONS: Refusal = Refusal::new(65307, "conditional menu is empty");
const NO_ACTION: Refusal = Refusal::new(65308, "exist empty button act");
const TOO_MANY_DOMAINS: Refusal = Refusal::new(65316, "domain count reach limit");
const BAD_URL: Refusal = Refusal::new(65317, "contain invalid url");

/// Bytes of a key.
const LONGEST_KEY: usize = 128;
/// Bytes of an address.
const LONGEST_URL: usize = 1024;
/// Bytes of a media id. WeChat names no number.
const LONGEST_MEDIA_ID: usize = 128;
/// Domains, other than WeChat's own, in one conditional menu.
const MOST_DOMAINS: usize = 3;

/// Which menu is checked; some refusals differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Menu {
    Default,
    Conditional,
}

/// The buttons of a body.
pub(super) fn buttons(world: &World, body: &Value, menu: Menu) -> Result<Vec<Button>, Refusal> {
    let list = body.get("button").and_then(Value::as_array).ok_or(refusals::BAD_JSON)?;
    match list.len() {
        0 if menu == Menu::Conditional => return Err(NO_BUTTONS),
        1..=3 => {}
        _ => return Err(TOP_COUNT),
    }
    let buttons: Vec<Button> = list.iter().map(|button| top(world, button, menu)).collect::<Result<_, _>>()?;
    if menu == Menu::Conditional && domains(&buttons).len() > MOST_DOMAINS {
        return Err(TOO_MANY_DOMAINS);
    }
    Ok(buttons)
}

/// Refuses buttons for files that are not there: 40007. What a button sends has to be permanent. Articles, which this emulator
/// does not keep, are taken on trust; a file of ours in place of one is not (40121).
pub(super) fn material(call: &Call<'_>, buttons: &[Button]) -> Result<(), Refusal> {
    let leaves = buttons.iter().flat_map(|button| std::iter::once(button).chain(&button.sub_button));
    for button in leaves {
        let Some(media_id) = button.media_id.as_deref() else { continue };
        let file = call.world.media.find(call.app_id(), media_id, call.now_ms);
        let sent = button.kind.as_deref() == Some("media_id");
        match file {
            Some(_) if !sent => return Err(NO_ARTICLE),
            Some(file) if file.expires_ms.is_some() => return Err(refusals::INVALID_MEDIA_ID),
            None if sent => return Err(refusals::INVALID_MEDIA_ID),
            _ => {}
        }
    }
    Ok(())
}

fn top(world: &World, value: &Value, menu: Menu) -> Result<Button, Refusal> {
    let name = name(value, &TOP)?;
    let list = match value.get("sub_button") {
        None | Some(Value::Null) => &[][..],
        Some(Value::Array(list)) => list,
        Some(_) => return Err(refusals::BAD_JSON),
    };
    match list.len() {
        0 => leaf(world, value, name, &TOP, menu),
        1..=5 => {
            let sub_button = list.iter().map(|button| sub(world, button, menu)).collect::<Result<_, _>>()?;
            Ok(Button { name, sub_button, ..Button::default() })
        }
        _ => Err(SUB_COUNT),
    }
}

fn sub(world: &World, value: &Value, menu: Menu) -> Result<Button, Refusal> {
    let name = name(value, &SUB)?;
    match value.get("sub_button") {
        None | Some(Value::Null) => {}
        Some(Value::Array(list)) if list.is_empty() => {}
        Some(Value::Array(_)) => return Err(TOO_DEEP),
        Some(_) => return Err(refusals::BAD_JSON),
    }
    leaf(world, value, name, &SUB, menu)
}

fn name(value: &Value, level: &Level) -> Result<String, Refusal> {
    if !value.is_object() {
        return Err(refusals::BAD_JSON);
    }
    match value.get("name").and_then(Value::as_str) {
        Some(name) if (1..=level.longest_name).contains(&name.len()) => Ok(name.to_owned()),
        _ => Err(level.name.clone()),
    }
}

/// A button that does something.
fn leaf(world: &World, value: &Value, name: String, level: &Level, menu: Menu) -> Result<Button, Refusal> {
    let kind = match text(value, "type") {
        Some(kind) => kind,
        None if menu == Menu::Conditional => return Err(NO_ACTION),
        None => return Err(level.kind.clone()),
    };
    let mut button = Button { name, kind: Some(kind.to_owned()), ..Button::default() };
    match kind {
        "click" | "scancode_push" | "scancode_waitmsg" | "pic_sysphoto" | "pic_photo_or_album" | "pic_weixin"
        | "location_select" => button.key = Some(sized(value, "key", LONGEST_KEY).ok_or(level.key.clone())?),
        "view" => button.url = Some(address(value, level, menu)?),
        "miniprogram" => {
            button.url = Some(address(value, level, menu)?);
            let appid = text(value, "appid").filter(|appid| is_linked(world, appid)).ok_or(NOT_LINKED)?;
            button.appid = Some(appid.to_owned());
            let pagepath = text(value, "pagepath").ok_or(NO_PAGE)?;
            button.pagepath = Some(pagepath.to_owned());
        }
        "media_id" | "view_limited" => {
            button.media_id = Some(sized(value, "media_id", LONGEST_MEDIA_ID).ok_or(level.media_id.clone())?);
        }
        "article_id" | "article_view_limited" => {
            button.article_id = Some(text(value, "article_id").ok_or(BAD_ARTICLE)?.to_owned());
        }
        _ => return Err(level.kind.clone()),
    }
    Ok(button)
}

fn sized(value: &Value, field: &str, longest: usize) -> Option<String> {
    text(value, field).filter(|text| text.len() <= longest).map(str::to_owned)
}

fn address(value: &Value, level: &Level, menu: Menu) -> Result<String, Refusal> {
    let address = text(value, "url").ok_or(NO_URL)?;
    if address.len() > LONGEST_URL {
        return Err(level.url_size.clone());
    }
    if host(address).is_none() {
        return Err(if menu == Menu::Conditional { BAD_URL } else { level.url_domain.clone() });
    }
    Ok(address.to_owned())
}

/// The host of an `http` or `https` address.
fn host(address: &str) -> Option<String> {
    let url = Url::parse(address).ok().filter(|url| matches!(url.scheme(), "http" | "https"))?;
    Some(url.host_str()?.to_owned())
}

/// Hosts that are not WeChat's own.
fn domains(buttons: &[Button]) -> BTreeSet<String> {
    let leaves = buttons.iter().flat_map(|button| std::iter::once(button).chain(&button.sub_button));
    let hosts = leaves.filter_map(|button| host(button.url.as_deref()?));
    hosts.filter(|host| host != "weixin.qq.com" && !host.ends_with(".weixin.qq.com")).collect()
}

/// Every mini program this emulator has counts as linked to every official account.
fn is_linked(world: &World, appid: &str) -> bool {
    world.accounts.by_app_id(appid).is_some_and(|account| account.kind == AccountKind::Mini)
}
