//! A page with one message: what happened, what to do next.

use axum::response::{IntoResponse, Response};
use http::StatusCode;

use super::html::{Html, escape};
use crate::engine::RequestId;

/// The page's parts. All of them are text; [`MessagePage::render`] escapes them.
#[derive(Debug)]
pub(crate) struct MessagePage<'a> {
    /// The HTTP status.
    pub(crate) status: StatusCode,
    /// What happened, in a few Chinese words.
    pub(crate) title: &'a str,
    /// A sentence or two about it.
    pub(crate) text: &'a str,
    /// The same in English, short.
    pub(crate) english: &'a str,
    /// Where to go next: an address on this site and its label.
    pub(crate) action: Option<(String, &'a str)>,
    /// To be told to whoever runs the service.
    pub(crate) request_id: &'a RequestId,
}

impl MessagePage<'_> {
    fn render(&self) -> String {
        let (title, text, english) = (escape(self.title), escape(self.text), escape(self.english));
        let action = match &self.action {
            Some((address, label)) => {
                format!("<a class=\"action\" href=\"{}\">{}</a>\n", escape(address), escape(label))
            }
            None => String::new(),
        };
        let request_id = escape(self.request_id.as_str());
        let mark =
            if self.status.is_success() { "<div class=\"mark good\">i</div>" } else { "<div class=\"mark\">!</div>" };
        format!(
            "<!doctype html>\n<html lang=\"zh-CN\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <meta name=\"robots\" content=\"noindex\">\n\
             <title>{title}</title>\n<link rel=\"stylesheet\" href=\"/assets/page.css\">\n</head>\n<body>\n<main>\n\
             {mark}\n<h1>{title}</h1>\n<p>{text}</p>\n{action}<p class=\"english\" lang=\"en\">{english}</p>\n\
             <footer>请求编号 Request id: <code>{request_id}</code></footer>\n</main>\n</body>\n</html>\n"
        )
    }
}

impl IntoResponse for MessagePage<'_> {
    fn into_response(self) -> Response {
        Html::new(self.status, self.render()).into_response()
    }
}
