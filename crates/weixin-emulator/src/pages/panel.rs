//! `/panel`, and `/` where no phone page is built in: accounts, people, calls, clock and faults at a glance.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use serde_json::{Value, json};

use super::html::{Page, esc};
use super::notice;
use crate::clock::rfc3339;
use crate::engine::{Engine, PersonaView};
use crate::fault::Fault;
use crate::ledger::LedgerEntry;
use crate::state::account::{Account, AccountKind};
use crate::state::token::TokenStatus;

/// Calls shown.
const SHOWN: usize = 40;

/// The overview.
pub(crate) async fn show(State(engine): State<Arc<Engine>>) -> Response {
    let calls = engine.ledger(None, 0);
    let content = format!(
        "<header class=\"top\"><div><h1>微信模拟器</h1><p>本机上的一个「微信」：把 API 地址换成 <code>{url}</code> 即可。不是真的微信。</p></div>\
         <div class=\"row\">{snapshot}{restore}{reset}</div></header>\
         <main class=\"panels\">{clock}{accounts}{people}{faults}{ledger}</main>{foot}",
        url = esc(&engine.public_url()),
        snapshot = button("保存快照", "POST /_emulator/snapshot", &json!({ "name": "panel" }), ""),
        restore = button("恢复快照", "POST /_emulator/restore", &json!({ "name": "panel" }), ""),
        reset = asking(
            "全部重置",
            "POST /_emulator/reset",
            "账号、人物、消息、token、时钟、故障和日志都会回到最初，不能撤销。确定要重置吗？"
        ),
        clock = clock(&engine),
        accounts = accounts(&engine),
        people = people(&engine.personas()),
        faults = faults(&engine.faults()),
        ledger = ledger(&calls),
        foot = notice::FOOT
    );
    let page = Page { title: "微信模拟器", class: "panel", script: Some("panel.js"), content: &content };
    page.respond(StatusCode::OK)
}

/// A button that makes a control call.
fn button(text: &str, call: &str, body: &Value, class: &str) -> String {
    format!(
        "<button type=\"button\" class=\"button small {class}\" data-call=\"{call}\" data-body=\"{}\">{text}</button>",
        esc(&body.to_string())
    )
}

/// A button that makes a control call when its question has been answered with yes.
fn asking(text: &str, call: &str, question: &str) -> String {
    format!(
        "<button type=\"button\" class=\"button small deny\" data-call=\"{call}\" data-body=\"{{}}\" \
         data-question=\"{question}\">{text}</button>"
    )
}

fn section(id: &str, title: &str, note: &str, inner: &str) -> String {
    format!("<section class=\"card\" id=\"{id}\"><h2>{title}<small>{note}</small></h2>{inner}</section>")
}

fn clock(engine: &Engine) -> String {
    let view = engine.clock();
    let offset = match view.offset_ms {
        0 if !view.frozen => "与真实时间一致".to_owned(),
        ms => format!("{}{}", if view.frozen { "已停住 · " } else { "" }, span(ms)),
    };
    // A running clock is moved on by the page's script.
    let tick = if view.frozen { String::new() } else { format!(" data-offset=\"{}\"", view.offset_ms) };
    let steps = [
        ("+5 分钟（code 过期）", "5m"),
        ("+2 小时（token 过期）", "2h"),
        ("+24 小时（登录过期）", "24h"),
        ("+30 天（refresh_token 过期）", "30d"),
    ];
    let mut buttons: String =
        steps.iter().map(|(text, by)| button(text, "POST /_emulator/clock", &json!({ "advance": by }), "")).collect();
    let freeze = if view.frozen { "继续走" } else { "停住" };
    buttons.push_str(&button(freeze, "POST /_emulator/clock", &json!({ "freeze": !view.frozen }), ""));
    buttons.push_str(&button("回到真实时间", "POST /_emulator/clock", &json!({ "real": true, "freeze": false }), ""));
    let inner = format!(
        "<p class=\"now\"><time id=\"now\" datetime=\"{}\"{tick}>{}</time> <span>北京时间，{offset}</span></p>\
         <div class=\"row\">{buttons}</div>",
        esc(&view.now),
        beijing(view.now_ms),
    );
    section("clock", "时钟", "一切有效期都跟着它走", &inner)
}

/// `2026-11-21 16:00:05` in Beijing.
fn beijing(at_ms: i64) -> String {
    let shifted = rfc3339(at_ms.div_euclid(1000) * 1000 + 8 * 3_600_000);
    shifted.trim_end_matches('Z').replacen('T', " ", 1)
}

