//! Keeps foreign web pages away from the control API, and lets pages on this machine in.
//!
//! A page of some other site, open in the developer's browser, could otherwise reset or read the emulator: by calling it
//! from there, which its `Origin` shows, or by letting its own name lead to this machine, which the `Host` shows.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN, HOST, ORIGIN, VARY,
};
use http::uri::Authority;
use http::{HeaderMap, HeaderValue, Method, StatusCode};
use url::{Host, Url};

use super::answer::Failed;
use crate::engine::Engine;

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

/// Names that nobody on the internet can have: an address is no name, a name without a dot is a container's, the others
/// are kept for private networks.
fn is_private(host: &Host) -> bool {
    let Host::Domain(name) = host else { return true };
    let suffixes = [".localhost", ".local", ".internal"];
    !name.contains('.') || suffixes.iter().any(|suffix| name.ends_with(suffix))
}

/// The host a request was sent to, without the port.
fn host_of(headers: &HeaderMap) -> Option<Host> {
    let authority: Authority = headers.get(HOST)?.to_str().ok()?.parse().ok()?;
    Host::parse(authority.host()).ok()
}

/// Middleware over what controls the emulator or shows all of it: whoever comes by a name that could be anybody's is sent
/// away, because a page of whoever owns that name would be of one origin with us.
pub(crate) async fn known_host(State(engine): State<Arc<Engine>>, request: Request, next: Next) -> Response {
    let host = host_of(request.headers());
    if host.as_ref().is_some_and(|host| is_private(host) || engine.is_known_as(host)) {
        return next.run(request).await;
    }
    let name = host.map_or_else(|| "this Host".to_owned(), |host| format!("{:?}", host.to_string()));
    let text = format!(
        "the emulator does not know itself as {name}: add it to control_hosts in the file of --config, or start with \
         --public-url if that is where people reach it (weiqiao-dev: wechat_open_base in the file of --config)"
    );
    Failed::new(StatusCode::FORBIDDEN, text).into_response()
}

/// Middleware over every control call: pages of other sites are sent away.
pub(crate) async fn own_page(request: Request, next: Next) -> Response {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_nobody_can_buy_are_private() {
        let host = |text: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(HOST, HeaderValue::from_str(text).unwrap());
            host_of(&headers)
        };
        for private in [
            "127.0.0.1",
            "127.0.0.1:3002",
            "192.168.1.5:3002",
            "[::1]:3002",
            "localhost:3002",
            "LOCALHOST",
            "wx.localhost",
            "emulator:3002",
            "my_emulator",
            "host.docker.internal:3002",
            "mac.local",
        ] {
            assert!(host(private).is_some_and(|host| is_private(&host)), "{private}");
        }
        for anybodys in [
            "evil.example",
            "evil.example:3002",
            "localhost.evil.example",
            "evillocalhost.example",
            "127.0.0.1.evil.example",
            "evil.example.",
            "local.example",
        ] {
            assert!(host(anybodys).is_some_and(|host| !is_private(&host)), "{anybodys}");
        }
        for nothing in ["", "a b", "[::1", "evil.example/x"] {
            assert!(host(nothing).is_none(), "{nothing}");
        }
    }
}
