//! What all notifications made of templates have in common.

use serde_json::Value;

use crate::answer::Refusal;
use crate::endpoints::{Call, text};
use crate::refusals;
use crate::state::account::AccountKind;
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
