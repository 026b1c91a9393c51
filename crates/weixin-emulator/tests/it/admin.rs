//! Quotas, request ids, addresses, callback check, and what holds for every API.

use std::time::Duration;

use serde_json::{Value, json};
use weixin_emulator::AccountSeed;

use crate::rig::{Answer, MINI, MINI_SECRET, OFFICIAL, OFFICIAL_SECRET, Rig};

async fn post(rig: &Rig, path: &str, body: Value) -> Answer {
    let token = rig.token(OFFICIAL, OFFICIAL_SECRET).await;
    rig.post(path, &[("access_token", &token)], &body).await
}

#[tokio::test]
async fn unknown_paths_and_wrong_methods_are_refused_in_wechats_words() {
    let rig = Rig::new().await;
    let unknown = rig.get("/cgi-bin/nothing", &[]).await;
    assert_eq!((unknown.status, unknown.errcode()), (200, 40066));
    assert!(unknown.errmsg().starts_with("invalid url rid: "));
    assert!(rig.get("/sns/nothing", &[]).await.errmsg().starts_with("invalid url, rid: "));
    let token = rig.token(OFFICIAL, OFFICIAL_SECRET).await;
    let query = [("access_token", token.as_str())];
    assert_eq!(rig.post("/cgi-bin/getcallbackip", &query, &json!({})).await.errcode(), 43001);
    assert_eq!(rig.get("/cgi-bin/clear_quota", &query).await.errcode(), 43002);
    assert_eq!(rig.get("/cgi-bin/clear_quota", &[]).await.errcode(), 41001, "the token comes first");
    let empty = rig.http.post(rig.url("/cgi-bin/clear_quota")).query(&query).send().await.unwrap();
    assert_eq!(Rig::read(empty).await.errcode(), 44002);
    let broken = rig.http.post(rig.url("/cgi-bin/clear_quota")).query(&query).body("{\"appid\":").send().await.unwrap();
    assert_eq!(Rig::read(broken).await.errcode(), 47001);
    assert_eq!(rig.get("/cgi-bin/getcallbackip", &query).await.content_type, "application/json; encoding=utf-8");
}

#[tokio::test]
async fn tokens_open_only_their_own_product_and_what_is_permitted() {
    let rig = Rig::new().await;
    let token = rig.token(MINI, MINI_SECRET).await;
    let query = [("access_token", token.as_str())];
    assert_eq!(rig.get("/cgi-bin/get_api_domain_ip", &query).await.errcode(), 48001);
    assert_eq!(rig.get("/cgi-bin/getcallbackip", &query).await.errcode(), 0);
    let limited = AccountSeed {
        name: "mini".into(),
        kind: weixin_emulator::AccountKind::Mini,
        app_id: MINI.into(),
        app_secret: MINI_SECRET.into(),
        forbidden_apis: vec!["/cgi-bin/getcallbackip".into()],
        ..AccountSeed::default()
    };
    rig.emulator.add_account(limited);
    assert_eq!(rig.get("/cgi-bin/getcallbackip", &query).await.errcode(), 48001);
}

#[tokio::test]
async fn day_quotas_run_out_and_come_back_at_midnight_in_beijing() {
    let rig = Rig::new().await;
    rig.post("/_emulator/clock", &[], &json!({ "set": "2026-03-01T15:00:00Z", "freeze": true })).await;
    let path = "/cgi-bin/getcallbackip";
    let limit = json!({ "account": "official", "path": path, "daily": 2 });
    assert_eq!(rig.post("/_emulator/quotas", &[], &limit).await.status, 200);
    let token = rig.token(OFFICIAL, OFFICIAL_SECRET).await;
    let call = async || rig.get(path, &[("access_token", &token)]).await;
    assert_eq!((call().await.errcode(), call().await.errcode()), (0, 0));
    let over = call().await;
    assert_eq!(over.errcode(), 45009);
    assert!(over.errmsg().starts_with("reach max api daily quota limit rid: "));
    let admin = async |api: &str| rig.post(api, &[("access_token", &token)], &json!({ "cgi_path": path })).await;
    let asked = admin("/cgi-bin/openapi/quota/get").await;
    assert_eq!(asked.json["quota"], json!({ "daily_limit": 2, "used": 2, "remain": 0 }));
    assert_eq!(admin("/cgi-bin/openapi/quota/clear").await.errcode(), 0);
    assert_eq!((call().await.errcode(), call().await.errcode(), call().await.errcode()), (0, 0, 45009));
    rig.emulator.advance(Duration::from_secs(3600));
    assert_eq!(call().await.errcode(), 0, "midnight");
}

