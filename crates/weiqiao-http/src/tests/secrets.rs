//! What must never leave: looked for in every answer of a long story.

use http::StatusCode;
use serde_json::json;

use crate::testing::{World, encode};

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
