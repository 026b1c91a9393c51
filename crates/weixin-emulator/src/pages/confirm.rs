//! `/connect/confirm?uuid=`: what the QR code of a login page opens on a phone.

use std::sync::Arc;

use axum::Form;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, StatusCode};
use serde::Deserialize;

use super::authorize::wrong;
use super::finish;
use super::html::Page;
use super::notice::{self, Notice};
use super::options::{Options, remembered};
use super::sheet::{Sheet, people};
use crate::engine::{Door, Engine};

const PATH: &str = "/connect/confirm";

#[derive(Deserialize)]
pub(crate) struct Scanned {
    uuid: String,
    #[serde(rename = "_persona", alias = "persona")]
    persona: Option<String>,
}

fn gone() -> Response {
    let below = "<p class=\"hint\">请刷新电脑上的页面，再扫一次。</p>";
    Notice { title: "微信登录", mark: "warn", text: "二维码已失效", below }.respond()
}

/// The phone has scanned: shows the sheet and tells the waiting page.
pub(crate) async fn show(
    State(engine): State<Arc<Engine>>,
    Query(scanned): Query<Scanned>,
    headers: HeaderMap,
) -> Response {
    let Some(query) = engine.login_page_query(&scanned.uuid) else { return gone() };
    let pairs: Vec<(String, String)> = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    let consent = match engine.consent(Door::Qr, &pairs) {
        Ok(consent) => consent,
        Err(error) => return notice::qr_refused(&error),
    };
    let options = Options { persona: scanned.persona, ..Options::default() };
    let selected = finish::person(&engine, &options, remembered(&headers).as_deref());
    if let Some(persona) = &selected
        && engine.scan_login_page(&scanned.uuid, persona).is_err()
    {
        return gone();
    }
    let everybody = people(&engine, selected.as_deref());
    let own = form_urlencoded::Serializer::new(String::new()).append_pair("uuid", &scanned.uuid).finish();
    let sheet = Sheet {
        consent: &consent,
        action: PATH,
        query: &own,
        selected: selected.as_deref(),
        people: &everybody,
        uuid: Some(&scanned.uuid),
        options: &options,
    };
    let content = format!(
        "<main class=\"stage\"><section class=\"phone\" aria-label=\"微信\"><div class=\"bar\"><span>×</span>\
         <b>登录确认<small>模拟</small></b><span>···</span></div><div class=\"blank\"></div>{}</section>\
         <aside class=\"side\">{}{}</aside></main>{}",
        sheet.form(),
        sheet.advanced(),
        sheet.facts(),
        notice::FOOT
    );
    Page { title: "登录确认", class: "consent", script: None, content: &content }.respond(StatusCode::OK)
}

/// The person decided on the phone; the computer goes on.
pub(crate) async fn decide(State(engine): State<Arc<Engine>>, Form(fields): Form<Vec<(String, String)>>) -> Response {
    let options = Options::of_form(&fields);
    let uuid = fields.iter().find(|(name, _)| name == "uuid").map_or("", |(_, value)| value.as_str());
    let (Some(persona), Some(allow)) = (&options.persona, options.auto) else {
        return (StatusCode::BAD_REQUEST, "choose a person and a decision").into_response();
    };
    if options.delay_s > 0 {
        tokio::time::sleep(std::time::Duration::from_secs(options.delay_s)).await;
    }
    match engine.decide_login_page(uuid, &finish::decision(persona, allow, &options)) {
        Err(crate::engine::ControlError::NotFound(_)) => gone(),
        Err(error) => wrong(error),
        Ok(_) => {
            let (mark, text) = if allow { ("ok", "已登录") } else { ("info", "已取消登录") };
            let below = "<p class=\"hint\">请回到电脑继续。</p>";
            Notice { title: "微信登录", mark, text, below }.respond()
        }
    }
}
