//! The name a client gives a request, so that repeating it changes nothing.

use std::borrow::Cow;

use axum::extract::FromRequestParts;
use http::request::Parts;

use super::ApiError;
use super::envelope::FieldDetail;
use crate::AppState;

/// The longest name, in characters.
const LONGEST: usize = 255;

/// The `Idempotency-Key` of a request: 1 to 255 visible characters of ASCII (`!` to `~`, no blanks), given once. Nothing when there is none.
#[derive(Debug, Clone)]
pub(crate) struct IdempotencyName(pub(crate) Option<String>);

impl FromRequestParts<AppState> for IdempotencyName {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &AppState) -> Result<Self, ApiError> {
        let mut values = parts.headers.get_all("idempotency-key").iter();
        let Some(value) = values.next() else { return Ok(Self(None)) };
        let visible = |name: &&str| name.bytes().all(|byte| byte.is_ascii_graphic());
        let name = value.to_str().ok().filter(visible).filter(|name| (1..=LONGEST).contains(&name.len()));
        match name {
            Some(name) if values.next().is_none() => Ok(Self(Some(name.to_owned()))),
            _ => {
                let message = "Idempotency-Key 应当是 1 到 255 个可见的 ASCII 字符（不含空格），并且只给一次";
                let field = Cow::Borrowed("Idempotency-Key");
                let detail = FieldDetail { field, rule: "format", message: message.to_owned() };
                Err(ApiError::validation(message, vec![detail]))
            }
        }
    }
}
