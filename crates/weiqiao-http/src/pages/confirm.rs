//! The phone's question: log in on that computer?

use std::net::IpAddr;

use axum::response::{IntoResponse, Response};
use http::StatusCode;
use weiqiao_app::usecase::handover::ScannedHandover;

use super::html::{Html, escape};

/// What the page shows.
#[derive(Debug)]
pub(crate) struct ConfirmPage<'a> {
    /// Where the answer goes.
    pub(crate) address: &'a str,
    /// The computer.
    pub(crate) scanned: &'a ScannedHandover,
    /// Who is about to log in.
    pub(crate) nickname: &'a str,
    /// What the form brings back.
    pub(crate) proof: &'a str,
    /// The phone's own address.
    pub(crate) own_ip: IpAddr,
    /// Epoch milliseconds.
    pub(crate) now_ms: i64,
}

impl IntoResponse for ConfirmPage<'_> {
    fn into_response(self) -> Response {
        let Self { address, scanned, nickname, proof, own_ip, now_ms } = self;
        let about = &scanned.about;
        let title = escape(&scanned.title);
        let who =
            if nickname.is_empty() { "您的微信账号".to_owned() } else { format!("「{}」", escape(nickname)) };
        let device = if about.device.is_empty() { "没有说明".to_owned() } else { escape(&about.device) };
        let same = about.ip == own_ip.to_string();
        let ip = format!("{}（{}）", escape(&about.ip), if same { "与手机同一网络" } else { "与手机不是同一网络" });
        let seconds = now_ms.saturating_sub(scanned.begun_at).max(0) / 1000;
        let buttons: String = scanned
            .numbers
            .iter()
            .map(|number| format!("<button name=\"answer\" value=\"{number}\">{number}</button>\n"))
            .collect();
        let body = format!(
            "<!doctype html>\n<html lang=\"zh-CN\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <meta name=\"robots\" content=\"noindex\">\n<title>在电脑上登录？</title>\n\
             <link rel=\"stylesheet\" href=\"/assets/page.css\">\n</head>\n<body>\n<main class=\"confirm\">\n\
             <div class=\"mark ask\">?</div>\n<h1>在电脑上登录？</h1>\n\
             <p>一台电脑正要以{who}的身份登录「{title}」。</p>\n\
             <dl class=\"facts\">\n<dt>电脑</dt><dd>{device}</dd>\n<dt>网络地址</dt><dd>{ip}</dd>\n\
             <dt>打开页面</dt><dd>{seconds} 秒前</dd>\n</dl>\n\
             <form method=\"post\" action=\"{address}\">\n<input type=\"hidden\" name=\"proof\" value=\"{proof}\">\n\
             <p class=\"question\">确认是您自己的电脑？请点选<strong>电脑屏幕上的数字</strong>登录：</p>\n\
             <div class=\"numbers\">\n{buttons}</div>\n\
             <button class=\"no\" name=\"answer\" value=\"no\">不是我，取消</button>\n</form>\n\
             <p class=\"warning\">如果二维码是别人发给您的，请取消，否则那台电脑会以您的身份登录。</p>\n\
             <p class=\"english\" lang=\"en\">Log in on that computer? Pick the number its screen shows, or cancel.</p>\n\
             </main>\n</body>\n</html>\n",
            address = escape(address),
            proof = escape(proof),
        );
        Html::new(StatusCode::OK, body).into_response()
    }
}
