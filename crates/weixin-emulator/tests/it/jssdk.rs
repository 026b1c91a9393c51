//! Tickets, the signature check and what the emulated script reports.

use std::time::Duration;

use serde_json::{Value, json};
use weixin_emulator::AccountSeed;

use crate::rig::{MINI, MINI_SECRET, OFFICIAL, OFFICIAL_SECRET, Rig};

const PAGE: &str = "http://localhost:3001/share?from=timeline&x=%E4%B8%AD";

async fn ticket(rig: &Rig, kind: &str) -> crate::rig::Answer {
    let token = rig.token(OFFICIAL, OFFICIAL_SECRET).await;
    rig.get("/cgi-bin/ticket/getticket", &[("access_token", &token), ("type", kind)]).await
}

fn signed(ticket: &str, url: &str) -> Value {
    let signature = weixin_proto::sign::jssdk_signature(ticket, "Wm3WZYTPz0wzccnW", 1_414_587_457, url);
    json!({ "account": OFFICIAL, "url": url, "timestamp": 1_414_587_457, "nonceStr": "Wm3WZYTPz0wzccnW", "signature": signature })
}

#[tokio::test]
async fn tickets_are_two_kinds_and_repeat_until_they_expire() {
    let rig = Rig::new().await;
    let first = ticket(&rig, "jsapi").await;
    assert!(first.text.starts_with(r#"{"errcode":0,"errmsg":"ok","ticket":""#), "{}", first.text);
    assert_eq!(ticket(&rig, "jsapi").await.text_of("ticket"), first.text_of("ticket"));
    assert_ne!(ticket(&rig, "wx_card").await.text_of("ticket"), first.text_of("ticket"));
    assert_eq!(ticket(&rig, "other").await.errcode(), 40097);
    rig.emulator.advance(Duration::from_secs(7201));
    assert_ne!(ticket(&rig, "jsapi").await.text_of("ticket"), first.text_of("ticket"));
    let token = rig.token(MINI, MINI_SECRET).await;
    let mini = rig.get("/cgi-bin/ticket/getticket", &[("access_token", &token), ("type", "jsapi")]).await;
    assert_eq!(mini.errcode(), 48001);
}

#[tokio::test]
async fn signatures_are_judged_with_the_string_that_was_expected() {
    let rig = Rig::new().await;
    let verify = async |body: &Value| rig.post("/_emulator/jssdk/verify", &[], body).await.json;
    let none = verify(&signed("x", PAGE)).await;
    assert!(none["ok"] == false && none["reason"].as_str().unwrap().contains("nobody fetched one"));
    let ticket = ticket(&rig, "jsapi").await.text_of("ticket");
    assert_eq!(verify(&signed(&ticket, PAGE)).await["errMsg"], "config:ok");
    let with_fragment = json!({ "url": format!("{PAGE}#top") });
    let mut body = signed(&ticket, PAGE);
    body["url"] = with_fragment["url"].clone();
    assert_eq!(verify(&body).await["ok"], true, "the fragment is not signed");
    body["url"] = json!("http://localhost:3001/share");
    let wrong = verify(&body).await;
    assert_eq!(wrong["errMsg"], "config:invalid signature");
    let expected =
        format!("jsapi_ticket={ticket}&noncestr=Wm3WZYTPz0wzccnW&timestamp=1414587457&url=http://localhost:3001/share");
    assert_eq!(wrong["expectedString"], expected);
    assert_eq!(wrong["expectedSignature"], signed(&ticket, "http://localhost:3001/share")["signature"]);
    assert_eq!(verify(&signed(&ticket, "http://a.example.com/")).await["errMsg"], "config:invalid url domain");
    let mut both = signed(&ticket, PAGE);
    both["appId"] = json!(OFFICIAL);
    assert_eq!(verify(&both).await["errMsg"], "config:ok", "what /wx/share answered, and the account");
    both["account"] = json!("official");
    assert_eq!(verify(&both).await["errMsg"], "config:ok", "a handle and an appid of one account");
    both["appId"] = json!(MINI);
    assert_eq!(verify(&both).await["reason"], "account and appId are two accounts");
    both.as_object_mut().unwrap().remove("account");
    both["appId"] = json!(OFFICIAL);
    assert_eq!(verify(&both).await["errMsg"], "config:ok");
    let mut foreign = signed(&ticket, PAGE);
    foreign["account"] = json!("wx0000000000000000");
    assert_eq!(verify(&foreign).await["errMsg"], "config:fail, invalid appid");
    rig.emulator.advance(Duration::from_secs(7200));
    assert_eq!(verify(&signed(&ticket, PAGE)).await["ok"], false, "an expired ticket signs nothing");
}

#[tokio::test]
async fn any_page_may_ask_and_share_but_not_control() {
    let rig = Rig::new().await;
    let ticket = ticket(&rig, "jsapi").await.text_of("ticket");
    let from = |path: &str, body: &Value| {
        rig.http.post(rig.url(path)).header("origin", "https://shop.example.com").body(body.to_string())
    };
    let checked = Rig::read(from("/_emulator/jssdk/verify", &signed(&ticket, PAGE)).send().await.unwrap()).await;
    assert_eq!(checked.header("access-control-allow-origin"), "https://shop.example.com");
    let card = json!({ "account": OFFICIAL, "api": "updateAppMessageShareData", "url": PAGE, "title": "标题", "desc": "描述",
                       "link": "http://localhost:3001/s", "imgUrl": "http://localhost:3001/i.png" });
    assert_eq!(Rig::read(from("/_emulator/shares", &card).send().await.unwrap()).await.status, 200);
    let shares = rig.get("/_emulator/shares", &[]).await.json;
    assert_eq!((shares[0]["title"].as_str(), shares[0]["account"].as_str()), (Some("标题"), Some("official")));
    assert_eq!(rig.get("/_emulator/state", &[]).await.json["shares"][0]["link"], "http://localhost:3001/s");
    let mut elsewhere = card.clone();
    elsewhere["link"] = json!("https://elsewhere.example/");
    assert_eq!(rig.post("/_emulator/shares", &[], &elsewhere).await.status, 400, "not a JS-safe domain");
    let reset = Rig::read(from("/_emulator/reset", &json!({})).send().await.unwrap()).await;
    assert_eq!(reset.status, 403);
    let local = rig.http.post(rig.url("/_emulator/clock")).header("origin", "http://localhost:5173").body("{}");
    assert_eq!(local.send().await.unwrap().status(), 200, "pages of this machine may");
    let preflight = rig.http.request(reqwest::Method::OPTIONS, rig.url("/_emulator/clock"));
    let preflight = preflight.header("origin", "http://localhost:5173").header("access-control-request-method", "POST");
    let preflight = Rig::read(preflight.send().await.unwrap()).await;
    assert_eq!((preflight.status, preflight.header("access-control-allow-methods")), (204, "GET, POST, DELETE"));
}

#[tokio::test]
async fn the_script_is_served_under_every_version() {
    let rig = Rig::new().await;
    for file in ["jweixin-1.6.0.js", "jweixin-1.4.0.js"] {
        let script = rig.get(&format!("/open/js/{file}"), &[]).await;
        assert_eq!((script.status, script.header("access-control-allow-origin")), (200, "*"));
        assert!(script.content_type.starts_with("text/javascript"));
    }
    assert_eq!(rig.get("/open/js/other.js", &[]).await.status, 404);
}

#[tokio::test]
async fn subdomains_of_a_safe_domain_are_safe() {
    let rig = Rig::new().await;
    let seed = AccountSeed {
        name: "shop".into(),
        app_id: "wx6666666666666666".into(),
        app_secret: "s".into(),
        js_domains: Some(vec!["example.com".into()]),
        ..AccountSeed::default()
    };
    rig.emulator.add_account(seed);
    let token = rig.token("wx6666666666666666", "s").await;
    let query = [("access_token", token.as_str()), ("type", "jsapi")];
    let ticket = rig.get("/cgi-bin/ticket/getticket", &query).await.text_of("ticket");
    for (url, errmsg) in [
        ("https://m.example.com/a", "config:ok"),
        ("https://m.example.com:8443/a", "config:invalid url domain"),
        ("https://badexample.com/a", "config:invalid url domain"),
    ] {
        let mut body = signed(&ticket, url);
        body["account"] = json!("shop");
        assert_eq!(rig.post("/_emulator/jssdk/verify", &[], &body).await.json["errMsg"], errmsg, "{url}");
    }
}
