//! Buttons and rules as WeChat writes them.

use serde_json::{Value, json};

use crate::answer::Object;
use crate::state::menu::{Button, MatchRule};
use crate::state::persona::Platform;

/// What both forms of a button have.
fn common(button: &Button) -> Object {
    Object::new()
        .with_some("type", button.kind.as_deref())
        .with("name", button.name.as_str())
        .with_some("key", button.key.as_deref())
        .with_some("url", button.url.as_deref())
        .with_some("media_id", button.media_id.as_deref())
        .with_some("article_id", button.article_id.as_deref())
        .with_some("appid", button.appid.as_deref())
        .with_some("pagepath", button.pagepath.as_deref())
}

/// Every button has `sub_button`, empty where there are none.
pub(crate) fn button(button: &Button) -> Object {
    common(button).with_list("sub_button", button.sub_button.iter().map(self::button))
}

/// `sub_button` only where there are some, and wrapped in `list`.
pub(crate) fn wrapped(button: &Button) -> Object {
    if button.sub_button.is_empty() {
        return common(button);
    }
    let list = Object::new().with_list("list", button.sub_button.iter().map(wrapped));
    common(button).with_object("sub_button", list)
}

/// Numbers as numbers, as `menu/get` shows them.
pub(super) fn rule(rule: &MatchRule) -> Object {
    let platform = rule.platform.map(|platform| match platform {
        Platform::Ios => 1,
        Platform::Android => 2,
        Platform::Other => 3,
    });
    let retired = |name| rule.retired.get(name).map(|text| numeric(text));
    Object::new()
        .with_some("tag_id", rule.tag_id)
        .with_some("group_id", retired("group_id"))
        .with_some("sex", retired("sex"))
        .with_some("country", retired("country"))
        .with_some("province", retired("province"))
        .with_some("city", retired("city"))
        .with_some("language", retired("language"))
        .with_some("client_platform_type", platform)
}

fn numeric(text: &str) -> Value {
    text.parse::<i64>().map_or_else(|_| json!(text), |number| json!(number))
}
