//! The routes, by audience. A route is a file: its request, its handler with its description, its tests.

pub(crate) mod admin;
pub(crate) mod ops;
pub(crate) mod pages;
pub(crate) mod public;
pub(crate) mod staff;