/// A difference in words.
fn span(ms: i64) -> String {
    let (word, ms) = if ms < 0 { ("慢", -ms) } else { ("快", ms) };
    let minutes = ms / 60_000;
    let (days, hours, minutes) = (minutes / 1440, minutes / 60 % 24, minutes % 60);
    let parts: Vec<String> = [(days, "天"), (hours, "小时"), (minutes, "分钟")]
        .into_iter()
        .filter(|(n, _)| *n > 0)
        .map(|(n, unit)| format!("{n} {unit}"))
        .collect();
    if parts.is_empty() { format!("{word} {} 秒", ms / 1000) } else { format!("{word} {}", parts.join(" ")) }
}

fn accounts(engine: &Engine) -> String {
    let rows: String = engine.accounts().iter().map(|account| account_row(engine, account)).collect();
    section("accounts", "账号", "appid 和密钥只在这里有用", &format!("<div class=\"list\">{rows}</div>"))
}

fn account_row(engine: &Engine, account: &Account) -> String {
    let (kind, has_tokens) = match account.kind {
        AccountKind::Official => ("公众号", true),
        AccountKind::Mini => ("小程序", true),
        AccountKind::Website => ("网站应用", false),
    };
    let alive = {
        let inner = engine.lock();
        let now_ms = inner.clock.now_ms();
        inner.world.tokens.alive(&account.app_id, now_ms).filter(|t| t.status(now_ms) == TokenStatus::Current).count()
    };
    let actions = if has_tokens {
        let steal =
            button("token 被别的系统刷掉", "POST /_emulator/tokens/steal", &json!({ "account": account.name }), "");
        format!("<span class=\"muted\">有效 token {alive} 个</span>{steal}")
    } else {
        String::new()
    };
    let domains = if account.kind == AccountKind::Mini {
        String::new()
    } else {
        format!("<dt>网页授权域名</dt><dd>{}</dd>", esc(&account.oauth_domains.join("、")))
    };
    format!(
        "<div class=\"item\"><div><b>{}</b> <span class=\"tag\">{kind}</span> <span class=\"muted\">{}</span></div>\
         <dl class=\"pairs\"><dt>AppID</dt><dd><code>{}</code></dd><dt>AppSecret</dt><dd><code>{}</code></dd>\
         {domains}</dl><div class=\"row\">{actions}</div></div>",
        esc(&account.title),
        esc(&account.name),
        esc(&account.app_id),
        esc(&account.app_secret),
    )
}

fn people(people: &[PersonaView]) -> String {
    let rows: String = people
        .iter()
        .map(|view| {
            let id = &view.persona.id;
            let openids: String = view
                .openids
                .iter()
                .map(|(account, openid)| format!("<dt>{}</dt><dd><code>{}</code></dd>", esc(account), esc(openid)))
                .collect();
            let follows = view.follows.contains_key("official");
            let (text, verb) = if follows { ("取消关注", "unfollow") } else { ("关注公众号", "follow") };
            let call = format!("POST /_emulator/personas/{}/{verb}", esc(id));
            format!(
                "<details class=\"item person-item\"><summary><img src=\"/mmopen/{id}/96\" alt=\"\" width=\"36\" height=\"36\">\
                 <b>{nick}</b><span class=\"muted\">{id}</span>{following}</summary>\
                 <dl class=\"pairs\"><dt>手机号</dt><dd>{phone}</dd>{openids}</dl><div class=\"row\">{follow}{password}</div></details>",
                id = esc(id),
                nick = esc(&view.persona.nickname),
                following = if follows { "<span class=\"tag\">已关注</span>" } else { "" },
                phone = esc(view.persona.phone.as_deref().unwrap_or("—")),
                follow = button(text, &call, &json!({ "account": "official" }), ""),
                password = button("改微信密码", &format!("POST /_emulator/personas/{}/password", esc(id)), &json!({}), ""),
            )
        })
        .collect();
    let form = "<form class=\"inline\" data-form=\"POST /_emulator/personas\">\
                <input name=\"nickname\" placeholder=\"昵称\" required aria-label=\"昵称\">\
                <input name=\"phone\" placeholder=\"手机号（可选）\" inputmode=\"numeric\" aria-label=\"手机号\">\
                <button class=\"button small\">新建用户</button></form>";
    section("people", "人物", "每个账号下的 openid 固定不变", &format!("<div class=\"list\">{rows}</div>{form}"))
}

