//! Writing HTML: escaping, the frame of a page, its headers.

use axum::body::Body;
use axum::response::Response;
use http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS};
use http::{HeaderValue, StatusCode};

/// Own scripts and styles only. Pictures of people may come from anywhere; the page may be framed (the phone does).
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' http: https: data:; \
                      connect-src *; base-uri 'none'";

/// Text made safe inside elements and quoted attributes.
pub(crate) fn esc(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            // Control characters would make the page itself malformed.
            c if c.is_control() && !matches!(c, '\n' | '\t') => out.push('\u{FFFD}'),
            c => out.push(c),
        }
    }
    out
}

/// A page to be framed.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Page<'a> {
    /// The title, as plain text.
    pub(crate) title: &'a str,
    /// Class of the body, which decides the look.
    pub(crate) class: &'a str,
    /// File under `/_page/`, run after parsing.
    pub(crate) script: Option<&'a str>,
    /// The content, as HTML.
    pub(crate) content: &'a str,
}

impl Page<'_> {
    /// The whole document as a response.
    pub(crate) fn respond(self, status: StatusCode) -> Response {
        let script =
            self.script.map_or_else(String::new, |file| format!("<script src=\"/_page/{file}\" defer></script>\n"));
        let document = format!(
            "<!doctype html>\n<html lang=\"zh-CN\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1, viewport-fit=cover\">\n\
             <meta name=\"color-scheme\" content=\"light\">\n<title>{}</title>\n\
             <link rel=\"icon\" href=\"/_page/icon.svg\" type=\"image/svg+xml\">\n\
             <link rel=\"stylesheet\" href=\"/_page/page.css\">\n{script}</head>\n\
             <body class=\"{}\">\n{}\n</body>\n</html>\n",
            esc(self.title),
            self.class,
            self.content
        );
        let mut response = Response::new(Body::from(document));
        *response.status_mut() = status;
        for (name, value) in [
            (CONTENT_TYPE, "text/html; charset=utf-8"),
            (CONTENT_SECURITY_POLICY, POLICY),
            (CACHE_CONTROL, "no-store"),
            (X_CONTENT_TYPE_OPTIONS, "nosniff"),
            (REFERRER_POLICY, "no-referrer"),
        ] {
            response.headers_mut().insert(name, HeaderValue::from_static(value));
        }
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_becomes_text() {
        assert_eq!(esc("<b a=\"x\">&'\u{1}小"), "&lt;b a=&quot;x&quot;&gt;&amp;&#39;\u{FFFD}小");
    }
}
