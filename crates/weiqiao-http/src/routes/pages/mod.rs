//! What people see.

mod console;
mod demo;
mod favicon;
mod front;
mod me;
mod script;
mod style;

use axum::routing::{any, get};

use super::Undescribed;

/// Pages are not part of the API description.
pub(crate) fn routes() -> Vec<Undescribed> {
    vec![
        ("/".into(), any(front::handler)),
        ("/wechat/frontend-driven".into(), get(demo::page)),
        ("/wechat/demo".into(), get(demo::page)),
        ("/wechat/demo/config.json".into(), get(demo::config)),
        ("/wechat/demo/{*path}".into(), get(demo::file)),
        ("/console".into(), get(console::page)),
        ("/console/".into(), get(console::page)),
        ("/console/{*path}".into(), get(console::file)),
        ("/wechat/me".into(), get(me::handler)),
        ("/favicon.ico".into(), get(favicon::handler)),
        ("/assets/handover.js".into(), get(script::handler)),
        ("/assets/page.css".into(), get(style::handler)),
    ]
}
