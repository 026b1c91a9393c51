//! Codes of mini programs: who somebody is, says WeChat alone, and asking costs something.

use std::time::Duration;

use http::StatusCode;
use rstest::rstest;
use serde_json::{Value, json};
use weiqiao_app::AuthMode;
use weiqiao_model::{ApiScope, Role};

use super::{Engine, OPENID, admin, limited, session};
use crate::testing::World;

fn body(code: &str) -> String {
    json!({ "code": code }).to_string()
}

/// The claims of a token, unverified.
fn claims(token: &str) -> Value {
    use base64::Engine as _;
    let body = token.split('.').nth(1).unwrap();
    serde_json::from_slice(&base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(body).unwrap()).unwrap()
}

#[tokio::test]
async fn t_17_only_wechats_answer_says_who_it_is() {
    let world = World::strict().await;
    let victim = world.emulator.openid("xiaohong", "mini");
    let claim = json!({"code": world.mini_code("xiaoming"), "openid": victim, "unionid": "uVictim", "session_key": "x",
        "userInfo": {"openId": victim}, "user_id": "u1", "sub": "u1"});
    let answer = world.post(OPENID, claim.to_string()).await;
    let data = answer.is(StatusCode::OK).data();
    assert_eq!(data["openid"], world.emulator.openid("xiaoming", "mini"));
    let me = world.request("GET", "/api/me").bearer(data["token"].as_str().unwrap()).send().await;
    assert!(!me.is(StatusCode::OK).text().contains(&victim) && !me.text().contains("uVictim"));

    let browser = world.browser();
    let state = browser.begin_login().await;
    let claim = json!({"code": world.code("xiaoming"), "state": state, "openid": world.openid("xiaohong"),
        "user_info": {"openid": world.openid("xiaohong"), "nickname": "小红"}});
    let answer = browser.post("/api/wechat/auth", claim.to_string()).await;
    let info = &answer.is(StatusCode::OK).data()["user_info"];
    assert_eq!((&info["openid"], &info["nickname"]), (&json!(world.openid("xiaoming")), &json!("小明")));
}

