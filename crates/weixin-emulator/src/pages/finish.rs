//! After the decision: wait, remember the person, redirect once or twice.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::response::Response;
use http::header::{CACHE_CONTROL, LOCATION, SET_COOKIE};
use http::{HeaderValue, StatusCode};

use super::html::{Page, esc};
use super::notice;
use super::options::{COOKIE_NAME, Options};
use crate::engine::{Consent, ControlError, Decision, Engine};

/// Who decides when nobody was named: the cookie's person, the last active one, the first.
pub(crate) fn person(engine: &Engine, options: &Options, cookie: Option<&str>) -> Option<String> {
    let inner = engine.lock();
    let known = |id: &str| inner.world.people.find(id).map(|persona| persona.id.clone());
    match &options.persona {
        Some(id) => known(id),
        None => cookie
            .and_then(known)
            .or_else(|| inner.world.people.by_recent_use().first().map(|persona| persona.id.clone())),
    }
}

/// The decision the options describe.
pub(crate) fn decision(persona: &str, allow: bool, options: &Options) -> Decision {
    Decision {
        persona: persona.to_owned(),
        allow,
        expired: options.expired,
        drop_state: options.drop_state,
        snapshot: options.snapshot,
    }
}

/// Carries a decision out.
pub(crate) async fn carry_out(
    engine: &Arc<Engine>,
    consent: &Consent,
    persona: &str,
    allow: bool,
    options: &Options,
) -> Result<Response, ControlError> {
    if let Err(error) = engine.admits(consent, persona) {
        return Ok(notice::refused(&error));
    }
    let decided = engine.decide(consent, &decision(persona, allow, options))?;
    if options.delay_s > 0 {
        tokio::time::sleep(Duration::from_secs(options.delay_s)).await;
    }
    // A headless refusal always leads back: nobody is there to press the button.
    let go = decided.go.or_else(|| (!options.interactive).then(|| decided.back.clone()));
    let mut response = match go {
        Some(target) if options.twice && allow => twice(&target),
        Some(target) => redirect(&target),
        None => {
            let nickname = engine.persona(persona)?.persona.nickname;
            notice::declined(&nickname, &consent.account.title, &decided.back)
        }
    };
    remember(&mut response, persona);
    Ok(response)
}

/// 302, as WeChat does.
pub(crate) fn redirect(target: &str) -> Response {
    let mut response = Response::new(Body::empty());
    match HeaderValue::from_str(target) {
        Ok(location) => {
            *response.status_mut() = StatusCode::FOUND;
            response.headers_mut().insert(LOCATION, location);
            response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        }
        // Links are checked before; a target that is no header value never gets here.
        Err(_) => *response.status_mut() = StatusCode::BAD_REQUEST,
    }
    response
}

/// A page whose script requests the target once in the background and then goes there: the same code arrives twice.
fn twice(target: &str) -> Response {
    let content = format!(
        "<main class=\"notice\" id=\"twice\" data-target=\"{0}\"><div class=\"spin\" aria-hidden=\"true\"></div>\
         <h1>正在送出第一次…</h1><p class=\"hint\">同一个 code 会到达两次：先在后台请求一次，再正常跳转。</p>\
         <noscript><p class=\"actions\"><a class=\"button\" href=\"{0}\">继续</a></p></noscript></main>",
        esc(target)
    );
    let page = Page { title: "正在跳转", class: "plain", script: Some("redirect.js"), content: &content };
    page.respond(StatusCode::OK)
}

/// The browser remembers who it is.
pub(crate) fn remember(response: &mut Response, persona: &str) {
    let cookie = format!("{COOKIE_NAME}={persona}; Path=/connect; Max-Age=31536000; SameSite=Lax; HttpOnly");
    if let Ok(cookie) = HeaderValue::from_str(&cookie) {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
}
