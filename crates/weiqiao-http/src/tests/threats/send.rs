//! Who may send messages, to whom, and where they lead.

use http::StatusCode;
use serde_json::{Value, json};
use weiqiao_app::AuthMode;
use weiqiao_app::crm::AllowedTemplate;
use weiqiao_model::{ApiScope, Role};
use weixin_emulator::Fault;

use super::{SEND, SEND_AT_WECHAT, TEMPLATE, limited, message, mini_openid, session, total};
use crate::testing::{Answer, World};

async fn send(world: &World, key: &str, body: &Value) -> Answer {
    world.request("POST", SEND).api_key(key).json(&body.to_string()).send().await
}

#[tokio::test]
async fn t_48_this_is_no_open_relay() {
    let world = World::with(AuthMode::Strict, "https://app.example.com/", |plan| {
        plan.app.crm.messages.known_recipients = true;
        plan.app.crm.messages.templates = Some(vec![AllowedTemplate { account: None, id: TEMPLATE.to_owned() }]);
    })
    .await;
    let body = message(&world);
    let post = |call: crate::testing::Call| call.json(&body.to_string()).send();
    post(world.request("POST", SEND)).await.is(StatusCode::UNAUTHORIZED);
    let (_, token) = session(&world, "xiaohong").await;
    post(world.request("POST", SEND).bearer(&token)).await.is(StatusCode::FORBIDDEN);
    let viewer = world.staff_token("viewer", Role::Viewer).await;
    post(world.request("POST", SEND).bearer(&viewer)).await.is(StatusCode::FORBIDDEN);
    let narrow = world.api_key(&[ApiScope::ActionWrite, ApiScope::UserRead, ApiScope::Menu]).await;
    send(&world, &narrow, &body).await.is(StatusCode::FORBIDDEN).code("SCOPE_MISSING");

    let key = world.api_key(&[ApiScope::MessageSend]).await;
    world.emulator.accept_notifications("advisor-li", "mini", TEMPLATE, 9);
    send(&world, &key, &body).await.is(StatusCode::FORBIDDEN).code("RECIPIENT_UNKNOWN");
    let mut other = body.clone();
    other["touser"] = json!(mini_openid(&world, "xiaohong"));
    other["template_id"] = json!("another-template");
    send(&world, &key, &other).await.is(StatusCode::FORBIDDEN).code("TEMPLATE_NOT_ALLOWED");
    // Somebody of the official account is nobody of the mini program.
    world.browser().log_in("advisor-li").await;
    let mut foreign = body.clone();
    foreign["touser"] = json!(world.openid("advisor-li"));
    send(&world, &key, &foreign).await.is(StatusCode::FORBIDDEN).code("RECIPIENT_UNKNOWN");
    send(&world, &key, &body).await.is(StatusCode::FORBIDDEN).code("RECIPIENT_UNKNOWN");
    assert_eq!((world.wechat_calls(SEND_AT_WECHAT), total(&world, "notifications").await), (0, 0));

    // Who logged in to the mini program is known.
    session(&world, "advisor-li").await;
    send(&world, &key, &body).await.is(StatusCode::OK);
    assert_eq!(world.emulator.received("advisor-li").len(), 1);
    let boss = world.staff_token("boss", Role::Admin).await;
    let deeds = world.request("GET", "/api/admin/audit?deed=message_sent").bearer(&boss).send().await;
    let deed = &deeds.is(StatusCode::OK).data()["items"][0];
    assert_eq!(
        (&deed["deed"], &deed["actor_kind"], &deeds.data()["total"]),
        (&json!("message_sent"), &json!("key"), &json!(1)),
        "{deed}"
    );
}

#[tokio::test]
async fn t_49_a_message_leads_to_pages_of_the_mini_program_only() {
    let world = World::strict().await;
    let key = world.api_key(&[ApiScope::MessageSend]).await;
    let long = format!("pages/a?b={}", "x".repeat(1_100));
    let forms = [
        "https://evil.example/",
        "http://evil.example",
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "javascript:alert(1)",
        "data:text/html,x",
        "weixin://dl/business",
        "pages/../../x",
        "pages/..",
        "../pages/a",
        "pages/./a",
        "pages//a",
        "pages/a/..%2f",
        "pages/%2e%2e/a",
        "pages/a%00",
        "pages/a\u{0}",
        "pages/a\nb",
        "pages/a b",
        " pages/a",
        "pages/a#https://evil.example",
        "pages/页面",
        "plugin-private://wx1/pages/a",
        "pages/a?url=https://evil.example",
        "pages/a?url=https%3A%2F%2Fevil.example",
        "pages/a?url=https%253A%252F%252Fevil.example",
        "pages/a?url=//evil.example",
        "pages/a?url=%2F%2Fevil.example",
        "pages/a?u=javascript:alert(1)",
        "pages/a?u=JaVaScRiPt%3Aalert(1)",
        "pages/a?u=data:text/html,x",
        "pages/a?u=%5C%5Cevil",
        "pages/a?u=%0d%0aX",
        "admin/secret",
        "evil.example/pages",
        "pages",
        "pages@evil.example/a",
        "pages/a?u=%FF",
        "/",
        "//pages/a",
        "\u{feff}pages/a",
        long.as_str(),
    ];
    assert!(forms.len() >= 40);
    let mut body = message(&world);
    for form in forms {
        body["page"] = json!(form);
        let answer = send(&world, &key, &body).await;
        answer.is(StatusCode::BAD_REQUEST).code("VALIDATION_FAILED");
        assert!(!answer.text().contains("evil.example"), "{form} comes back");
    }
    assert_eq!((world.wechat_calls(SEND_AT_WECHAT), total(&world, "notifications").await), (0, 0));
    world.emulator.accept_notifications("advisor-li", "mini", TEMPLATE, 9);
    for form in
        ["pages/index/index?a=1", "/pages/index/index", "packageA/pages/shop/shop?id=%E7%8E%8B", "index?foo=bar"]
    {
        body["page"] = json!(form);
        send(&world, &key, &body).await.is(StatusCode::OK);
    }
}