#[tokio::test]
async fn minute_quotas_wait_for_the_next_minute() {
    let rig = Rig::new().await;
    rig.post("/_emulator/clock", &[], &json!({ "set": "2026-03-01T15:00:00Z", "freeze": true })).await;
    let path = "/sns/oauth2/access_token";
    rig.post("/_emulator/quotas", &[], &json!({ "account": "official", "path": path, "per_minute": 1 })).await;
    let query = [("appid", OFFICIAL), ("secret", OFFICIAL_SECRET), ("code", "x"), ("grant_type", "authorization_code")];
    assert_eq!(rig.get(path, &query).await.errcode(), 40029);
    let over = rig.get(path, &query).await;
    assert_eq!(over.errcode(), 45011);
    assert!(over.errmsg().starts_with("api minute-quota reach limit  mustslower  retry next minute, rid: "));
    rig.emulator.advance(Duration::from_secs(60));
    assert_eq!(rig.get(path, &query).await.errcode(), 40029);
}

#[tokio::test]
async fn classic_tokens_have_two_thousand_a_day() {
    let rig = Rig::new().await;
    rig.post("/_emulator/quotas", &[], &json!({ "account": "official", "path": "/cgi-bin/token", "used": 1999 })).await;
    rig.token(OFFICIAL, OFFICIAL_SECRET).await;
    let query = [("grant_type", "client_credential"), ("appid", OFFICIAL), ("secret", OFFICIAL_SECRET)];
    assert_eq!(rig.get("/cgi-bin/token", &query).await.errcode(), 45009);
    let clear = [("appid", OFFICIAL), ("appsecret", OFFICIAL_SECRET)];
    assert_eq!(rig.post("/cgi-bin/clear_quota/v2", &clear, &json!({})).await.errcode(), 0, "needs no token");
    assert_eq!(rig.get("/cgi-bin/token", &query).await.errcode(), 0);
}

#[tokio::test]
async fn counters_are_cleared_ten_times_a_month_by_both_forms_together() {
    let rig = Rig::new().await;
    let clear = json!({ "appid": OFFICIAL });
    assert_eq!(post(&rig, "/cgi-bin/clear_quota", json!({ "appid": MINI })).await.errcode(), 40013);
    for _ in 0..9 {
        assert_eq!(post(&rig, "/cgi-bin/clear_quota", clear.clone()).await.errcode(), 0);
    }
    let v2 = |secret: &str| json!({ "appid": OFFICIAL, "appsecret": secret });
    assert_eq!(rig.post("/cgi-bin/clear_quota/v2", &[], &v2("x")).await.errcode(), 40125);
    assert_eq!(rig.post("/cgi-bin/clear_quota/v2", &[], &json!({ "appid": OFFICIAL })).await.errcode(), 41004);
    assert_eq!(rig.post("/cgi-bin/clear_quota/v2", &[], &json!({})).await.errcode(), 41002);
    assert_eq!(rig.post("/cgi-bin/clear_quota/v2", &[], &v2(OFFICIAL_SECRET)).await.errcode(), 0);
    assert_eq!(post(&rig, "/cgi-bin/clear_quota", clear).await.errcode(), 48006);
}

#[tokio::test]
async fn quota_paths_must_be_known_and_plain() {
    let rig = Rig::new().await;
    for (path, errcode) in [
        ("/cgi-bin/token", 0),
        ("cgi-bin/token", 76003),
        ("https://api.weixin.qq.com/cgi-bin/token", 76003),
        ("/cgi-bin/token?appid=1", 76003),
        ("", 76003),
        ("/cgi-bin/nothing", 76021),
        ("/sns/userinfo", 76022),
    ] {
        let answer = post(&rig, "/cgi-bin/openapi/quota/get", json!({ "cgi_path": path })).await;
        assert_eq!(answer.errcode(), errcode, "{path:?}");
    }
}