fn faults(faults: &[Fault]) -> String {
    let preset = |text: &str, fault: Value| button(text, "POST /_emulator/faults", &fault, "");
    let presets = [
        preset("微信抖动：下次调用 -1", json!({ "path": "/*", "errcode": -1 })),
        preset("IP 不在白名单 40164", json!({ "path": "/cgi-bin/token", "errcode": 40164, "times": 3 })),
        preset("配额用完 45009", json!({ "path": "/cgi-bin/*", "errcode": 45009, "times": 3 })),
        preset("慢 5 秒", json!({ "path": "/*", "delay_ms": 5000 })),
        preset("连接被重置", json!({ "path": "/*", "reset": true })),
        preset(
            "返回 HTML",
            json!({ "path": "/*", "status": 502, "body": "<html>502 Bad Gateway</html>", "content_type": "text/html" }),
        ),
    ]
    .concat();
    let rows: String = faults
        .iter()
        .map(|fault| {
            let mut shown = serde_json::to_value(fault).unwrap_or_default();
            if let Value::Object(fields) = &mut shown {
                fields.retain(|name, value| {
                    name != "id"
                        && name != "path"
                        && *value != Value::Null
                        && *value != json!(0)
                        && *value != json!(false)
                });
            }
            format!(
                "<div class=\"item fault\"><code>{}</code> <span class=\"muted\">{}</span>{}</div>",
                esc(&fault.path),
                esc(&shown.to_string()),
                button("撤销", &format!("DELETE /_emulator/faults/{}", fault.id), &json!({}), "")
            )
        })
        .collect();
    let form = "<form class=\"inline\" data-form=\"POST /_emulator/faults\">\
                <input name=\"path\" value=\"/sns/oauth2/access_token\" required aria-label=\"路径\">\
                <input name=\"errcode\" data-number placeholder=\"errcode\" inputmode=\"numeric\" aria-label=\"errcode\">\
                <input name=\"times\" data-number value=\"1\" inputmode=\"numeric\" aria-label=\"次数\">\
                <label><input type=\"checkbox\" name=\"deliver\"> 做完再失败</label>\
                <button class=\"button small\">注入</button></form>";
    let none = if faults.is_empty() { "<p class=\"muted\">没有等待中的故障</p>" } else { "" };
    section(
        "faults",
        "故障",
        "先按次数，再按概率",
        &format!("<div class=\"row\">{presets}</div>{form}{none}<div class=\"list\">{rows}</div>"),
    )
}

fn ledger(calls: &[LedgerEntry]) -> String {
    let rows: String = calls
        .iter()
        .rev()
        .take(SHOWN)
        .map(|call| {
            let bad = if call.errcode == 0 && call.status == 200 || call.status == 302 { "good" } else { "bad" };
            let token = call
                .token
                .as_ref()
                .map_or_else(String::new, |token| format!("第 {} 代 {}", token.generation, status_word(token.status)));
            let query: Vec<String> = call.query.iter().map(|(name, value)| format!("{name}={value}")).collect();
            let result = if call.status == 0 {
                "连接断开".to_owned()
            } else if call.status == 200 {
                call.errcode.to_string()
            } else {
                format!("HTTP {}", call.status)
            };
            format!(
                "<details class=\"call {bad}\"><summary><time>{time}</time><b>{method}</b><code>{path}</code>\
                 <span class=\"muted\">{account} {token}</span><span class=\"result\">{result}</span></summary>\
                 <pre>{query}</pre><pre>{body}</pre><pre>{answer}</pre></details>",
                time = esc(&beijing(call.at_ms).chars().skip(11).collect::<String>()),
                method = esc(&call.method),
                path = esc(&call.path),
                account = esc(call.account.as_deref().unwrap_or("")),
                token = esc(&token),
                result = esc(&result),
                query = esc(&query.join("\n")),
                body = esc(&call.body),
                answer = esc(&call.answer),
            )
        })
        .collect();
    let none = if calls.is_empty() { "<p class=\"muted\">还没有程序调用过这个「微信」</p>" } else { "" };
    section("ledger", "最近调用", "点开看参数和回答", &format!("{none}<div class=\"calls\">{rows}</div>"))
}

fn status_word(status: TokenStatus) -> &'static str {
    match status {
        TokenStatus::Current => "当前",
        TokenStatus::Overlap => "过渡期",
        TokenStatus::Stale => "已被替换",
        TokenStatus::Expired => "已过期",
        TokenStatus::Unknown => "未知",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_beijing_times() {
        assert_eq!(beijing(1_795_190_400_123), "2026-11-21 00:00:00");
    }

    #[test]
    fn differences_are_read_aloud() {
        assert_eq!(span(2 * 86_400_000 + 3_600_000), "快 2 天 1 小时");
        assert_eq!(span(-300_000), "慢 5 分钟");
        assert_eq!(span(1500), "快 1 秒");
    }
}
