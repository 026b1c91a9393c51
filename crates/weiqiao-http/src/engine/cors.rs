//! Which other sites' pages may read our answers.

use http::header::{
    ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS,
    ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, ACCESS_CONTROL_REQUEST_METHOD,
    ORIGIN, VARY,
};
use http::{HeaderMap, HeaderValue, Method};

/// The rule for other origins.
#[derive(Debug, Clone, Default)]
pub enum Cors {
    /// None may.
    #[default]
    Off,
    /// Exactly these origins may, with cookies. An origin is `scheme://host[:port]`, lower case, no slash.
    Origins(Vec<String>),
    /// Any may, without cookies: for development.
    AnyWithoutCredentials,
}

/// What to tell the browser about one request.
#[derive(Debug, Clone)]
pub(super) enum Verdict {
    /// Nothing: the rule is off.
    Silent,
    /// The answer depends on the origin, and this one may not read it.
    Refused,
    /// This origin may read it, with cookies.
    This(HeaderValue),
    /// Any may, without cookies.
    Any,
}

impl Cors {
    pub(super) fn verdict(&self, headers: &HeaderMap) -> Verdict {
        match self {
            Self::Off => Verdict::Silent,
            Self::AnyWithoutCredentials => match headers.contains_key(ORIGIN) {
                true => Verdict::Any,
                false => Verdict::Silent,
            },
            Self::Origins(origins) => match headers.get(ORIGIN) {
                Some(origin) if origins.iter().any(|allowed| allowed.as_bytes() == origin.as_bytes()) => {
                    Verdict::This(origin.clone())
                }
                _ => Verdict::Refused,
            },
        }
    }

    /// Whether a page of this origin may act with the user's cookie.
    pub(super) fn trusts(&self, origin: &str) -> bool {
        matches!(self, Self::Origins(origins) if origins.iter().any(|allowed| allowed == origin))
    }
}

/// Whether the browser asks before it sends the real request.
pub(super) fn is_preflight(method: &Method, headers: &HeaderMap) -> bool {
    method == Method::OPTIONS && headers.contains_key(ORIGIN) && headers.contains_key(ACCESS_CONTROL_REQUEST_METHOD)
}

impl Verdict {
    /// Whether a preflight gets a friendly answer.
    pub(super) fn allows(&self) -> bool {
        matches!(self, Self::This(_) | Self::Any)
    }

    pub(super) fn write(self, headers: &mut HeaderMap, preflight: bool) {
        match self {
            Self::Silent => return,
            Self::Refused => {
                headers.append(VARY, HeaderValue::from_static("origin"));
                return;
            }
            Self::This(origin) => {
                headers.append(VARY, HeaderValue::from_static("origin"));
                headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin);
                headers.insert(ACCESS_CONTROL_ALLOW_CREDENTIALS, HeaderValue::from_static("true"));
            }
            Self::Any => {
                headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
            }
        }
        if preflight {
            headers.insert(
                ACCESS_CONTROL_ALLOW_METHODS,
                HeaderValue::from_static("GET, POST, PUT, PATCH, DELETE, OPTIONS"),
            );
            headers.insert(
                ACCESS_CONTROL_ALLOW_HEADERS,
                HeaderValue::from_static("authorization, content-type, idempotency-key, x-api-key, x-request-id"),
            );
            headers.insert(ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("600"));
        } else {
            headers.insert(ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static("retry-after, x-request-id"));
        }
    }
}
