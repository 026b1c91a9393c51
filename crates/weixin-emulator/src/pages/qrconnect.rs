//! `/connect/qrconnect`: QR login of a website application. The page shows a QR code and, beside it, the phone.

use std::fmt::Write as _;
use std::sync::Arc;
use std::time::Duration;

use axum::Form;
use axum::extract::{Path, Query, Request, State};
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, StatusCode};
use qrcode::QrCode;
use serde::Deserialize;
use tokio::sync::broadcast::error::RecvError;

use super::authorize::{without_switches, wrong};
use super::html::{Page, esc};
use super::options::{Options, remembered};
use super::sheet::{Sheet, people};
use super::visit::open_http;
use super::{assets, finish, notice};
use crate::engine::{ControlError, Door, Engine, Progress};
use crate::state::login_page::Step;

const PATH: &str = "/connect/qrconnect";
/// How long the waiting page's request is held.
const HOLD: Duration = Duration::from_secs(25);

/// Shows the QR code and the phone beside it.
pub(crate) async fn show(State(engine): State<Arc<Engine>>, headers: HeaderMap, request: Request) -> Response {
    let (opened, query) = match open_http(&engine, request).await {
        Ok(opened) => opened,
        Err(response) => return response,
    };
    let consent = match engine.consent(Door::Qr, &query) {
        Ok(consent) => consent,
        Err(error) => return opened.close(notice::qr_refused(&error), error.errcode, &error.text),
    };
    let options = Options::of_link(&query);
    let cookie = remembered(&headers);
    let selected = finish::person(&engine, &options, cookie.as_deref());
    if let Some(allow) = options.auto {
        let done = match &selected {
            Some(persona) => finish::carry_out(&engine, &consent, persona, allow, &options).await,
            None => Err(ControlError::no_persona(options.persona.as_deref().unwrap_or_default())),
        };
        return opened.close(done.unwrap_or_else(wrong), 0, "");
    }
    let own = without_switches(&query);
    let uuid = engine.open_login_page(&own);
    let everybody = people(&engine, selected.as_deref());
    let sheet = Sheet {
        consent: &consent,
        action: PATH,
        query: &own,
        selected: selected.as_deref(),
        people: &everybody,
        uuid: Some(&uuid),
        options: &options,
    };
    let top = !query.iter().any(|(key, value)| key == "self_redirect" && value == "true");
    let content = format!(
        "<main class=\"stage qr-stage\"><section class=\"qr\" id=\"qr\" data-uuid=\"{uuid}\" data-top=\"{top}\">\
         <h1>微信登录</h1><div class=\"qr-box\"><img src=\"/connect/qrcode/{uuid}\" alt=\"登录二维码\" width=\"240\" height=\"240\">\
         <div class=\"qr-state\" id=\"qr-state\" hidden></div></div>\
         <p class=\"qr-tip\" id=\"qr-tip\" role=\"status\">请使用微信扫一扫登录<br><b>{title}</b></p>\
         <p class=\"hint\">可以用模拟器的手机「扫一扫」，也可以直接在模拟手机上决定。</p></section>\
         <section class=\"phone\" aria-label=\"模拟手机\"><div class=\"bar\"><span></span><b>模拟手机</b><span>···</span></div>\
         <div class=\"blank\"></div>{form}</section><aside class=\"side\">{advanced}{facts}</aside></main>{foot}",
        title = esc(&consent.account.title),
        form = sheet.form(),
        advanced = sheet.advanced(),
        facts = sheet.facts(),
        foot = notice::FOOT
    );
    let page =
        Page { title: "微信登录", class: "consent qr-page", script: Some("qrconnect.js"), content: &content };
    opened.close(page.respond(StatusCode::OK), 0, "扫码登录页")
}

/// The phone beside the QR code decided.
pub(crate) async fn decide(State(engine): State<Arc<Engine>>, Form(fields): Form<Vec<(String, String)>>) -> Response {
    let options = Options::of_form(&fields);
    let get = |wanted: &str| fields.iter().find(|(name, _)| name == wanted).map_or("", |(_, value)| value.as_str());
    let query: Vec<(String, String)> = form_urlencoded::parse(get("query").as_bytes()).into_owned().collect();
    let consent = match engine.consent(Door::Qr, &query) {
        Ok(consent) => consent,
        Err(error) => return notice::qr_refused(&error),
    };
    let (Some(persona), Some(allow)) = (&options.persona, options.auto) else {
        return (StatusCode::BAD_REQUEST, "choose a person and a decision").into_response();
    };
    if let Err(error) = engine.close_login_page(get("uuid"), Step::Cancelled) {
        return wrong(error);
    }
    finish::carry_out(&engine, &consent, persona, allow, &options).await.unwrap_or_else(wrong)
}

/// The QR code: the address of the phone's page.
pub(crate) async fn image(State(engine): State<Arc<Engine>>, Path(uuid): Path<String>) -> Response {
    if engine.login_page_query(&uuid).is_none() {
        return StatusCode::NOT_FOUND.into_response();
    }
    let address = format!("{}/connect/confirm?uuid={uuid}", engine.public_url());
    match QrCode::new(address.as_bytes()) {
        Ok(code) => assets::file("image/svg+xml", draw(&code)),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

fn draw(code: &QrCode) -> String {
    let width = code.width();
    let mut path = String::new();
    for (at, colour) in code.to_colors().iter().enumerate() {
        if *colour == qrcode::Color::Dark {
            // Writing into a String cannot fail.
            let _ = write!(path, "M{} {}h1v1h-1z", at % width + 2, at / width + 2);
        }
    }
    let size = width + 4;
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {size} {size}\" shape-rendering=\"crispEdges\">\
         <rect width=\"{size}\" height=\"{size}\" fill=\"#fff\"/><path d=\"{path}\" fill=\"#111\"/></svg>"
    )
}

#[derive(Deserialize)]
pub(crate) struct Waiting {
    uuid: String,
    /// The number the page saw last; a change is answered at once.
    last: Option<u32>,
}

/// The waiting page asks how far it has come; held until something changes. The numbers are those of the real page.
pub(crate) async fn poll(State(engine): State<Arc<Engine>>, Query(waiting): Query<Waiting>) -> Response {
    let (_, mut feed) = engine.listen(None);
    let number = |progress: &Progress| match progress {
        Progress::Waiting => 408,
        Progress::Scanned(_) => 404,
        Progress::Confirmed(..) => 405,
        Progress::Cancelled => 403,
        Progress::Expired => 402,
    };
    let same = |progress: &Progress| number(progress) == waiting.last.unwrap_or(408);
    let changed = async {
        while same(&engine.login_page_progress(&waiting.uuid)) {
            if feed.recv().await.is_err_and(|error| error == RecvError::Closed) {
                break;
            }
        }
    };
    // Nothing changed in time: the page asks again.
    let _ = tokio::time::timeout(HOLD, changed).await;
    let progress = engine.login_page_progress(&waiting.uuid);
    let (code, target) = match &progress {
        Progress::Confirmed(code, target) => (code.as_str(), Some(target)),
        _ => ("", None),
    };
    let body = serde_json::json!({
        "wx_errcode": number(&progress), "wx_code": code, "target": target,
        "persona": match &progress { Progress::Scanned(persona) => Some(persona), _ => None },
    });
    ([(http::header::CACHE_CONTROL, "no-store")], axum::Json(body)).into_response()
}
