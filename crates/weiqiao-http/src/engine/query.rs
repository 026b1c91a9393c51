//! The query of a request, and bodies that may be a form.

use axum::extract::{FromRequest, FromRequestParts, Request};
use bytes::Bytes;
use http::request::Parts;
use serde_json::{Map, Value};

use super::input::{self, Input};
use super::{ApiError, body, json};
use crate::AppState;

/// The query of a request, checked against its described fields. A parameter given twice is refused.
#[derive(Debug)]
pub struct ApiQuery<T>(pub T);

impl<T: Input> FromRequestParts<AppState> for ApiQuery<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _state: &AppState) -> Result<Self, Self::Rejection> {
        let fields = input::from_pairs::<T>(input::decode_pairs(parts.uri.query().unwrap_or_default().as_bytes())?)?;
        input::check_known::<T>(parts.uri.path(), "参数", &fields)?;
        input::read(fields).map(Self)
    }
}

/// Reads a raw query, for handlers that answer a bad one in their own way.
pub(crate) fn parse_query<T: Input>(query: &str) -> Result<T, ApiError> {
    input::read(input::from_pairs::<T>(input::decode_pairs(query.as_bytes())?)?)
}

/// A form body (`application/x-www-form-urlencoded`).
#[derive(Debug)]
pub struct ApiForm<T>(pub T);

impl<T: Input> FromRequest<AppState> for ApiForm<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &AppState) -> Result<Self, Self::Rejection> {
        let (parts, body) = request.into_parts();
        let bytes = body::read(&parts.headers, body, state.settings().body_limit).await?;
        if !bytes.is_empty() && !is_form(&parts) {
            return Err(ApiError::unsupported_media_type(FORM));
        }
        input::read(input::from_pairs::<T>(input::decode_pairs(&bytes)?)?).map(Self)
    }
}

/// Fields from the query, from a form or from JSON, whichever the client chose; the same field with a value in two places
/// is refused.
#[derive(Debug)]
pub struct ApiAny<T>(pub T);

impl<T: Input> FromRequest<AppState> for ApiAny<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &AppState) -> Result<Self, Self::Rejection> {
        let (parts, body) = request.into_parts();
        let bytes = body::read(&parts.headers, body, state.settings().body_limit).await?;
        let pairs = input::decode_pairs(parts.uri.query().unwrap_or_default().as_bytes())?;
        let mut fields = input::from_pairs::<T>(pairs)?;
        for (name, value) in body_fields::<T>(&parts, &bytes)? {
            match fields.get(&name) {
                Some(there) if input::is_empty(there) => {
                    fields.insert(name, value);
                }
                Some(_) if input::is_empty(&value) => {}
                _ => input::insert_once(&mut fields, name, value)?,
            }
        }
        input::read(fields).map(Self)
    }
}

const FORM: &str = "application/x-www-form-urlencoded";

fn is_form(parts: &Parts) -> bool {
    json::essence(&parts.headers).is_some_and(|kind| kind.eq_ignore_ascii_case(FORM))
}

fn body_fields<T: Input>(parts: &Parts, bytes: &Bytes) -> Result<Map<String, Value>, ApiError> {
    if bytes.is_empty() {
        Ok(Map::new())
    } else if json::is_json(&parts.headers) {
        json::check_charset(&parts.headers)?;
        json::parse(bytes)
    } else if is_form(parts) {
        input::from_pairs::<T>(input::decode_pairs(bytes)?)
    } else {
        Err(ApiError::unsupported_media_type("application/json 或 application/x-www-form-urlencoded"))
    }
}