#[tokio::test]
async fn t_18_session_keys_and_tokens_of_wechat_are_in_no_answer_and_no_token() {
    let world = World::strict().await;
    let (openid, token) = session(&world, "xiaoming").await;
    let browser = world.browser();
    let web = browser.log_in("xiaohong").await;
    let told = |path: &str, field: &str| {
        let answer: Value = serde_json::from_str(&world.emulator.ledger(path)[0].answer).unwrap();
        answer[field].as_str().unwrap_or_else(|| panic!("{path} {field}")).to_owned()
    };
    let canaries = [
        told("/sns/jscode2session", "session_key"),
        told("/sns/oauth2/access_token", "access_token"),
        told("/sns/oauth2/access_token", "refresh_token"),
    ];
    for token in [&token, &web] {
        let claims = claims(token);
        let names: Vec<_> = claims.as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(names, ["account", "aud", "exp", "iat", "iss", "jti", "nbf", "sid", "sub"]);
        assert!(!claims.to_string().contains(&openid) && !claims.to_string().contains(&world.openid("xiaohong")));
    }
    let staff = world.staff_token("boss", Role::Admin).await;
    let lists =
        ["users", "actions", "leads", "notifications", "subscriptions", "inbox", "jobs", "followers", "api-keys"];
    for round in 0..100 {
        let mut answers = vec![
            world.request("GET", "/api/me").bearer(&token).send().await,
            world.request("GET", "/api/me").bearer(&web).send().await,
            world.request("GET", &format!("/api/user/{}", world.openid("xiaohong"))).bearer(&web).send().await,
            world.post(OPENID, body(&format!("junk{round}"))).await,
            world
                .request("POST", "/api/wechat/decrypt")
                .bearer(&token)
                .json(r#"{"encryptedData":"AAAA","iv":"A"}"#)
                .send()
                .await,
            world.request("GET", "/api/users").bearer(&staff).send().await,
        ];
        if round % 20 == 0 {
            for list in lists {
                answers.push(admin(&world, "GET", &format!("/api/admin/{list}")).await);
            }
            answers.push(world.post(OPENID, body(&world.mini_code("xiaoming"))).await);
        }
        for answer in answers {
            for canary in &canaries {
                assert!(!answer.text().contains(canary.as_str()), "{answer:?}");
                assert!(!format!("{:?}", answer.headers()).contains(canary.as_str()));
            }
        }
    }
}

#[tokio::test]
async fn t_20_junk_codes_cost_wechat_little() {
    let world = limited(|_| {}).await;
    let junk = if cfg!(debug_assertions) { 2_000 } else { 10_000 };
    let mut refused = 0;
    for number in 0..junk {
        let call = world.request("POST", OPENID).at_ip("203.0.113.9").json(&body(&format!("junk{number}")));
        refused += usize::from(call.send().await.status() == StatusCode::TOO_MANY_REQUESTS);
    }
    let asked = world.wechat_calls("/sns/jscode2session");
    println!("{junk} junk codes from one address: {asked} calls of WeChat, {refused} refused");
    assert!(asked <= 200 && refused >= junk - 200);

    // The same junk from everywhere is asked about once.
    for number in 0..60 {
        let ip = format!("198.51.100.{number}");
        let call = world.request("POST", OPENID).at_ip(&ip).header("user-agent", &ip).json(&body("the-same-junk"));
        call.send().await.is(StatusCode::INTERNAL_SERVER_ERROR).code("GET_OPENID_FAILED");
    }
    world.advance(Duration::from_secs(59));
    let late = world.request("POST", OPENID).at_ip("192.0.2.1").json(&body("the-same-junk")).send().await;
    late.is(StatusCode::INTERNAL_SERVER_ERROR).failure("GET_OPENID_FAILED", "获取用户信息失败: invalid code");
    assert_eq!(world.wechat_calls("/sns/jscode2session"), asked + 1);

    // And what cannot be a code is not asked about at all.
    for (number, wrong) in ["a\tb", "a\u{0}b", "代码", "a\u{200b}", &"x".repeat(513)].into_iter().enumerate() {
        let call = world.request("POST", OPENID).at_ip(&format!("192.0.2.{}", 2 + number)).json(&body(wrong));
        call.send().await.is(StatusCode::BAD_REQUEST).code("VALIDATION_FAILED");
    }
    assert_eq!(world.wechat_calls("/sns/jscode2session"), asked + 1);
}

#[rstest]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn t_21_fifty_posts_of_one_code_are_one_login(#[values(Engine::Embedded, Engine::Services)] engine: Engine) {
    let Some(world) = engine.world(AuthMode::Strict, |_| {}).await else { return };
    let other = world.instance().await;
    let request = body(&world.mini_code("xiaoming"));
    let post = |number: usize| {
        let call = world.request("POST", OPENID).at([&world.router, &other.router][number % 2]);
        call.at_ip("203.0.113.9").header("user-agent", "phone").json(&request).send()
    };
    let answers = futures_util::future::join_all((0..50).map(post)).await;
    let first = answers[0].is(StatusCode::OK).data();
    assert!(answers.iter().all(|answer| answer.data() == first), "one session");
    assert_eq!(world.wechat_calls("/sns/jscode2session"), 1);
    let staff = world.staff_token("boss", Role::Admin).await;
    let users = world.request("GET", "/api/users").bearer(&staff).send().await;
    assert_eq!(users.is(StatusCode::OK).data()["total"], 1);
}

#[tokio::test]
async fn t_30_a_code_tells_an_openid_of_our_own_account_and_nothing_more() {
    let world = limited(|_| {}).await;
    let answer = world.post(OPENID, body(&world.mini_code("xiaohong"))).await;
    let fields: Vec<_> = answer.is(StatusCode::OK).data().as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(fields, ["expires_at", "openid", "token"]);
    for account in ["official", "website", "wx2222222222222222", "other", "../mini"] {
        let path = format!("{OPENID}?account={}", crate::testing::encode(account));
        let calls = world.wechat_calls("/sns/jscode2session");
        let answer = world.post(&path, body(&world.mini_code("xiaohong"))).await;
        assert!(answer.status().is_client_error(), "{account}: {answer:?}");
        assert_eq!(world.wechat_calls("/sns/jscode2session"), calls);
    }
    // As a key has no session, it cannot turn codes into people without a limit either.
    let key = world.api_key(&[ApiScope::MessageSend]).await;
    let mut refused = 0;
    for number in 0..620 {
        let call = world.request("POST", OPENID).api_key(&key).json(&body(if number == 0 { "junk" } else { "" }));
        refused += usize::from(call.send().await.status() == StatusCode::TOO_MANY_REQUESTS);
    }
    assert!(refused >= 10, "{refused}");
}
