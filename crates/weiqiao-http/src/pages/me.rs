//! The page about the person who is logged in.

use axum::response::{IntoResponse, Response};
use http::StatusCode;
use weiqiao_app::usecase::user::UserInfo;

use super::html::{Html, escape};

/// Whom the page is about.
#[derive(Debug)]
pub(crate) struct MePage<'a>(pub(crate) &'a UserInfo);

impl IntoResponse for MePage<'_> {
    fn into_response(self) -> Response {
        let Self(person) = self;
        let named = !person.nickname.is_empty();
        let nickname = if named { escape(&person.nickname) } else { "微信用户".to_owned() };
        let note =
            if named { "您已通过微信登录。" } else { "您已通过微信登录，没有提供昵称。" };
        let portrait = match person.headimgurl.as_str() {
            "" => "<div class=\"mark good\">✓</div>".to_owned(),
            address => format!("<img class=\"portrait\" src=\"{}\" alt=\"头像\">", escape(address)),
        };
        let body = format!(
            "<!doctype html>\n<html lang=\"zh-CN\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <meta name=\"robots\" content=\"noindex\">\n<title>我 · 微信登录</title>\n\
             <link rel=\"stylesheet\" href=\"/assets/page.css\">\n</head>\n<body>\n<main>\n{portrait}\n\
             <h1 id=\"nickname\">{nickname}</h1>\n<p>{note}</p>\n\
             <p class=\"english\" lang=\"en\">You are logged in through WeChat.</p>\n</main>\n</body>\n</html>\n"
        );
        Html::new(StatusCode::OK, body).into_response()
    }
}
