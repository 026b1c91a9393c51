//! Turns an HTTP request into a call and an outcome back into a response.

use std::collections::BTreeMap;
use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::extract::{ConnectInfo, Request, State};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures_util::{Stream, StreamExt as _, stream};
use http::header::{CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_TYPE, USER_AGENT};
use http::{HeaderValue, StatusCode};

use crate::engine::{self, Engine, Outcome};

/// Marks a response that must not be sent: the connection is dropped instead.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Abort;

/// Largest body read.
const BODY_LIMIT: usize = 12 * 1024 * 1024;
/// Time for the bytes before a cut to leave.
const FLUSH: Duration = Duration::from_millis(20);

/// Reads a request into what the engine wants.
pub(crate) async fn in_words(request: Request) -> Result<engine::Request, Response> {
    let (parts, body) = request.into_parts();
    let too_large = |_| StatusCode::PAYLOAD_TOO_LARGE.into_response();
    let body = to_bytes(body, BODY_LIMIT).await.map_err(too_large)?;
    let query: BTreeMap<String, String> =
        form_urlencoded::parse(parts.uri.query().unwrap_or_default().as_bytes()).into_owned().collect();
    let ip = parts
        .extensions
        .get::<ConnectInfo<SocketAddr>>()
        .map_or(IpAddr::V4(Ipv4Addr::LOCALHOST), |ConnectInfo(address)| address.ip());
    let signing = parts.headers.iter().filter_map(|(name, value)| {
        let name = name.as_str().strip_prefix("wechatmp-")?;
        Some((name.to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned()))
    });
    let header = |name| parts.headers.get(name).map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned());
    Ok(engine::Request {
        method: parts.method.as_str().to_owned(),
        path: parts.uri.path().to_owned(),
        query,
        content_type: header(CONTENT_TYPE).unwrap_or_default(),
        signing: signing.collect(),
        body: body.to_vec(),
        ip,
        user_agent: header(USER_AGENT).unwrap_or_default(),
    })
}

/// Any path that is neither a page nor control: WeChat's API.
pub(crate) async fn handle(State(engine): State<Arc<Engine>>, request: Request) -> Response {
    match in_words(request).await {
        Ok(request) => respond(engine.call(&request)).await,
        Err(refused) => refused,
    }
}

/// Waits, cuts or drops as the outcome says.
pub(crate) async fn respond(outcome: Outcome) -> Response {
    if !outcome.delay.is_zero() {
        tokio::time::sleep(outcome.delay).await;
    }
    let status = StatusCode::from_u16(outcome.status).unwrap_or(StatusCode::OK);
    let length = outcome.announce.unwrap_or(outcome.body.len());
    let sent = outcome.cut_at.unwrap_or(length).min(length).min(outcome.body.len());
    let bytes = Bytes::from(outcome.body).slice(..sent);
    let body = match sent < length {
        true => cut_short(bytes, outcome.drip),
        false if !outcome.drip.is_zero() => dripping(bytes, outcome.drip),
        false => Body::from(bytes),
    };
    let mut response = Response::new(body);
    *response.status_mut() = status;
    if let Ok(content_type) = HeaderValue::from_str(&outcome.content_type) {
        response.headers_mut().insert(CONTENT_TYPE, content_type);
    }
    let disposition = outcome.filename.map(|name| format!("attachment; filename=\"{name}\""));
    if let Some(Ok(disposition)) = disposition.map(|text| HeaderValue::from_bytes(text.as_bytes())) {
        response.headers_mut().insert(CONTENT_DISPOSITION, disposition);
    }
    for (name, value) in outcome.headers {
        if let Ok(value) = HeaderValue::from_str(&value) {
            response.headers_mut().insert(name, value);
        }
    }
    if sent < length {
        response.headers_mut().insert(CONTENT_LENGTH, HeaderValue::from(length));
    }
    if outcome.reset {
        response.extensions_mut().insert(Abort);
    }
    response
}

/// A body that breaks off after these bytes.
fn cut_short(bytes: Bytes, drip: Duration) -> Body {
    let end = stream::once(async {
        tokio::time::sleep(FLUSH).await;
        Err(io::Error::other("cut by a fault"))
    });
    if drip.is_zero() {
        let whole = stream::iter(Some(bytes).filter(|bytes| !bytes.is_empty()).map(Ok));
        return Body::from_stream(whole.chain(end));
    }
    Body::from_stream(drops(bytes, drip).chain(end))
}

/// A body that comes byte by byte.
fn dripping(bytes: Bytes, drip: Duration) -> Body {
    Body::from_stream(drops(bytes, drip))
}

fn drops(bytes: Bytes, drip: Duration) -> impl Stream<Item = io::Result<Bytes>> {
    stream::unfold(bytes, move |mut left| async move {
        if left.is_empty() {
            return None;
        }
        tokio::time::sleep(drip).await;
        Some((Ok(left.split_to(1)), left))
    })
}
