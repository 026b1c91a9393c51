//! Keeps foreign web pages away from the control API, and lets pages on this machine in.
//!
//! A page of some other site, open in the developer's browser, could otherwise reset or read the emulator.

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN, HOST, ORIGIN, VARY,
};
use http::{HeaderValue, Method, StatusCode};
use url::{Host, Url};

use super::answer::Failed;

/// What any page may call: the emulated JS-SDK runs inside the developer's own pages.
const OPEN: [&str; 2] = ["/jssdk/verify", "/shares"];

fn is_local(origin: &Url) -> bool {
    match origin.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    }
}

fn admits(origin: &HeaderValue, host: Option<&HeaderValue>) -> bool {
    let Some(origin) = origin.to_str().ok().and_then(|origin| Url::parse(origin).ok()) else { return false };
    let own = host.and_then(|host| host.to_str().ok()).is_some_and(|host| {
        let port = origin.port().map_or_else(String::new, |port| format!(":{port}"));
        origin.host_str().is_some_and(|name| format!("{name}{port}") == host)
    });
    own || is_local(&origin)
}

/// Middleware over every control call.
pub(crate) async fn check(request: Request, next: Next) -> Response {
    let Some(origin) = request.headers().get(ORIGIN).cloned() else { return next.run(request).await };
    let open = OPEN.contains(&request.uri().path());
    if !open && !admits(&origin, request.headers().get(HOST)) {
        let text = "pages of other sites may not control the emulator";
        return Failed::new(StatusCode::FORBIDDEN, text).into_response();
    }
    let mut response = if request.method() == Method::OPTIONS {
        StatusCode::NO_CONTENT.into_response()
    } else {
        next.run(request).await
    };
    let headers = response.headers_mut();
    headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    headers.insert(ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("GET, POST, DELETE"));
    headers.insert(ACCESS_CONTROL_ALLOW_HEADERS, HeaderValue::from_static("content-type, last-event-id"));
    headers.append(VARY, HeaderValue::from_static("origin"));
    response
}
