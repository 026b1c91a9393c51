//! The headers every answer carries.

use http::header::{
    CACHE_CONTROL, CONTENT_LENGTH, CONTENT_TYPE, REFERRER_POLICY, STRICT_TRANSPORT_SECURITY, X_CONTENT_TYPE_OPTIONS,
};
use http::{HeaderMap, HeaderName, HeaderValue};

const CROSS_ORIGIN_RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");

/// How many headers an ordinary answer has, and a few more.
const ROOM: usize = 12;

/// Adds the security headers to an answer that has none; `Cache-Control` only where the route said nothing (hashed assets do).
pub(super) fn complete(headers: &mut HeaderMap, https: bool) {
    // What has them all was begun with the first of them.
    if headers.keys().next() == Some(&X_CONTENT_TYPE_OPTIONS) {
        return;
    }
    // Growing the map twice costs more than all its headers.
    headers.reserve(ROOM);
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(CROSS_ORIGIN_RESOURCE_POLICY, HeaderValue::from_static("same-origin"));
    headers.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    if https {
        headers.insert(STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000"));
    }
}

/// What an answer in JSON begins with. A copy of it costs a third of what writing it costs. The length is to
/// be set; it is there already because a copy has no room for more, and growing costs as much again.
pub(super) fn of_json(https: bool) -> HeaderMap {
    let mut headers = HeaderMap::new();
    complete(&mut headers, https);
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(CONTENT_LENGTH, HeaderValue::from_static("0"));
    headers
}
