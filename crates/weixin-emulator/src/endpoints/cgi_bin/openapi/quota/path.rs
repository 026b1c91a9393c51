//! The `cgi_path` parameter: begins with `/`, no host, no query, known, and not one of `/sns`.

use serde_json::Value;

use crate::answer::Refusal;
use crate::endpoints::{self, Endpoint, text};
use crate::refusals;

/// The endpoint a `cgi_path` names.
pub(crate) fn named(body: &Value) -> Result<&'static Endpoint, Refusal> {
    let path = text(body, "cgi_path").ok_or(refusals::PATH_MALFORMED)?;
    if !path.starts_with('/') || path.contains(['?', '#', ' ']) || path.contains("//") {
        return Err(refusals::PATH_MALFORMED);
    }
    if path.starts_with("/sns/") {
        return Err(refusals::PATH_FORBIDDEN);
    }
    endpoints::find(path).ok_or(refusals::PATH_UNKNOWN)
}
