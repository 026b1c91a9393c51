//! A request that changes something and is authorised by a cookie has to come from a page of ours.
//!
//! A browser sends our cookie along whoever wrote the page; a header that only a script of ours can set needs no
//! such check. `SameSite=Lax` already keeps the cookie off other sites' posts in every current browser; this is
//! the second lock, and the one that also knows sub-domains apart.

use http::header::ORIGIN;
use http::{HeaderMap, HeaderName, Method};
use url::Url;

use super::ApiError;
use crate::settings::HttpSettings;

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Refuses a changing request that [no page of ours](is_from_our_page) sent.
pub(super) fn check(method: &Method, headers: &HeaderMap, settings: &HttpSettings) -> Result<(), ApiError> {
    if matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS) || is_from_our_page(headers, settings) {
        return Ok(());
    }
    Err(ApiError::forbidden("CROSS_SITE_REQUEST", "不接受来自其他网站的请求"))
}

/// Whether a request may be taken for one of a page of ours, or of no page at all.
///
/// An allowed origin is ours or one of `CORS_ORIGIN`. Where the browser sends no `Origin`, its own word on where the
/// request comes from counts; a client that sends neither is no browser of these days, and carries no cookie it
/// did not choose to send.
pub(crate) fn is_from_our_page(headers: &HeaderMap, settings: &HttpSettings) -> bool {
    let text = |name: &HeaderName| headers.get(name).map(|value| value.to_str().unwrap_or("null"));
    match (text(&ORIGIN), text(&SEC_FETCH_SITE)) {
        (Some("null"), Some(site)) | (None, Some(site)) => matches!(site, "same-origin" | "none"),
        (Some(origin), _) => is_ours(origin, &settings.public_url) || settings.cors.trusts(origin),
        (None, None) => true,
    }
}

/// [`check`] for a form that holds a proof no other page can have. Old browsers in WeChat say `null` where our own pages send
/// a form, as those of any page without referrer; nobody named is let in on the proof, and whoever is named has to be ours.
pub(crate) fn check_form(headers: &HeaderMap, settings: &HttpSettings) -> Result<(), ApiError> {
    let nameless =
        headers.get(&ORIGIN).is_some_and(|origin| origin == "null") && !headers.contains_key(&SEC_FETCH_SITE);
    if nameless { Ok(()) } else { check(&Method::POST, headers, settings) }
}

/// Refuses a changing request with the console's cookie that no page of ours sent. Stricter than [`check`]: what the browser
/// says about the sender decides, else the origin; a request with neither comes from no browser, and what is no browser
/// shows a token.
pub(crate) fn check_staff(method: &Method, headers: &HeaderMap, settings: &HttpSettings) -> Result<(), ApiError> {
    if matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS) {
        return Ok(());
    }
    let text = |name: &HeaderName| headers.get(name).map(|value| value.to_str().unwrap_or("null"));
    let allowed = match (text(&SEC_FETCH_SITE), text(&ORIGIN)) {
        (Some(site), _) => matches!(site, "same-origin" | "none"),
        (None, Some(origin)) => is_ours(origin, &settings.public_url),
        (None, None) => false,
    };
    if allowed {
        return Ok(());
    }
    Err(ApiError::forbidden("CROSS_SITE_REQUEST", "不接受来自其他网站的请求"))
}

fn is_ours(origin: &str, public_url: &Url) -> bool {
    public_url.origin().ascii_serialization() == origin
}

#[cfg(test)]
mod tests {
    use http::{HeaderMap, HeaderValue, Method};
    use rstest::rstest;
    use url::Url;

    use super::{check, check_form, check_staff, is_from_our_page};
    use crate::settings::{Cors, HttpSettings};

    #[rstest]
    #[case::ours(Some("https://app.example.com"), Some("same-origin"), true)]
    #[case::ours_old_browser(Some("https://app.example.com"), None, true)]
    #[case::listed(Some("https://h5.example.com"), Some("same-site"), true)]
    #[case::sibling(Some("https://evil.example.com"), Some("same-site"), false)]
    #[case::stranger(Some("https://evil.test"), Some("cross-site"), false)]
    #[case::stranger_old_browser(Some("https://evil.test"), None, false)]
    #[case::plain_http(Some("http://app.example.com"), None, false)]
    #[case::other_port(Some("https://app.example.com:8443"), None, false)]
    #[case::our_form_without_referrer(Some("null"), Some("same-origin"), true)]
    #[case::sandboxed_frame(Some("null"), Some("cross-site"), false)]
    #[case::sandboxed_old_browser(Some("null"), None, false)]
    #[case::no_origin_cross(None, Some("cross-site"), false)]
    #[case::typed_by_the_person(None, Some("none"), true)]
    #[case::no_browser(None, None, true)]
    fn origins(#[case] origin: Option<&'static str>, #[case] site: Option<&'static str>, #[case] allowed: bool) {
        let url = |text: &str| Url::parse(text).unwrap();
        let settings = HttpSettings {
            cors: Cors::Origins(vec!["https://h5.example.com".to_owned()]),
            ..HttpSettings::new(url("https://app.example.com/"), url("https://res.wx.qq.com/x.js"))
        };
        let mut headers = HeaderMap::new();
        if let Some(origin) = origin {
            headers.insert("origin", HeaderValue::from_static(origin));
        }
        if let Some(site) = site {
            headers.insert("sec-fetch-site", HeaderValue::from_static(site));
        }
        let own = matches!(site, Some("same-origin" | "none"))
            || (site.is_none() && origin == Some("https://app.example.com"));
        assert_eq!(check_staff(&Method::POST, &headers, &settings).is_ok(), own);
        assert!(check_staff(&Method::GET, &headers, &settings).is_ok());
        assert_eq!(check(&Method::POST, &headers, &settings).is_ok(), allowed);
        assert_eq!(is_from_our_page(&headers, &settings), allowed);
        let nameless = origin == Some("null") && site.is_none();
        assert_eq!(check_form(&headers, &settings).is_ok(), allowed || nameless);
        assert!(check(&Method::GET, &headers, &settings).is_ok());
    }
}