#[tokio::test]
async fn request_ids_are_looked_up_by_their_own_account_for_seven_days() {
    let rig = Rig::new().await;
    rig.post("/_emulator/clock", &[], &json!({ "set": "2026-03-01T00:00:00Z", "freeze": true })).await;
    let failed = post(&rig, "/cgi-bin/openapi/quota/get", json!({ "cgi_path": "/nothing" })).await;
    let rid = failed.errmsg().rsplit(' ').next().unwrap().to_owned();
    assert!(rid.starts_with("69a38180-"), "{rid} begins with the second of the clock");
    let found = post(&rig, "/cgi-bin/openapi/rid/get", json!({ "rid": rid })).await;
    let request = &found.json["request"];
    assert_eq!(request["invoke_time"], 0x69a3_8180);
    assert_eq!(request["request_body"], r#"{"cgi_path":"/nothing"}"#);
    assert!(request["request_url"].as_str().unwrap().starts_with("access_token="));
    assert!(request["response_body"].as_str().unwrap().contains("76021"));
    assert_eq!(request["client_ip"], "127.0.0.1");
    for (asked, errcode) in [("", 76002), ("x", 76002), ("69a38180-00000000-00000000", 76001)] {
        let answer = post(&rig, "/cgi-bin/openapi/rid/get", json!({ "rid": asked })).await;
        assert_eq!(answer.errcode(), errcode, "{asked:?}");
    }
    let mini = rig.token(MINI, MINI_SECRET).await;
    let foreign = rig.post("/cgi-bin/openapi/rid/get", &[("access_token", &mini)], &json!({ "rid": rid })).await;
    assert_eq!(foreign.errcode(), 76003);
    rig.emulator.advance(Duration::from_secs(7 * 86_400 + 1));
    assert_eq!(post(&rig, "/cgi-bin/openapi/rid/get", json!({ "rid": rid })).await.errcode(), 76004);
}

#[tokio::test]
async fn addresses_are_listed() {
    let rig = Rig::new().await;
    let token = rig.token(OFFICIAL, OFFICIAL_SECRET).await;
    let query = [("access_token", token.as_str())];
    let callback = rig.get("/cgi-bin/getcallbackip", &query).await.json;
    assert!(callback["ip_list"].as_array().unwrap().contains(&json!("101.226.103.0/25")));
    rig.emulator.engine().change_settings(&json!({ "api_ips": ["10.9.8.7"] })).unwrap();
    assert_eq!(rig.get("/cgi-bin/get_api_domain_ip", &query).await.text, r#"{"ip_list":["10.9.8.7"]}"#);
}

#[tokio::test]
async fn the_callback_check_needs_action_operator_and_an_address() {
    let rig = Rig::new().await;
    let check = async |body: Value| post(&rig, "/cgi-bin/callback/check", body).await;
    assert_eq!(check(json!({ "action": "x", "check_operator": "CAP" })).await.errcode(), 40202);
    assert_eq!(check(json!({ "action": "all", "check_operator": "x" })).await.errcode(), 40203);
    let all = json!({ "action": "all", "check_operator": "UNICOM" });
    assert_eq!(check(all.clone()).await.errcode(), 40201);
    let seed = AccountSeed {
        name: "official".into(),
        app_id: OFFICIAL.into(),
        app_secret: OFFICIAL_SECRET.into(),
        callback_url: Some("http://127.0.0.1:3001/wx".into()),
        ..AccountSeed::default()
    };
    rig.emulator.add_account(seed);
    let checked = check(all).await.json;
    assert_eq!(checked["dns"], json!([{ "ip": "127.0.0.1", "real_operator": "UNICOM" }]));
    assert_eq!(checked["ping"][0]["package_loss"], "0%");
    let dns = check(json!({ "action": "dns", "check_operator": "DEFAULT" })).await.json;
    assert!(dns.get("ping").is_none() && dns.get("dns").is_some());
}

#[tokio::test]
async fn user_info_tells_who_follows() {
    let rig = Rig::new().await;
    let token = rig.token(OFFICIAL, OFFICIAL_SECRET).await;
    let openid = rig.emulator.openid("xiaoming", "official");
    let ask = async |openid: &str| rig.get("/cgi-bin/user/info", &[("access_token", &token), ("openid", openid)]).await;
    let before = ask(&openid).await.json;
    assert_eq!(before["subscribe"], 0);
    assert_eq!(before.as_object().unwrap().len(), 3, "openid and unionid only");
    let followed = json!({ "account": "official", "scene": "door-3" });
    assert_eq!(rig.post("/_emulator/personas/xiaoming/follow", &[], &followed).await.json["changed"], true);
    let after = ask(&openid).await.json;
    assert_eq!((after["subscribe"].as_i64(), after["nickname"].as_str()), (Some(1), Some("")));
    assert_eq!(
        (after["subscribe_scene"].as_str(), after["qr_scene_str"].as_str()),
        (Some("ADD_SCENE_QR_CODE"), Some("door-3"))
    );
    assert!(after["subscribe_time"].is_i64());
    let foreign = rig.emulator.openid("xiaoming", "mini");
    assert_eq!(ask(&foreign).await.errcode(), 40003);
    rig.post("/_emulator/personas/xiaoming/unfollow", &[], &json!({ "account": "official" })).await;
    assert_eq!(ask(&openid).await.json["subscribe"], 0);
}
