//! The front page: what this service is, and where its pages are. Fixed text: it tells no setting.

use axum::response::{IntoResponse, Response};
use http::StatusCode;

use super::html::Html;

/// A page of the service: where it is, what it is called, what it is for, and the same in English.
struct Place {
    path: &'static str,
    name: &'static str,
    about: &'static str,
    english: &'static str,
}

const DEMO: Place = Place {
    path: "/wechat/frontend-driven",
    name: "演示页面",
    about: "一步一步看微信网页授权、会话与分享卡片",
    english: "Demo: WeChat login, step by step",
};
const CONSOLE: Place =
    Place {
        path: "/console", name: "控制台", about: "客服、运营与管理员在这里登录", english: "Console for staff"
    };
const DOCS: Place = Place {
    path: "/docs/",
    name: "接口文档",
    about: "每个接口的参数、回答与错误码",
    english: "API reference (OpenAPI)",
};
const HEALTH: Place = Place {
    path: "/health",
    name: "运行状态",
    about: "服务是否可用，一个词：ok 或 down；细节在 /api/health",
    english: "Health in one word; the details are at /api/health",
};

/// The front page.
#[derive(Debug)]
pub(crate) struct FrontPage;

impl FrontPage {
    fn render() -> String {
        let docs = cfg!(feature = "docs").then_some(DOCS);
        let places: String = [Some(DEMO), Some(CONSOLE), docs, Some(HEALTH)].into_iter().flatten().map(row).collect();
        format!(
            "<!doctype html>\n<html lang=\"zh-CN\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <meta name=\"robots\" content=\"noindex\">\n\
             <title>微桥 Weiqiao</title>\n<link rel=\"stylesheet\" href=\"/assets/page.css\">\n</head>\n<body>\n<main>\n\
             <div class=\"mark good\" aria-hidden=\"true\">微</div>\n<h1>微桥 Weiqiao</h1>\n\
             <p>微信网页授权、JS-SDK 签名与公众号消息的服务，已经在运行。</p>\n\
             <p class=\"english\" lang=\"en\">WeChat logins, JS-SDK signatures and messages for your pages and servers. \
             The service is running.</p>\n\
             <ul class=\"places\">\n{places}</ul>\n</main>\n</body>\n</html>\n"
        )
    }
}

impl IntoResponse for FrontPage {
    fn into_response(self) -> Response {
        Html::new(StatusCode::OK, Self::render()).into_response()
    }
}

fn row(Place { path, name, about, english }: Place) -> String {
    format!(
        "<li><a href=\"{path}\"><strong>{name}</strong> <code>{path}</code><span>{about}</span>\
         <span class=\"english\" lang=\"en\">{english}</span></a></li>\n"
    )
}
