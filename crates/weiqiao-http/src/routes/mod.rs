//! The routes, by audience. A route is a file: its request, its handler with its description, its tests.

use std::borrow::Cow;

use axum::routing::MethodRouter;

use crate::AppState;

pub(crate) mod admin;
pub(crate) mod ops;
pub(crate) mod pages;
pub(crate) mod public;
pub(crate) mod staff;

/// A path and what answers there, for what is not part of the API description.
pub(crate) type Undescribed = (Cow<'static, str>, MethodRouter<AppState>);
