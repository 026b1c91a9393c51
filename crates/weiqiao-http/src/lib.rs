//! The HTTP side of the service: routes, the envelope, extractors, error answers, OpenAPI, pages, the listener.
//!
//! ```no_run
//! # async fn run(app: weiqiao_app::App, public: url::Url, script: url::Url) -> std::io::Result<()> {
//! use weiqiao_http::listener::{Drain, ListenerSettings, bind, serve};
//! use weiqiao_http::{AppState, HttpSettings, router};
//!
//! let drain = Drain::new();
//! let state = AppState::new(app, HttpSettings::new(public, script), drain.clone());
//! let listener = bind(([0, 0, 0, 0], 3001).into())?;
//! serve(listener, router(state), ListenerSettings::default(), drain).await;
//! # Ok(()) }
//! ```
//!
//! # What it is for
//!
//! A route parses, calls one use case of `weiqiao-app`, and answers. What all routes share — the one envelope, the exact
//! texts of validation, who is calling, limits, headers, metrics — is in the engine, once.
//!
//! # What it deliberately does not know
//!
//! How a use case does its work: no SQL, no Redis, no call to WeChat, no signing. Where settings come from. The
//! emulator, except in tests.
//!
//! # Map
//!
//! | module | holds |
//! |---|---|
//! | [`router()`], [`openapi()`] | all routes behind the edge; their description |
//! | [`engine`] | envelope, errors, validation, callers, limits, CORS, CSRF, metrics, and the one service around all |
//! | [`listener`] | sockets: every wait bounded, connections counted, a graceful stop |
//! | `routes/<audience>/<noun>/<verb>.rs` | one route per file: request, description, handler, tests |
//! | `pages` | our own small pages and the embedded demo |
//! | [`HttpSettings`], [`AppState`] | what it is told; what every handler can reach |
//!
//! How our HTTP looks and why: `docs/api-design.md`.
//!
//! # How to add the next route
//!
//! One file under `routes/`: a request type with [`engine::Input`], a handler with `#[utoipa::path]` and a real sample, tests
//! through the real router. One line in the audience's `mod.rs`. `make gen` rewrites `docs/openapi.json`.

#[cfg(test)]
extern crate self as weiqiao_http;

pub mod engine;
pub mod listener;
mod pages;
mod router;
mod routes;
mod settings;
mod state;
#[cfg(test)]
#[allow(unreachable_pub, reason = "shared with the benches, where it is a crate's own module")]
mod testing;
#[cfg(test)]
mod tests;

pub use engine::Edge;
pub use engine::metrics::{metrics_router, recorder};
pub use router::{health_router, openapi, openapi_json, router};
pub use settings::{Cors, HttpSettings, WECHAT_JS_SDK_SCRIPT};
pub use state::AppState;
