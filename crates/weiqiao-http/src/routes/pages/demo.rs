//! `GET /wechat/frontend-driven`, `/wechat/demo`: the demo page of the front-end-driven login, its files, and the
//! facts of this service that it needs.

use axum::Json;
use axum::extract::State;
use axum::response::Response;
use http::HeaderMap;
use serde::Serialize;
use weiqiao_model::AccountKind;

use crate::AppState;
use crate::engine::ApiPath;
use crate::pages::demo;

/// The page.
pub(crate) async fn page(State(state): State<AppState>, headers: HeaderMap) -> Response {
    demo::page(&state, &headers)
}

/// One of the page's files.
pub(crate) async fn file(ApiPath(path): ApiPath, headers: HeaderMap) -> Response {
    demo::file(&path, &headers)
}

/// What the page cannot know by itself. None of it is secret: the appid stands in every login address.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct DemoConfig {
    /// `open` or `strict`.
    mode: &'static str,
    /// Whether WeChat is an emulator's.
    emulated: bool,
    /// Where the JS-SDK script is.
    jweixin_url: String,
    /// The name of the official account that logins go through, if there is one.
    account: Option<String>,
    /// Its appid.
    app_id: Option<String>,
    /// Where a log-in without script begins.
    login_url: &'static str,
    /// How browsers reach the service.
    public_url: String,
}

/// The facts, bare: the page reads them before it knows anything.
pub(crate) async fn config(State(state): State<AppState>) -> Json<DemoConfig> {
    let script = &state.settings().js_sdk_script_url;
    let account = state.app().accounts().default_of(AccountKind::Official);
    Json(DemoConfig {
        mode: if state.app().settings().auth_mode.is_strict() { "strict" } else { "open" },
        emulated: demo::is_emulated(script),
        jweixin_url: script.to_string(),
        account: account.map(|account| account.name.to_string()),
        app_id: account.map(|account| account.app_id().to_string()),
        login_url: "/wechat/auth",
        public_url: state.settings().public_url.to_string(),
    })
}