#[tokio::test]
async fn t_52_a_refusal_says_what_the_contract_says_and_nothing_of_ours() {
    let world = World::strict().await;
    let key = world.api_key(&[ApiScope::MessageSend]).await;
    world.emulator.accept_notifications("advisor-li", "mini", TEMPLATE, 9);
    let body = message(&world);
    send(&world, &key, &body).await.is(StatusCode::OK);
    let told: Value = serde_json::from_str(&world.emulator.ledger("/cgi-bin/stable_token")[0].answer).unwrap();
    let token = told["access_token"].as_str().unwrap();
    let codes = [
        -1, 40003, 40037, 41028, 41029, 41030, 43101, 43107, 43108, 44993, 45009, 45011, 45157, 47001, 47003, 48001,
        48004, 50002, 61005, 61006, 61007, 61023, 61024, 40164, 40125, 40013, 41002, 43002, 43004, 44002, 45002, 45015,
        45047, 46003, 47501, 48002, 48003, 50001, 61451, 85004,
    ];
    assert_eq!(codes.len(), 40);
    for code in codes {
        let mut fault = Fault::on(SEND_AT_WECHAT).errcode(code).times(1);
        // The emulator puts a rid behind it, as WeChat does.
        fault.errmsg = Some("some words of WeChat".to_owned());
        world.emulator.fault(fault);
        let answer = send(&world, &key, &body).await;
        world.emulator.clear_faults();
        answer.is(StatusCode::INTERNAL_SERVER_ERROR).code("SEND_MESSAGE_FAILED");
        assert_eq!(answer.message(), "发送消息失败: some words of WeChat", "{code}");
        assert_eq!(
            (&answer.error()["errcode"], &answer.error()["errmsg"]),
            (&json!(code), &json!("some words of WeChat"))
        );
        assert!(answer.error()["hint"].is_string() && answer.error()["retryable"].is_boolean(), "{answer:?}");
        for secret in [token, "access_token=", "127.0.0.1", &"2".repeat(32)] {
            assert!(!answer.text().contains(secret), "{secret} in {}", answer.text());
        }
        // The rid is for WeChat's support, in its own field.
        assert!(answer.error()["rid"].as_str().is_some_and(|rid| rid.len() == 26 && !answer.message().contains(rid)));
    }
    for fault in [
        Fault::on(SEND_AT_WECHAT).status(502),
        Fault::on(SEND_AT_WECHAT).reset(),
        Fault::on(SEND_AT_WECHAT).body("<html>nginx at 10.1.2.3</html>"),
        Fault::on(SEND_AT_WECHAT).cut_at(3),
    ] {
        world.emulator.fault(fault.times(1));
        let answer = send(&world, &key, &body).await;
        answer.is(StatusCode::INTERNAL_SERVER_ERROR).code("SEND_MESSAGE_FAILED");
        assert!(answer.message().starts_with("发送消息失败: "), "{answer:?}");
        for word in ["nginx", "10.1.2.3", "127.0.0.1", "reqwest", "hyper", "error sending", token] {
            assert!(!answer.text().contains(word), "{word}: {}", answer.text());
        }
        world.emulator.clear_faults();
    }
}

#[tokio::test]
async fn t_53_keys_cannot_be_guessed_and_stand_in_no_address() {
    let world = limited(|_| {}).await;
    let key = world.api_key(&[ApiScope::MessageSend]).await;
    let guesses = if cfg!(debug_assertions) { 2_000 } else { 10_000 };
    let (mut wrong, mut limited) = (0, 0);
    let mut first: Option<String> = None;
    for number in 0..guesses {
        // Some begin as the right one does.
        let guess = match number % 3 {
            0 => format!("{}{number:08}", &key[..key.len() - 8]),
            1 => format!("wxk_live_{number:012}_{}", "x".repeat(43)),
            _ => format!("guess{number}"),
        };
        let call = world.request("POST", SEND).at_ip("203.0.113.9").header("x-request-id", "same").api_key(&guess);
        let answer = call.json("{}").send().await;
        match answer.status() {
            StatusCode::UNAUTHORIZED => {
                wrong += 1;
                let text = first.get_or_insert_with(|| answer.text().to_owned());
                assert_eq!(answer.text(), text, "all alike");
            }
            StatusCode::TOO_MANY_REQUESTS => limited += 1,
            other => panic!("{other}"),
        }
    }
    println!("of {guesses} guesses {wrong} were looked at");
    assert!(wrong <= 200 && limited >= guesses - 200);
    // The right one is not locked out by that.
    let body = message(&world);
    world.emulator.accept_notifications("advisor-li", "mini", TEMPLATE, 1);
    let call = world.request("POST", SEND).at_ip("198.51.100.7").api_key(&key).json(&body.to_string());
    call.send().await.is(StatusCode::OK);

    for name in ["api_key", "apikey", "api-key", "x-api-key", "X-Api-Key"] {
        let path = format!("{SEND}?{name}={key}");
        let call = world.request("POST", &path).at_ip("192.0.2.1").json(&body.to_string());
        let answer = call.send().await;
        answer.is(StatusCode::BAD_REQUEST).code("API_KEY_IN_QUERY");
        assert!(!answer.text().contains(&key[..30]));
    }
}
