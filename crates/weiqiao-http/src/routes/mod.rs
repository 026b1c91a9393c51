//! The routes, by audience. A route is a file: its request, its handler with its description, its tests.

use std::borrow::Cow;

use axum::response::{IntoResponse as _, Response};
use axum::routing::MethodRouter;
use http::HeaderValue;
use http::header::ALLOW;
use utoipa_axum::router::UtoipaMethodRouter;

use crate::AppState;
use crate::engine::ApiError;

pub(crate) mod admin;
pub(crate) mod ops;
pub(crate) mod pages;
pub(crate) mod public;
pub(crate) mod staff;

/// A path and what answers there, for what is not part of the API description.
pub(crate) type Undescribed = (Cow<'static, str>, MethodRouter<AppState>);

/// Refuses HEAD where GET begins or completes a login: it must have no effect, and without one it would tell nothing.
pub(crate) fn not_by_head(route: UtoipaMethodRouter<AppState>) -> UtoipaMethodRouter<AppState> {
    let (schemas, paths, methods) = route;
    (schemas, paths, methods.head(async || wrong_method()))
}

fn wrong_method() -> Response {
    let mut response = ApiError::wrong_method().into_response();
    response.headers_mut().insert(ALLOW, HeaderValue::from_static("GET"));
    response
}
