//! What a customer-service message of each type must hold.
//!
//! Cards and articles are taken on trust: the emulator has neither, so any id will do.

use serde_json::Value;

use crate::answer::Refusal;
use crate::endpoints::{Call, text};
use crate::refusals;
use crate::state::account::{Account, AccountKind};
use crate::state::media::MediaKind::{self, Image, Thumb, Video, Voice};

/// Types an official account may send.
pub(super) const OFFICIAL: [&str; 11] = [
    "text",
    "image",
    "voice",
    "video",
    "music",
    "news",
    "mpnews",
    "mpnewsarticle",
    "msgmenu",
    "wxcard",
    "miniprogrampage",
];
/// Types a mini program may send.
pub(super) const MINI: [&str; 4] = ["text", "image", "link", "miniprogrampage"];

/// Longest text, in bytes.
const TEXT: usize = 2048;

/// Checks the object under the type's name.
pub(super) fn check(call: &Call<'_>, account: &Account, kind: &str, content: &Value) -> Result<(), Refusal> {
    match kind {
        "text" => check_text(content),
        "image" => has_media(call, content, "media_id", &[Image]),
        "voice" => has_media(call, content, "media_id", &[Voice]),
        "video" => {
            has_media(call, content, "media_id", &[Video])?;
            has_media(call, content, "thumb_media_id", &[Thumb, Image])
        }
        "music" => {
            has_texts(content, "music", &["musicurl", "hqmusicurl"])?;
            has_media(call, content, "thumb_media_id", &[Thumb, Image])
        }
        "news" => match content.get("articles").and_then(Value::as_array).map(Vec::as_slice) {
            None | Some([]) => Err(refusals::EMPTY_NEWS),
            Some([article]) => has_texts(article, "news.articles", &["title"]),
            Some(_) => Err(refusals::TOO_MANY_ARTICLES),
        },
        "mpnews" => text(content, "media_id").map(|_| ()).ok_or(refusals::INVALID_MEDIA_ID),
        "mpnewsarticle" => has_texts(content, kind, &["article_id"]),
        "wxcard" => has_texts(content, kind, &["card_id"]),
        "msgmenu" => check_menu(content),
        "link" => has_texts(content, kind, &["title", "description", "url", "thumb_url"]),
        _ => check_mini_program(call, account, content),
    }
}

fn check_text(content: &Value) -> Result<(), Refusal> {
    let content = text(content, "content").ok_or(refusals::EMPTY_CONTENT)?;
    if content.len() > TEXT {
        return Err(refusals::CONTENT_TOO_LONG);
    }
    let linked = content.split("data-miniprogram-appid=").skip(1).filter_map(|rest| {
        let quote = rest.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
        rest.split(quote).nth(1)
    });
    let well_formed = |app_id: &str| app_id.len() == 18 && app_id.starts_with("wx");
    if linked.into_iter().all(well_formed) { Ok(()) } else { Err(refusals::INVALID_LINK_APPID) }
}

fn check_menu(content: &Value) -> Result<(), Refusal> {
    let items = content.get("list").and_then(Value::as_array).filter(|items| !items.is_empty());
    let items = items.ok_or(refusals::MSGMENU_LIST)?;
    let whole = |item: &Value| text(item, "content").is_some() && item.get("id").is_some_and(|id| !id.is_null());
    if items.iter().all(whole) { Ok(()) } else { Err(refusals::MSGMENU_ITEM) }
}

fn check_mini_program(call: &Call<'_>, account: &Account, content: &Value) -> Result<(), Refusal> {
    has_texts(content, "miniprogrampage", &["title"])?;
    let of_itself = account.kind == AccountKind::Mini;
    match text(content, "appid") {
        None if of_itself => {}
        Some(app_id) if of_itself && app_id != account.app_id => return Err(refusals::INVALID_MINI_APPID),
        app_id => {
            let target = app_id.and_then(|app_id| call.world.accounts.by_app_id(app_id));
            if target.is_none_or(|target| target.kind != AccountKind::Mini) {
                return Err(refusals::INVALID_MINI_APPID);
            }
        }
    }
    text(content, "pagepath").ok_or(refusals::INVALID_PAGE_PATH)?;
    has_media(call, content, "thumb_media_id", &[Image, Thumb])
}

/// The field names a file of one of these kinds, temporary or permanent: 40007 otherwise.
fn has_media(call: &Call<'_>, content: &Value, field: &str, kinds: &[MediaKind]) -> Result<(), Refusal> {
    let media = text(content, field).and_then(|id| call.world.media.find(call.app_id(), id, call.now_ms));
    media.filter(|media| kinds.contains(&media.kind)).map(|_| ()).ok_or(refusals::INVALID_MEDIA_ID)
}

/// These fields are there and not empty: 47003 names the first that is not.
fn has_texts(content: &Value, of: &str, fields: &[&str]) -> Result<(), Refusal> {
    match fields.iter().find(|field| text(content, field).is_none()) {
        None => Ok(()),
        Some(field) => Err(refusals::argument(&format!("{of}.{field} is empty"))),
    }
}
