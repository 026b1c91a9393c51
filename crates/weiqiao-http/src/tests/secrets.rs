//! What must never leave: looked for in every answer of a long story.

use http::StatusCode;
use serde_json::json;
use weixin_emulator::Fault;

use crate::testing::{Answer, World, encode};

#[tokio::test]
async fn no_answer_holds_a_secret_of_wechat_or_of_ours() {
    let world = World::open().await;
    let person = world.browser();
    let mut texts = Vec::new();

    let state = person.begin_login().await;
    let body = json!({ "code": world.code("xiaoming"), "state": state }).to_string();
    texts.push(person.post("/api/wechat/auth", &body).await);
    texts.push(person.get(&format!("/api/user/{}", world.openid("xiaoming"))).await);
    texts.push(person.get("/api/me").await);
    texts.push(world.post("/api/wechat/openid", json!({ "code": world.mini_code("xiaohong") }).to_string()).await);
    texts.push(world.get(&format!("/wechat/jsconfig?url={}", encode("https://a.cn/"))).await);
    texts.push(world.get("/wechat/demo/config.json").await);
    texts.push(world.get("/openapi.json").await);
    world.wechat_refuses("/sns/jscode2session", 40125, 1).await;
    texts.push(world.post("/api/wechat/openid", json!({ "code": world.mini_code("xiaohong") }).to_string()).await);
    let staff = world.staff_token("boss", weiqiao_model::Role::Admin).await;
    for path in ["/api/users", "/api/admin/api-keys"] {
        texts.push(world.request("GET", path).bearer(&staff).send().await);
    }

    // What WeChat handed to us in confidence, read from its own books.
    let mut secrets = vec![
        "1".repeat(32),
        "2".repeat(32),
        World::API_KEY.to_owned(),
        World::PASSWORD.to_owned(),
        "argon2".to_owned(),
    ];
    for (path, field) in [
        ("/sns/oauth2/access_token", "access_token"),
        ("/sns/oauth2/access_token", "refresh_token"),
        ("/sns/jscode2session", "session_key"),
        ("/cgi-bin/stable_token", "access_token"),
        ("/cgi-bin/ticket/getticket", "ticket"),
    ] {
        let answer: serde_json::Value = serde_json::from_str(&world.emulator.ledger(path)[0].answer).unwrap();
        secrets.push(answer[field].as_str().unwrap_or_else(|| panic!("{path} {field}")).to_owned());
    }
    for answer in &texts {
        for secret in &secrets {
            assert!(!answer.text().contains(secret.as_str()), "{secret} in {answer:?}");
            assert!(!format!("{:?}", answer.headers()).contains(secret.as_str()));
        }
    }
    assert_eq!(texts[0].status(), StatusCode::OK);
}

const RID: &str = "65f0a1b2-3c4d5e6f-7a8b9c0d";

/// WeChat's next answer on this path refuses with these words.
fn wechat_says(world: &World, path: &str, errmsg: &str) {
    let body = json!({ "errcode": 40029, "errmsg": format!("{errmsg}, rid: {RID}") });
    world.emulator.fault(Fault::on(path).body(body.to_string()).times(1));
}

/// What was asked for at every way by which a refusal of WeChat comes out, each with the code that was brought.
async fn refusals(world: &World, echo: impl Fn(&str) -> String) -> Vec<(String, Answer)> {
    let mut answers = Vec::new();
    for (asks, path) in [
        ("/sns/oauth2/access_token", "/api/wechat/auth"),
        ("/sns/userinfo", "/api/wechat/auth"),
        ("/sns/oauth2/access_token", "/auth/wechat"),
        ("/sns/oauth2/access_token", "/auths/loginTypes/MyWechatLogin/services/WechatPublicAuthSvc/getAccessToken"),
        ("/sns/jscode2session", "/api/wechat/openid"),
        ("/sns/jscode2session", "/auth/wechat/mini"),
        ("/wxa/business/getuserphonenumber", "/api/wechat/phone"),
    ] {
        let code = if asks == "/sns/jscode2session" { world.mini_code("xiaoming") } else { world.code("xiaoming") };
        wechat_says(world, asks, &echo(&code));
        answers.push((code.clone(), world.post(path, json!({ "code": code }).to_string()).await));
    }
    let send = json!({ "touser": world.emulator.openid("xiaoming", "mini"), "template_id": "t", "data": {} });
    wechat_says(world, "/cgi-bin/message/subscribe/send", &echo("no-code-at-all"));
    answers.push((String::new(), world.post("/api/message/send", send.to_string()).await));
    wechat_says(world, "/cgi-bin/ticket/getticket", &echo("no-code-at-all"));
    answers.push((String::new(), world.get(&format!("/wechat/jsconfig?url={}", encode("https://a.cn/"))).await));
    answers
}

