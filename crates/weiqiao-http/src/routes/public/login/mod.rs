//! Logging in through WeChat, from a web page.

pub(super) mod authorize_url;
pub(super) mod callback;
pub(super) mod exchange;
mod poster;
pub(super) mod start;
pub(super) mod token;

use axum::response::{IntoResponse as _, Response};
use http::HeaderMap;

use crate::AppState;
use crate::engine::cookies::{self, Cookie};
use crate::engine::{ApiError, FieldDetail, RequestContext};
use crate::pages::html::wants_page;
use crate::pages::{MessagePage, told};

/// Where a login returns to when nobody said.
const FRONT_PAGE: &str = "/wechat/frontend-driven";

/// Refuses an address in the query that was not encoded and lost its end: what follows its first `&` arrived as other
/// parameters. To go on would bring people back to a page without some of its parameters.
///
/// A parameter of ours behind an address without a query of its own belongs to us, and so does a `scope` of WeChat's;
/// everything else may have been the page's.
fn refuse_cut(query: &str, name: &'static str) -> Result<(), ApiError> {
    let mut address: Option<&str> = None;
    let mut lost = false;
    for (key, value) in query.split('&').map(|pair| pair.split_once('=').unwrap_or((pair, ""))) {
        let Some(address) = address else {
            address = (key == name).then_some(value);
            continue;
        };
        // An encoded address shows neither its `://` nor its `?`.
        let has_query = address.contains('?');
        let ours = key == "scope" && value.starts_with("snsapi_") || key == "account" && !has_query;
        lost |= (has_query || address.contains("://")) && !key.is_empty() && !ours;
    }
    if !lost {
        return Ok(());
    }
    let message = format!("{name} 没有编码：`&` 之后的部分被当成了其他参数。请使用 encodeURIComponent 编码后再拼接");
    let detail = FieldDetail { field: name.into(), rule: "encoded", message: message.clone() };
    Err(ApiError::validation(&message, vec![detail]))
}

/// A failed step of a login: a page for people, with a way to begin again, the envelope for programs.
fn failed(state: &AppState, context: &RequestContext, headers: &HeaderMap, error: ApiError) -> Response {
    if !wants_page(headers) {
        return error.into_response();
    }
    let page = MessagePage {
        status: error.status(),
        title: "登录没有完成",
        text: &told(state, &error),
        english: "The login was not completed. Please start again from the page you came from.",
        action: way_back(state, headers).map(|address| (address, "重新登录 Log in again")),
        request_id: &context.request_id,
    };
    let mut answer = page.into_response();
    error.say_when(answer.headers_mut());
    answer
}

/// The address that begins the same login once more, if the browser still knows which it was.
fn way_back(state: &AppState, headers: &HeaderMap) -> Option<String> {
    let page = cookies::get(headers, state.back_cookie())?;
    Some(format!("/wechat/auth?redirect_url={page}"))
}

/// Remembers, or with `None` forgets, the page that a login began at, for the case that it fails.
fn remember_page(state: &AppState, headers: &mut HeaderMap, page: Option<&str>) -> Result<(), ApiError> {
    /// Browsers refuse cookies of more than 4 KiB, and the whole head has a limit too.
    const LONGEST: usize = 1500;
    let value = percent_encoding::utf8_percent_encode(page.unwrap_or_default(), percent_encoding::NON_ALPHANUMERIC);
    let value = value.to_string();
    let keep = page.is_some() && value.len() <= LONGEST;
    let (value, max_age_s) = if keep { (value.as_str(), 600) } else { ("", 0) };
    Cookie { name: state.back_cookie(), value, max_age_s, secure: state.settings().is_https() }.write(headers)
}
