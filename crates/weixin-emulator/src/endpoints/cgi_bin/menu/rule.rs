//! Reads who is to see a conditional menu.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::answer::Refusal;
use crate::endpoints::{Call, cgi_bin::tags};
use crate::refusals;
use crate::settings::RetiredRules;
use crate::state::menu::MatchRule;
use crate::state::persona::Platform;

const EMPTY: Refusal = Refusal::new(65304, "match rule empty");
const NO_COUNTRY: Refusal = Refusal::new(65310, "region info: country is empty");
const NO_PROVINCE: Refusal = Refusal::new(65311, "region info: province is empty");
const PRIVATE: Refusal = Refusal::new(65320, "match rule violates privacy");

/// Fields nobody is matched by any more.
const RETIRED: [&str; 6] = ["sex", "country", "province", "city", "language", "group_id"];

/// A field as text, whether it is written as text or as a number. `None` when absent or empty.
fn field(rule: &Value, name: &str) -> Option<String> {
    match rule.get(name)? {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// The rule of a body.
pub(super) fn rule(call: &Call<'_>, body: &Value) -> Result<MatchRule, Refusal> {
    let rule = body.get("matchrule").filter(|rule| rule.is_object()).ok_or(EMPTY)?;
    let tag_id = match field(rule, "tag_id") {
        None => None,
        Some(text) => {
            let id = text.parse().map_err(|_| refusals::INVALID_TAG_ID)?;
            call.world.tags.check(call.app_id(), id).map_err(tags::refusal)?;
            Some(id)
        }
    };
    let platform = match field(rule, "client_platform_type").as_deref() {
        None => None,
        Some("1") => Some(Platform::Ios),
        Some("2") => Some(Platform::Android),
        Some("3") => Some(Platform::Other),
        Some(_) => return Err(refusals::INVALID_ARGS_SIZE),
    };
    let retired: BTreeMap<String, String> =
        RETIRED.into_iter().filter_map(|name| Some((name.to_owned(), field(rule, name)?))).collect();
    let has = |name: &str| retired.contains_key(name);
    if tag_id.is_none() && platform.is_none() && retired.is_empty() {
        return Err(EMPTY);
    }
    if !has("country") && (has("province") || has("city")) {
        return Err(NO_COUNTRY);
    }
    if !has("province") && has("city") {
        return Err(NO_PROVINCE);
    }
    if !retired.is_empty() && call.world.settings.retired_match_rules == RetiredRules::Refuse {
        return Err(PRIVATE);
    }
    Ok(MatchRule { tag_id, platform, retired })
}
