//! `/connect/qrconnect`: the QR code, the phone that scans it, the page that waits.

use std::time::Duration;

use serde_json::json;

use crate::rig::{OFFICIAL, Rig, WEBSITE};

const PATH: &str = "/connect/qrconnect";

fn link<'a>(more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let good = [
        ("appid", WEBSITE),
        ("redirect_uri", "http://localhost:3001/cb"),
        ("response_type", "code"),
        ("scope", "snsapi_login"),
        ("state", "s1"),
    ];
    let kept = good.iter().filter(|(name, _)| more.iter().all(|(changed, _)| changed != name)).copied();
    kept.chain(more.iter().copied()).collect()
}

async fn open(rig: &Rig) -> String {
    let page = rig.get(PATH, &link(&[])).await;
    let (_, rest) = page.text.split_once("data-uuid=\"").expect("a waiting page");
    rest.split('"').next().unwrap().to_owned()
}

#[tokio::test]
async fn wrong_links_are_not_accessible() {
    let rig = Rig::new().await;
    for more in [
        ("appid", OFFICIAL),
        ("scope", "snsapi_userinfo"),
        ("redirect_uri", "http://a.example.com/"),
        ("appid", "wx0000000000000000"),
    ] {
        let page = rig.get(PATH, &link(&[more])).await;
        assert!(page.text.contains("该链接无法访问"), "{more:?}");
        assert_ne!(page.header("x-emulator-errcode"), "", "{more:?}");
    }
}

#[tokio::test]
async fn scanning_and_allowing_on_the_phone_lets_the_page_go_on() {
    let rig = Rig::new().await;
    let uuid = open(&rig).await;
    assert!(rig.get(&format!("/connect/qrcode/{uuid}"), &[]).await.text.starts_with("<svg"));
    let waiting = [("uuid", uuid.as_str()), ("last", "408")];
    let scanned = [("uuid", uuid.as_str()), ("_persona", "xiaohong")];
    let (phone, told) = tokio::join!(rig.get("/connect/confirm", &scanned), rig.get("/connect/l/qrconnect", &waiting));
    assert!(phone.text.contains("申请登录"));
    assert_eq!((told.json["wx_errcode"].as_i64(), told.json["persona"].as_str()), (Some(404), Some("xiaohong")));
    let fields = [("uuid", uuid.as_str()), ("persona", "xiaohong"), ("decision", "allow")];
    assert!(rig.submit("/connect/confirm", &fields).await.text.contains("已登录"));
    let told = rig.get("/connect/l/qrconnect", &[("uuid", &uuid), ("last", "404")]).await;
    assert_eq!(told.json["wx_errcode"], 405);
    let code = told.text_of("wx_code");
    assert_eq!(told.text_of("target"), format!("http://localhost:3001/cb?code={code}&state=s1"));
    let query = [
        ("appid", WEBSITE),
        ("secret", "33333333333333333333333333333333"),
        ("code", &code),
        ("grant_type", "authorization_code"),
    ];
    let token = rig.get("/sns/oauth2/access_token", &query).await;
    assert_eq!(token.text_of("scope"), "snsapi_login");
    assert_eq!(token.text_of("openid"), rig.emulator.openid("xiaohong", "website"));
    assert!(rig.submit("/connect/confirm", &fields).await.text.contains("二维码已失效"), "good once");
}

#[tokio::test]
async fn codes_of_the_qr_login_live_ten_minutes() {
    let rig = Rig::new().await;
    let exchange = async |code: String| {
        let secret = "33333333333333333333333333333333";
        let query = [("appid", WEBSITE), ("secret", secret), ("code", &code), ("grant_type", "authorization_code")];
        rig.get("/sns/oauth2/access_token", &query).await.errcode()
    };
    let code = async || {
        let answer = rig.get(PATH, &link(&[("_auto", "allow")])).await;
        let location = answer.location();
        location.split("code=").nth(1).unwrap().split('&').next().unwrap().to_owned()
    };
    let (early, late) = (code().await, code().await);
    rig.emulator.advance(Duration::from_secs(590));
    assert_eq!(exchange(early).await, 0);
    rig.emulator.advance(Duration::from_secs(20));
    assert_eq!(exchange(late).await, 40029);
}

#[tokio::test]
async fn cancelling_and_waiting_too_long_are_told_to_the_page() {
    let rig = Rig::new().await;
    let cancelled = open(&rig).await;
    let engine_call = format!("/_emulator/login-pages/{cancelled}/decide");
    rig.post(&engine_call, &[], &json!({ "persona": "xiaoming", "allow": false })).await;
    let told = rig.get("/connect/l/qrconnect", &[("uuid", &cancelled), ("last", "408")]).await;
    assert_eq!(told.json["wx_errcode"], 403);
    let late = open(&rig).await;
    rig.emulator.advance(Duration::from_secs(301));
    let told = rig.get("/connect/l/qrconnect", &[("uuid", &late), ("last", "408")]).await;
    assert_eq!(told.json["wx_errcode"], 402);
    assert!(rig.get("/connect/confirm", &[("uuid", &late)]).await.text.contains("二维码已失效"));
    let scan = format!("/_emulator/login-pages/{late}/scan");
    assert_eq!(rig.post(&scan, &[], &json!({ "persona": "xiaoming" })).await.status, 404);
}

#[tokio::test]
async fn the_phone_beside_the_code_decides_too() {
    let rig = Rig::new().await;
    let uuid = open(&rig).await;
    let query = format!(
        "appid={WEBSITE}&redirect_uri=http%3A%2F%2Flocalhost%3A3001%2Fcb&response_type=code&scope=snsapi_login&state=s1"
    );
    let mut fields = vec![("uuid", uuid.as_str()), ("query", &query), ("persona", "xiaoming"), ("decision", "allow")];
    let answer = rig.submit(PATH, &fields).await;
    assert!(answer.location().starts_with("http://localhost:3001/cb?code="));
    assert_eq!(rig.submit(PATH, &fields).await.status, 404, "the code is used");
    let denied = open(&rig).await;
    fields[0].1 = &denied;
    fields[3].1 = "deny";
    assert!(rig.submit(PATH, &fields).await.text.contains("小明 拒绝了 微桥网站 的授权请求"));
    rig.emulator.engine().change_settings(&json!({ "qrconnect_denied": "redirect" })).unwrap();
    let denied = open(&rig).await;
    fields[0].1 = &denied;
    assert_eq!(rig.submit(PATH, &fields).await.location(), "http://localhost:3001/cb?state=s1");
}

#[tokio::test]
async fn the_embedding_script_is_served_to_any_page() {
    let rig = Rig::new().await;
    let script = rig.get("/connect/zh_CN/htmledition/js/wxLogin.js", &[]).await;
    assert!(script.text.contains("WxLogin") && script.header("access-control-allow-origin") == "*");
}
