//! `/connect/oauth2/authorize`: web login inside WeChat.

use std::sync::Arc;

use axum::Form;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, StatusCode};

use super::html::Page;
use super::options::{Options, remembered};
use super::sheet::{Sheet, people};
use super::visit::{Opened, open_http};
use super::{finish, notice};
use crate::engine::{Consent, ControlError, Door, Engine};

const PATH: &str = "/connect/oauth2/authorize";

/// The link's own parameters, without our switches.
pub(crate) fn without_switches(query: &[(String, String)]) -> String {
    let own = query.iter().filter(|(key, _)| !key.starts_with('_'));
    form_urlencoded::Serializer::new(String::new()).extend_pairs(own).finish()
}

/// Shows the sheet, or redirects at once when the link or a switch says so.
pub(crate) async fn show(State(engine): State<Arc<Engine>>, headers: HeaderMap, request: Request) -> Response {
    let (opened, query) = match open_http(&engine, request).await {
        Ok(opened) => opened,
        Err(response) => return response,
    };
    if engine.settings().require_wechat_browser && !opened.user_agent().contains("MicroMessenger") {
        return opened.close(notice::only_in_wechat(), 0, "请在微信客户端打开链接");
    }
    let consent = match engine.consent(Door::Authorize, &query) {
        Ok(consent) => consent,
        Err(error) => return opened.close(notice::refused(&error), error.errcode, &error.text),
    };
    let options = Options::of_link(&query);
    let cookie = remembered(&headers);
    let Some(selected) = finish::person(&engine, &options, cookie.as_deref()) else {
        return nobody(opened, &options);
    };
    let auto = options.auto.or_else(|| consent.is_silent().then_some(true));
    if let Some(allow) = auto {
        let done = finish::carry_out(&engine, &consent, &selected, allow, &options).await;
        return opened.close(done.unwrap_or_else(wrong), 0, "");
    }
    let response = sheet(&engine, &consent, &without_switches(&query), &selected, &options);
    opened.close(response, 0, "授权页")
}

fn sheet(engine: &Engine, consent: &Consent, query: &str, selected: &str, options: &Options) -> Response {
    let people = people(engine, Some(selected));
    let sheet = Sheet { consent, action: PATH, query, selected: Some(selected), people: &people, uuid: None, options };
    let content = format!(
        "<main class=\"stage\"><section class=\"phone\" aria-label=\"微信\"><div class=\"bar\"><span>×</span>\
         <b>微信登录<small>模拟</small></b><span>···</span></div><div class=\"blank\"></div>{}</section>\
         <aside class=\"side\">{}{}</aside></main>{}",
        sheet.form(),
        sheet.advanced(),
        sheet.facts(),
        notice::FOOT
    );
    let page = Page { title: "微信登录", class: "consent", script: Some("consent.js"), content: &content };
    page.respond(StatusCode::OK)
}

/// The form comes back.
pub(crate) async fn decide(State(engine): State<Arc<Engine>>, Form(fields): Form<Vec<(String, String)>>) -> Response {
    let options = Options::of_form(&fields);
    let query = fields.iter().find(|(name, _)| name == "query").map_or("", |(_, value)| value.as_str());
    let query: Vec<(String, String)> = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    let consent = match engine.consent(Door::Authorize, &query) {
        Ok(consent) => consent,
        Err(error) => return notice::refused(&error),
    };
    let (Some(persona), Some(allow)) = (&options.persona, options.auto) else {
        return (StatusCode::BAD_REQUEST, "choose a person and a decision").into_response();
    };
    finish::carry_out(&engine, &consent, persona, allow, &options).await.unwrap_or_else(wrong)
}

fn nobody(opened: Opened, options: &Options) -> Response {
    let text = match &options.persona {
        Some(id) => format!("there is no person {id:?}"),
        None => "there is no person at all; add one with POST /_emulator/personas".to_owned(),
    };
    opened.close((StatusCode::BAD_REQUEST, text.clone()).into_response(), 0, &text)
}

/// A control error on a page.
pub(crate) fn wrong(error: ControlError) -> Response {
    let status = match error {
        ControlError::Invalid(_) => StatusCode::BAD_REQUEST,
        ControlError::NotFound(_) => StatusCode::NOT_FOUND,
    };
    (status, error.to_string()).into_response()
}
