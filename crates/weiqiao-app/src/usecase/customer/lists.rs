//! Actions, for staff.

use std::borrow::Cow;
use std::sync::LazyLock;

use regex::{Captures, Match, Regex};
use serde_json::Value;
use weiqiao_store::facts::action::ListActions;

use super::detail::{ActionDetail, detail_place};
use crate::App;
use crate::crm::{clean_name, mask_name, mask_phone};
use crate::error::Result;
use crate::vault::Damaged;

/// Which actions.
#[derive(Debug, Clone, Default)]
pub struct ActionFilter {
    /// Only for this advisor.
    pub advisor_id: Option<String>,
    /// Only of this type.
    pub action_type: Option<String>,
    /// Only those of this lead.
    pub lead_id: Option<String>,
    /// Only then or later, epoch milliseconds.
    pub since: Option<i64>,
    /// Only before, epoch milliseconds.
    pub until: Option<i64>,
    /// The oldest first; otherwise the newest.
    pub oldest_first: bool,
    /// Which page, from 1.
    pub page: u32,
    /// How many on a page, at most 200.
    pub page_size: u32,
}

/// An action in a list.
#[derive(Debug, Clone)]
pub struct ListedAction {
    /// Our id of it.
    pub id: String,
    /// For which advisor.
    pub advisor_id: String,
    /// What it was.
    pub action_type: String,
    /// Everything else, name and phone masked; nothing when it is to be forgotten, or damaged.
    pub detail: Option<ActionDetail>,
    /// The lead it belongs to.
    pub lead_id: Option<String>,
    /// Whether it made that lead.
    pub lead_created: bool,
    /// Whether the advisor was told.
    pub notified: bool,
    /// When, epoch milliseconds.
    pub created_at: i64,
    /// What of it cannot be read.
    pub damaged: Damaged,
}

/// What of an action is in its detail, by the names it is shown under.
const DETAIL: &[&str] = &["customer_id", "customer_name", "customer_phone", "action_data", "resume_id", "seen_ip"];

/// One page of actions, and how many there are.
///
/// # Errors
///
/// `Unavailable` when the database is down.
pub async fn list_actions(app: &App, filter: ActionFilter) -> Result<(Vec<ListedAction>, u64)> {
    let ActionFilter { advisor_id, action_type: kind, lead_id, since, until, oldest_first, page, page_size } = filter;
    let list = ListActions { advisor_id, kind, lead_id, since, until, oldest_first, page, page_size };
    let found = app.store().read(list).await?;
    let mut items = Vec::with_capacity(found.items.len());
    for action in found.items {
        let mut row = app.vault().row(&action.id);
        let place = detail_place(&action.app_id, &action.id);
        let mut detail = action.detail.and_then(|sealed| row.json::<ActionDetail>(DETAIL, place, &sealed));
        let damaged = row.damaged();
        if let Some(detail) = &mut detail {
            let known = [detail.customer_phone.clone(), detail.customer_name.clone()];
            mask_within(&mut detail.action_data, known.each_ref().map(Option::as_deref));
            detail.customer_phone = detail.customer_phone.as_deref().map(mask_phone);
            detail.customer_name = detail.customer_name.as_deref().map(mask_name);
        }
        items.push(ListedAction {
            id: action.id,
            advisor_id: action.advisor_id,
            action_type: action.kind,
            detail,
            lead_id: action.lead_id,
            lead_created: action.lead_created,
            notified: action.notified,
            created_at: action.created_at,
            damaged,
        });
    }
    Ok((items, found.total))
}

/// What the client sent along may hold the phone and the name once more, and other phones.
fn mask_within(value: &mut Value, [phone, name]: [Option<&str>; 2]) {
    match value {
        Value::String(text) if name.is_some_and(|name| is_name(text, name)) => {
            *text = name.map(mask_name).unwrap_or_default()
        }
        Value::String(text) if Some(text.as_str()) == phone || is_phone(text) => *text = mask_phone(text),
        Value::String(text) => mask_in_text(text, name),
        Value::Number(number) if is_phone(&number.to_string()) => *value = mask_phone(&number.to_string()).into(),
        Value::Array(values) => values.iter_mut().for_each(|value| mask_within(value, [phone, name])),
        Value::Object(fields) => {
            let masked = std::mem::take(fields).into_iter().map(|(mut key, mut value)| {
                mask_in_text(&mut key, name);
                mask_within(&mut value, [phone, name]);
                (key, value)
            });
            *fields = masked.collect();
        }
        _ => {}
    }
}

/// Phones and numbers of identity cards within a text, and the name where it stands in it.
fn mask_in_text(text: &mut String, name: Option<&str>) {
    if let Some(name) = name.filter(|name| name.chars().count() > 1 && text.contains(*name)) {
        *text = text.replace(name, &mask_name(name));
    }
    let stands_alone = |found: &Match<'_>| {
        let before = text.get(..found.start()).and_then(|before| before.chars().next_back());
        let after = text.get(found.end()..).and_then(|after| after.chars().next());
        ![before, after].into_iter().flatten().any(char::is_numeric)
    };
    let masked = NUMBER.replace_all(text, |found: &Captures<'_>| {
        let found = found.get_match();
        if stands_alone(&found) { mask_phone(found.as_str()) } else { found.as_str().to_owned() }
    });
    if let Cow::Owned(masked) = masked {
        *text = masked;
    }
}

/// A mobile number with or without the country, in one piece or in three; an identity card; a landline.
static NUMBER: LazyLock<Regex> = LazyLock::new(|| {
    #[expect(clippy::expect_used, reason = "a constant, and a test uses it")]
    Regex::new(r"(?:\+?86[-\s]?)?[1１][3-9３-９]\d(?:[-\s.]?\d{4}){2}|\d{17}[\dxX]|0\d{2,3}[-\s]?\d{7,8}")
        .expect("a pattern")
});

/// The name was cleaned before it was kept; what was sent along stands as it was sent.
fn is_name(text: &str, name: &str) -> bool {
    text == name || clean_name(text).as_deref() == Some(name)
}

/// Eleven digits that begin with 1, whatever stands between them.
fn is_phone(text: &str) -> bool {
    let mut digits = text.chars().filter(char::is_ascii_digit);
    let others = text.chars().all(|c| c.is_ascii_digit() || matches!(c, ' ' | '-' | '+' | '(' | ')'));
    let count = text.chars().filter(char::is_ascii_digit).count();
    others
        && (count == 11 && digits.next() == Some('1') || count == 13 && text.trim_start_matches('+').starts_with("86"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_was_sent_along_shows_no_phone_and_not_the_name() {
        let said = json!({
            "text": "请打我电话13432360123，我叫欧阳三丰", "13432360123": "key", "list": ["+86 134-3236-0123", 13432360123_i64],
            "card": "证件110101199003078515号", "desk": "020-12345678", "wide": "１３４３２３６０１２３",
            "at": "2025-09-05 16:58:10", "ms": "1757062690123", "order": "A0000000000000000000001", "short": "12345",
        });
        let mut masked = said.clone();
        mask_within(&mut masked, [Some("13800138000"), Some("欧阳三丰")]);
        let text = masked.to_string();
        for shown in ["13432360123", "134-3236-0123", "三丰", "19900307", "12345678\"", "３６０１"] {
            assert!(!text.contains(shown), "{shown} in {text}");
        }
        for kept in ["at", "ms", "order", "short"] {
            assert_eq!(masked[kept], said[kept]);
        }
        assert_eq!(masked["text"], "请打我电话134****0123，我叫欧***");
    }
}
