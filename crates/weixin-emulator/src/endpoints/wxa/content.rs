//! What the checks of content have in common: words the settings call risky or doubtful.

use serde_json::Value;

use crate::answer::{Object, Refusal};
use crate::endpoints::{Call, text};
use crate::refusals;
use crate::settings::Settings;

/// A person counts as active for so long.
const ACTIVE_MS: i64 = 2 * 3600 * 1000;

/// The person, who used the mini program in the last two hours: 40003, 61010.
pub(super) fn active_person(call: &Call<'_>, body: &Value) -> Result<String, Refusal> {
    let account = call.account()?;
    let openid = text(body, "openid").ok_or(refusals::BAD_JSON)?;
    let persona = call.person(&account, Some(openid))?;
    let used_ms = call.world.mini_sessions.used_ms(openid);
    let active = used_ms.is_some_and(|used_ms| call.now_ms - used_ms < ACTIVE_MS);
    if active { Ok(persona) } else { Err(refusals::coded(61010)) }
}

/// The number of the scene: 47001 without one, 40129 for one there is not.
pub(super) fn scene(body: &Value, known: std::ops::RangeInclusive<i64>) -> Result<i64, Refusal> {
    let scene = body.get("scene").and_then(Value::as_i64).ok_or(refusals::BAD_JSON)?;
    if known.contains(&scene) { Ok(scene) } else { Err(refusals::INVALID_SCENE) }
}

/// Version 2: 47001 otherwise.
pub(super) fn version(body: &Value) -> Result<(), Refusal> {
    let second = body.get("version").is_some_and(|version| version.as_i64() == Some(2) || version == "2");
    if second { Ok(()) } else { Err(refusals::BAD_JSON) }
}

/// Advice and label.
pub(super) fn judge(settings: &Settings, text: &str) -> (&'static str, i64) {
    let holds = |words: &[String]| words.iter().any(|word| !word.is_empty() && text.contains(word.as_str()));
    if holds(&settings.risky_words) {
        ("risky", 20006)
    } else if holds(&settings.doubtful_words) {
        ("review", 21000)
    } else {
        ("pass", 100)
    }
}

/// `{"suggest": …, "label": …}`.
pub(super) fn verdict((suggest, label): (&'static str, i64)) -> Object {
    Object::new().with("suggest", suggest).with("label", label)
}

/// The number of a check has the shape of a request id.
pub(super) fn trace_id(call: &mut Call<'_>) -> String {
    call.random.rid(call.now_ms)
}
