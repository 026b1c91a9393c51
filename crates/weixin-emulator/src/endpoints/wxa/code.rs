//! What the three calls for pictures of codes have in common.

use serde_json::Value;

use crate::answer::{File, Object, Refusal};
use crate::picture;
use crate::refusals;

/// Side in pixels, unless asked for.
const WIDTH: i64 = 430;

/// The side asked for: 40097 when it is no number. WeChat brings others into 280–1280.
pub(crate) fn width(body: &Value) -> Result<u32, Refusal> {
    let width = match body.get("width") {
        None | Some(Value::Null) => WIDTH,
        Some(width) => width.as_i64().ok_or(refusals::INVALID_ARGS)?,
    };
    Ok(u32::try_from(width.clamp(280, 1280)).unwrap_or_default())
}

/// The looks of a round code: 40097 when one is not what it should be.
pub(super) fn check_style(body: &Value) -> Result<(), Refusal> {
    let flags = ["auto_color", "is_hyaline", "check_path"];
    let flags_fit = flags.iter().all(|flag| body.get(flag).is_none_or(Value::is_boolean));
    let colour = |colour: &Value| {
        let number = |name: &str| colour.get(name).is_none_or(is_byte);
        colour.is_object() && ["r", "g", "b"].into_iter().all(number)
    };
    let version = |version: &Value| matches!(version.as_str(), Some("release" | "trial" | "develop"));
    let fits = flags_fit && body.get("line_color").is_none_or(colour) && body.get("env_version").is_none_or(version);
    if fits { Ok(()) } else { Err(refusals::INVALID_ARGS) }
}

/// 0–255, as a number or a text.
fn is_byte(value: &Value) -> bool {
    let number = value.as_u64().or_else(|| value.as_str().and_then(|text| text.parse().ok()));
    number.is_some_and(|number| number <= 255)
}

/// `scancode_time` is WeChat's own: 85096.
pub(crate) fn check_reserved(text: &str) -> Result<(), Refusal> {
    if text.contains("scancode_time") { Err(refusals::coded(85096)) } else { Ok(()) }
}

/// The picture, which says what a plain scheme would.
pub(crate) fn picture(app_id: &str, page: &str, query: &str, width: u32) -> Result<Object, Refusal> {
    let escape = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
    let says = format!("weixin://dl/business/?appid={app_id}&path={}&query={}", escape(page), escape(query));
    let bytes = picture::code_of(&says, width).ok_or(refusals::INVALID_ARGS)?;
    Ok(Object::file(File { filename: String::new(), content_type: "image/jpeg", bytes }))
}
