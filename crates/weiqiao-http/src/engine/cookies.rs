//! Reading and writing cookies.

use http::header::{COOKIE, SET_COOKIE};
use http::{HeaderMap, HeaderValue};

use super::ApiError;

/// The session cookie, as the contract names it.
pub(crate) const SESSION_COOKIE: &str = "weiqiao_session";

/// All cookies of a request, in the order in which the browser sent them.
pub(crate) fn all(headers: &HeaderMap) -> impl Iterator<Item = (&str, &str)> {
    headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .map(|(name, value)| (name, value.trim_matches('"')))
}

/// The first cookie of this name.
pub(crate) fn get<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    all(headers).find(|(found, _)| *found == name).map(|(_, value)| value)
}

/// A cookie for us alone: HttpOnly, the whole site, not sent along with other sites' requests except when the
/// person follows a link; Secure where we are reached by https.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cookie<'a> {
    /// Its name.
    pub(crate) name: &'a str,
    /// Its value: letters, digits, `-`, `_`, `.`.
    pub(crate) value: &'a str,
    /// Its life in seconds; 0 deletes it.
    pub(crate) max_age_s: i64,
    /// Whether it travels by https only.
    pub(crate) secure: bool,
}

impl Cookie<'_> {
    /// Adds the cookie to an answer.
    ///
    /// # Errors
    ///
    /// A value that cannot stand in a header, which is a bug.
    pub(crate) fn write(&self, headers: &mut HeaderMap) -> Result<(), ApiError> {
        let Self { name, value, max_age_s, secure } = self;
        let secure = if *secure { "; Secure" } else { "" };
        let line = format!("{name}={value}; Path=/; Max-Age={max_age_s}; HttpOnly; SameSite=Lax{secure}");
        headers.append(SET_COOKIE, HeaderValue::from_str(&line).map_err(ApiError::internal)?);
        Ok(())
    }
}

/// The console's cookie: no script reads it, and no other site's page sends it along, not even by a link.
#[derive(Debug, Clone, Copy)]
pub(crate) struct StaffCookie<'a> {
    /// Its name.
    pub(crate) name: &'a str,
    /// Its value: letters and digits.
    pub(crate) value: &'a str,
    /// Its life in seconds; 0 deletes it, `None`: until the browser is closed.
    pub(crate) max_age_s: Option<i64>,
    /// Whether it travels by https only.
    pub(crate) secure: bool,
}

impl StaffCookie<'_> {
    /// Adds the cookie to an answer.
    ///
    /// # Errors
    ///
    /// A value that cannot stand in a header, which is a bug.
    pub(crate) fn write(&self, headers: &mut HeaderMap) -> Result<(), ApiError> {
        let Self { name, value, max_age_s, secure } = self;
        let secure = if *secure { "; Secure" } else { "" };
        let life = max_age_s.map(|seconds| format!("; Max-Age={seconds}")).unwrap_or_default();
        let line = format!("{name}={value}; Path=/{life}; HttpOnly; SameSite=Strict{secure}");
        headers.append(SET_COOKIE, HeaderValue::from_str(&line).map_err(ApiError::internal)?);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use http::{HeaderMap, HeaderValue};

    use super::{Cookie, StaffCookie, all, get};

    #[test]
    fn cookies_of_several_lines_are_read_in_order() {
        let mut headers = HeaderMap::new();
        headers.append("cookie", HeaderValue::from_static("a=1; b=\"2\";c = 3; junk"));
        headers.append("cookie", HeaderValue::from_static("a=4"));
        assert_eq!(get(&headers, "a"), Some("1"));
        assert_eq!(get(&headers, "b"), Some("2"));
        assert_eq!(get(&headers, "d"), None);
        assert_eq!(all(&headers).count(), 4);
    }

    #[test]
    fn the_cookie_of_staff_is_stricter() {
        let mut headers = HeaderMap::new();
        StaffCookie { name: "__Host-adm", value: "v", max_age_s: None, secure: true }.write(&mut headers).unwrap();
        assert_eq!(headers["set-cookie"], "__Host-adm=v; Path=/; HttpOnly; SameSite=Strict; Secure");
    }

    #[test]
    fn a_cookie_is_ours_alone() {
        let mut headers = HeaderMap::new();
        Cookie { name: "n", value: "v", max_age_s: 60, secure: true }.write(&mut headers).unwrap();
        assert_eq!(headers["set-cookie"], "n=v; Path=/; Max-Age=60; HttpOnly; SameSite=Lax; Secure");
        assert!(Cookie { name: "n", value: "v\r\nx: y", max_age_s: 0, secure: false }.write(&mut headers).is_err());
    }
}