#[tokio::test]
async fn what_wechat_repeats_of_a_request_stays_here() {
    let world = World::open().await;
    let (secret, token) = ("1".repeat(32), format!("75_{}", "aB3".repeat(20)));
    let (openid, phone) = (world.openid("xiaoming"), "13800138000");
    let echo = |code: &str| {
        format!(
            "invalid {code} of {openid} {phone} code={code} secret {secret} {token} openid: {openid} session_key=abc=="
        )
    };
    for (code, answer) in refusals(&world, echo).await {
        assert_eq!(answer.status(), StatusCode::INTERNAL_SERVER_ERROR, "{answer:?}");
        assert!(answer.text().contains("invalid […] of […] 138****8000") || code.is_empty(), "{}", answer.text());
        for hidden in [&code, &openid, phone, &secret, &token, "abc=="] {
            assert!(hidden.is_empty() || !answer.text().contains(hidden), "{hidden} in {}", answer.text());
        }
    }
}

/// The same words where they are kept: in the health of tokens, and with the tries of a message.
#[tokio::test]
async fn what_is_kept_of_wechats_words_is_as_clean() {
    let world = World::open().await;
    let boss = world.staff_token("boss", weiqiao_model::Role::Admin).await;
    let (secret, openid) = ("1".repeat(32), world.emulator.openid("xiaoming", "mini"));
    let echo = format!("no {secret} for {openid} at 13800138000");
    wechat_says(&world, "/cgi-bin/stable_token", &echo);
    world.get(&format!("/wechat/jsconfig?url={}", encode("https://a.cn/"))).await.is(StatusCode::INTERNAL_SERVER_ERROR);
    wechat_says(&world, "/cgi-bin/message/subscribe/send", &echo);
    let send = json!({ "touser": openid, "template_id": "t", "data": {} }).to_string();
    world.post("/api/message/send", send).await.is(StatusCode::INTERNAL_SERVER_ERROR);

    let read = async |path: &str| world.request("GET", path).bearer(&boss).send().await;
    let jobs = read("/api/admin/jobs?kind=direct_message").await;
    let id = jobs.is(StatusCode::OK).data()["items"][0]["id"].as_str().unwrap().to_owned();
    for path in ["/api/admin/health/tokens".to_owned(), format!("/api/admin/jobs/{id}")] {
        let answer = read(&path).await;
        assert!(
            answer.is(StatusCode::OK).text().contains("no […] for […] at 138****8000"),
            "{path}: {}",
            answer.text()
        );
        for hidden in [&secret, &openid, "13800138000"] {
            assert!(!answer.text().contains(hidden), "{hidden} in {}", answer.text());
        }
    }
}

#[tokio::test]
async fn wechats_own_words_come_out_as_they_are() {
    let world = World::open().await;
    for (_, answer) in refusals(&world, |_| "invalid code hint: [AbCd-1]".to_owned()).await {
        answer.is(StatusCode::INTERNAL_SERVER_ERROR);
        assert!(answer.text().contains("invalid code\""), "{}", answer.text());
        if answer.json().get("success").is_some() {
            assert_eq!((&answer.error()["errmsg"], &answer.error()["rid"]), (&json!("invalid code"), &json!(RID)));
        }
    }
    wechat_says(&world, "/sns/oauth2/access_token", "invalid code");
    let answer = world.post("/api/wechat/auth", json!({ "code": "whatever-it-is" }).to_string()).await;
    answer.failure("WECHAT_LOGIN_FAILED", "微信登录失败: wechat api error: 40029 - invalid code");
}
