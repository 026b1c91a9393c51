//! Calls of a mini program that WeChat answers.

use http::StatusCode;
use serde_json::json;
use weiqiao_model::{ApiScope, Role};

use super::{SEND, SEND_AT_WECHAT, TEMPLATE, li, session};
use crate::testing::World;

#[tokio::test]
async fn a_message_is_sent_at_once() {
    let world = World::open().await;
    let openid = li(&world);
    let data = json!({"thing1": {"value": "你好"}, "time2": {"value": "2025-09-05 16:58"}, "thing3": {"value": "x"},
        "thing7": "王小明"});
    let body = json!({"touser": openid, "template_id": TEMPLATE, "data": data, "page": "pages/index/index?a=1"});
    let refused = world.post(SEND, body.to_string()).await;
    refused
        .is(StatusCode::INTERNAL_SERVER_ERROR)
        .failure("SEND_MESSAGE_FAILED", "发送消息失败: user refuse to accept the msg");
    assert_eq!(refused.error()["errcode"], 43101);
    world.emulator.accept_notifications("advisor-li", "mini", TEMPLATE, 1);
    let sent = world.post(SEND, body.to_string()).await;
    let data = sent.is(StatusCode::OK).success("发送订阅消息成功").data();
    assert_eq!((&data["errcode"], &data["errmsg"]), (&json!(0), &json!("ok")));
    assert!(data["msgid"].is_i64());
    let calls = world.wechat_calls(SEND_AT_WECHAT);
    for (field, value) in [
        ("page", json!("https://evil.example/")),
        ("page", json!("pages/../x")),
        ("page", json!("//evil.example")),
        ("miniprogram_state", json!("beta")),
        ("lang", json!("fr_FR")),
        ("data", json!({"thing1": {"value": null}})),
        ("data", json!("{}")),
    ] {
        let mut wrong = body.clone();
        wrong[field] = value;
        world.post(SEND, wrong.to_string()).await.is(StatusCode::BAD_REQUEST).code("VALIDATION_FAILED");
    }
    assert_eq!(world.wechat_calls(SEND_AT_WECHAT), calls);

    let strict = World::strict().await;
    strict.post(SEND, body.to_string()).await.is(StatusCode::UNAUTHORIZED);
    let (_, token) = session(&strict, "xiaohong").await;
    let by = |call: crate::testing::Call| call.json(&body.to_string()).send();
    by(strict.request("POST", SEND).bearer(&token)).await.is(StatusCode::FORBIDDEN);
    let viewer = strict.staff_token("viewer", Role::Viewer).await;
    by(strict.request("POST", SEND).bearer(&viewer)).await.is(StatusCode::FORBIDDEN);
    strict.emulator.accept_notifications("advisor-li", "mini", TEMPLATE, 2);
    let supervisor = strict.staff_token("supervisor", Role::Supervisor).await;
    by(strict.request("POST", SEND).bearer(&supervisor)).await.is(StatusCode::OK);
    let key = strict.api_key(&[ApiScope::MessageSend]).await;
    by(strict.request("POST", SEND).api_key(&key)).await.is(StatusCode::OK);
}

#[tokio::test]
async fn a_phone_number_comes_for_its_code() {
    for world in [World::open().await, World::strict().await] {
        let (_, token) = session(&world, "xiaohong").await;
        let code = || world.emulator.persona_code("xiaohong", "mini", weixin_emulator::CodeKind::Phone);
        let post = |code: String| {
            let call = world.request("POST", "/api/wechat/phone").json(&json!({ "code": code }).to_string());
            call.bearer(&token).send()
        };
        let answer = post(code()).await;
        let data = answer.is(StatusCode::OK).data();
        assert_eq!(data.as_object().unwrap().len(), 3);
        assert_eq!((&data["country_code"], &data["phone_number"]), (&json!("86"), &data["pure_phone_number"]));
        let refused = post("never".into()).await;
        refused.is(StatusCode::INTERNAL_SERVER_ERROR).code("GET_PHONE_FAILED");
        assert!(refused.message().starts_with("获取手机号失败: "), "{}", refused.message());
    }
    World::strict().await.post("/api/wechat/phone", r#"{"code":"x"}"#).await.is(StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn encrypted_data_opens_with_the_session_and_for_it() {
    let world = World::strict().await;
    let (_, token) = session(&world, "xiaohong").await;
    let sealed =
        world.emulator.engine().open_data("xiaohong", "mini", weixin_emulator::OpenDataKind::UserInfo).unwrap();
    let body = json!({"encryptedData": sealed.encrypted_data, "iv": sealed.iv}).to_string();
    let post = |body: &str, token: &str| world.request("POST", "/api/wechat/decrypt").bearer(token).json(body).send();
    let answer = post(&body, &token).await;
    assert_eq!(answer.is(StatusCode::OK).data()["watermark"]["appid"], World::MINI);
    let (_, other) = session(&world, "xiaoming").await;
    post(&body, &other).await.is(StatusCode::BAD_REQUEST).code("DECRYPT_FAILED");
    let junk = json!({"encryptedData": "AAAA", "iv": "AAAA"}).to_string();
    post(&junk, &token).await.is(StatusCode::BAD_REQUEST).code("DECRYPT_FAILED");
    world.post("/api/wechat/decrypt", &body).await.is(StatusCode::UNAUTHORIZED);
}
