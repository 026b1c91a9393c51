//! The few words people see when a login did not work.

use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Trouble {
    /// The person said no.
    Declined,
    /// The login is over, belongs to another browser, or was made up.
    State,
    /// The browser did not bring our cookie back.
    Cookies,
    /// A snapshot page, with a made-up person.
    Snapshot,
    /// WeChat refused the code, or did not answer.
    WeChat,
    /// A script or a form, where a redirect would lead nowhere.
    NotAPage,
}

impl Trouble {
    const fn said(self) -> (StatusCode, &'static str, &'static str) {
        match self {
            Self::Declined => (StatusCode::FORBIDDEN, "您没有同意授权", "You declined the login."),
            Self::State => (StatusCode::BAD_REQUEST, "登录已超时，或不是在这个浏览器发起的", "The login has expired."),
            Self::Cookies => {
                (StatusCode::BAD_REQUEST, "请允许 Cookie 后重新登录", "Please allow cookies and log in again.")
            }
            Self::Snapshot => {
                (StatusCode::FORBIDDEN, "请点击页面下方的「使用完整服务」后再登录", "Please tap “use full service”.")
            }
            Self::WeChat => {
                (StatusCode::BAD_GATEWAY, "微信没有接受这次登录，请重新登录", "WeChat did not accept the login.")
            }
            Self::NotAPage => (StatusCode::UNAUTHORIZED, "未登录", "Not logged in."),
        }
    }

    /// A page with a way to begin again. `path` is a path of our own.
    pub(super) fn page(self, path: &str) -> Response {
        let (status, chinese, english) = self.said();
        if self == Self::NotAPage {
            return (status, chinese).into_response();
        }
        let path = path.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;");
        let body = format!(
            "<!doctype html>\n<html lang=\"zh-CN\"><head><meta charset=\"utf-8\">\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>微信登录</title></head>\
             <body><h1>{chinese}</h1><p lang=\"en\">{english}</p><p><a href=\"{path}\">重新登录 Log in again</a></p>\
             </body></html>\n"
        );
        let headers = [
            (CONTENT_TYPE, "text/html; charset=utf-8"),
            (CACHE_CONTROL, "no-store"),
            (CONTENT_SECURITY_POLICY, "default-src 'none'; base-uri 'none'; form-action 'none'"),
        ];
        (status, headers, body).into_response()
    }
}
