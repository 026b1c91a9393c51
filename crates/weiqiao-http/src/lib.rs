//! Routes, extractors, the envelope, error answers, OpenAPI.
pub mod listener;
