//! `/cgi-bin/tags/…`

pub(crate) mod create;
pub(crate) mod delete;
pub(crate) mod get;
pub(crate) mod getidlist;
pub(crate) mod members;
pub(crate) mod update;

use serde_json::Value;

use crate::answer::Refusal;
use crate::refusals;
use crate::state::tag::TagError;

/// The number of a tag: 45159 when it is none.
pub(crate) fn id(value: Option<&Value>) -> Result<i64, Refusal> {
    value.and_then(Value::as_i64).ok_or(refusals::INVALID_TAG_ID)
}

/// What WeChat says.
pub(crate) fn refusal(error: TagError) -> Refusal {
    match error {
        TagError::TooMany => refusals::TOO_MANY_TAGS,
        TagError::TooManyFans => refusals::TAG_OF_TOO_MANY,
        TagError::System => refusals::SYSTEM_TAG,
        TagError::TooManyOnOne => refusals::TOO_MANY_TAGS_ON_ONE,
        TagError::BadName => refusals::INVALID_TAG_NAME,
        TagError::TooLong => refusals::TAG_NAME_TOO_LONG,
        TagError::Unknown => refusals::INVALID_TAG_ID,
    }
}

/// The `tag` of a body: 47001 without one.
fn tag_of(body: &Value) -> Result<&Value, Refusal> {
    body.get("tag").filter(|tag| tag.is_object()).ok_or(refusals::BAD_JSON)
}

/// The name in it: 45157 when it is no text.
fn name_of(tag: &Value) -> Result<&str, Refusal> {
    tag.get("name").and_then(Value::as_str).ok_or(refusals::INVALID_TAG_NAME)
}
