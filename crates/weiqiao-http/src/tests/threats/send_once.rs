//! One request is one message, whatever happens on the way, and nobody uses up what advisors need.

use std::time::Duration;

use http::StatusCode;
use rstest::rstest;
use serde_json::{Value, json};
use weiqiao_app::AuthMode;
use weiqiao_model::ApiScope;
use weixin_emulator::Fault;

use super::{
    ACTION, Engine, SEND, SEND_AT_WECHAT, TEMPLATE, action, admin, agreed, limited, message, newest, total, work,
};
use crate::testing::{Answer, World};

/// A request with a name.
async fn send(world: &World, key: &str, name: &str, body: &Value) -> Answer {
    let call = world.request("POST", SEND).api_key(key).header("x-request-id", "same");
    call.header("idempotency-key", name).json(&body.to_string()).send().await
}

async fn world_and_key(engine: Engine) -> Option<(World, String)> {
    let world = engine.world(AuthMode::Strict, |_| {}).await?;
    let key = world.api_key(&[ApiScope::MessageSend]).await;
    Some((world, key))
}

#[rstest]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn t_50_fifty_of_one_request_are_one_message(#[values(Engine::Embedded, Engine::Services)] engine: Engine) {
    let Some((world, key)) = world_and_key(engine).await else { return };
    let other = world.instance().await;
    world.emulator.accept_notifications("advisor-li", "mini", TEMPLATE, 50);
    // So that most of them find it under way.
    world.emulator.fault(Fault::on(SEND_AT_WECHAT).delay_ms(300).times(1));
    let body = message(&world);
    let post = |number: usize| {
        let call = world.request("POST", SEND).at([&world.router, &other.router][number % 2]);
        let call = call.api_key(&key).header("x-request-id", "same").header("idempotency-key", "order-7");
        call.json(&body.to_string()).send()
    };
    let answers = futures_util::future::join_all((0..50).map(post)).await;
    for answer in &answers {
        assert_eq!(answer.is(StatusCode::OK).text(), answers[0].text(), "byte for byte");
    }
    assert_eq!((world.wechat_calls(SEND_AT_WECHAT), world.emulator.received("advisor-li").len()), (1, 1));
    let record = newest(&world, "notifications").await;
    assert_eq!(
        (&record["status"], &record["attempts"], &record["touser"]),
        (&json!("sent"), &json!(1), &body["touser"])
    );
    assert_eq!(record["msgid"], answers[0].data()["msgid"].to_string());
    assert!(record["sender"].as_str().unwrap().starts_with("key ") && record.get("action_id").is_none(), "{record}");
    assert_eq!(total(&world, "notifications").await, 1);

    let mut changed = body.clone();
    changed["data"]["thing1"]["value"] = json!("别的");
    send(&world, &key, "order-7", &changed).await.is(StatusCode::CONFLICT).code("IDEMPOTENCY_KEY_REUSED");
    changed = body.clone();
    changed["lang"] = json!("en_US");
    send(&world, &key, "order-7", &changed).await.is(StatusCode::CONFLICT).code("IDEMPOTENCY_KEY_REUSED");
    // Another key's requests have their own names.
    world.advance(Duration::from_secs(5));
    let theirs = world.api_key(&[ApiScope::MessageSend]).await;
    send(&world, &theirs, "order-7", &body).await.is(StatusCode::OK);
    assert_eq!(world.wechat_calls(SEND_AT_WECHAT), 2);
    // Without a name each request is one of its own.
    for _ in 0..2 {
        world.advance(Duration::from_secs(5));
        let call = world.request("POST", SEND).api_key(&key).json(&body.to_string());
        call.send().await.is(StatusCode::OK);
    }
    assert_eq!(world.wechat_calls(SEND_AT_WECHAT), 4);
}

#[tokio::test]
async fn t_50_a_refusal_is_repeated_and_what_never_left_may_be_tried_again() {
    let world = World::strict().await;
    let key = world.api_key(&[ApiScope::MessageSend]).await;
    let body = message(&world);
    let refused = send(&world, &key, "1", &body).await;
    refused
        .is(StatusCode::INTERNAL_SERVER_ERROR)
        .failure("SEND_MESSAGE_FAILED", "发送消息失败: user refuse to accept the msg");
    world.emulator.accept_notifications("advisor-li", "mini", TEMPLATE, 9);
    assert_eq!(send(&world, &key, "1", &body).await.text(), refused.text(), "that request was refused, and stays so");
    assert_eq!(world.wechat_calls(SEND_AT_WECHAT), 1);
    assert_eq!(newest(&world, "notifications").await["status"], "refused");

    world.emulator.fault(Fault::on(SEND_AT_WECHAT).errcode(45009).times(1));
    send(&world, &key, "2", &body).await.is(StatusCode::INTERNAL_SERVER_ERROR);
    assert_eq!(newest(&world, "notifications").await["status"], "dead");
    send(&world, &key, "2", &body).await.is(StatusCode::OK);
    assert_eq!(world.wechat_calls(SEND_AT_WECHAT), 3, "the quota had not taken it, so it was sent now");
    send(&world, &key, "2", &body).await.is(StatusCode::OK);
    assert_eq!(world.wechat_calls(SEND_AT_WECHAT), 3);
}

/// Whoever repeats the request and whoever has it tried again send one message, in whatever order.
#[rstest]
#[tokio::test]
async fn t_50_a_request_and_a_person_send_one_message(#[values(true, false)] person_first: bool) {
    let world = World::strict().await;
    let key = world.api_key(&[ApiScope::MessageSend]).await;
    let body = message(&world);
    world.emulator.accept_notifications("advisor-li", "mini", TEMPLATE, 9);
    world.emulator.fault(Fault::on(SEND_AT_WECHAT).errcode(45011).times(1));
    send(&world, &key, "1", &body).await.is(StatusCode::INTERNAL_SERVER_ERROR);
    let first = newest(&world, "notifications").await["id"].as_str().unwrap().to_owned();
    let retry = async || {
        admin(&world, "POST", &format!("/api/admin/notifications/{first}/retry")).await.is(StatusCode::OK);
        world.advance(Duration::from_secs(60));
        work(&world).await;
    };
    if person_first {
        retry().await;
    }
    let told = send(&world, &key, "1", &body).await;
    told.is(StatusCode::OK);
    if !person_first {
        retry().await;
    }
    assert_eq!(send(&world, &key, "1", &body).await.is(StatusCode::OK).data(), told.data());
    assert_eq!(world.emulator.received("advisor-li").len(), 1);
    let list = admin(&world, "GET", "/api/admin/notifications").await.is(StatusCode::OK).data()["items"].clone();
    let statuses: Vec<_> = list.as_array().unwrap().iter().map(|one| one["status"].as_str().unwrap()).collect();
    assert_eq!(statuses, if person_first { vec!["sent"] } else { vec!["sent", "cancelled"] });
}

#[tokio::test]
async fn t_50_a_lost_answer_is_told_honestly_and_never_sent_twice() {
    let world = World::strict().await;
    let key = world.api_key(&[ApiScope::MessageSend]).await;
    agreed(&world, 9).await;
    world.emulator.fault(Fault::on(SEND_AT_WECHAT).status(502).deliver().times(1));
    let body = message(&world);
    let lost = send(&world, &key, "1", &body).await;
    lost.is(StatusCode::INTERNAL_SERVER_ERROR).code("SEND_MESSAGE_FAILED");
    assert_eq!(lost.error()["retryable"], false);
    assert_eq!(send(&world, &key, "1", &body).await.text(), lost.text());
    work(&world).await;
    world.advance(Duration::from_secs(600));
    work(&world).await;
    assert_eq!((world.wechat_calls(SEND_AT_WECHAT), world.emulator.received("advisor-li").len()), (1, 1));
    let record = newest(&world, "notifications").await;
    assert_eq!(record["status"], "uncertain");
    let path = format!("/api/admin/notifications/{}", record["id"].as_str().unwrap());
    let detail = admin(&world, "GET", &path).await;
    let attempts = detail.is(StatusCode::OK).data()["attempts"].as_array().unwrap();
    assert_eq!((attempts.len(), &attempts[0]["verdict"]), (1, &json!("uncertain")));
    // A person decides, and then it is one more.
    admin(&world, "POST", &format!("{path}/retry")).await.is(StatusCode::OK);
    work(&world).await;
    let sent = newest(&world, "notifications").await;
    assert_eq!((&sent["status"], &sent["attempts"]), (&json!("sent"), &json!(2)));
    let now = send(&world, &key, "1", &body).await;
    assert_eq!(
        now.is(StatusCode::OK).data()["msgid"].to_string(),
        sent["msgid"].as_str().unwrap(),
        "what became of it"
    );
}

/// Code -1 says nothing about whether it arrived: whoever is told to repeat it would send it twice.
#[tokio::test]
async fn t_50_a_busy_wechat_is_a_doubt_too() {
    let world = World::strict().await;
    let key = world.api_key(&[ApiScope::MessageSend]).await;
    agreed(&world, 9).await;
    world.emulator.fault(Fault::on(SEND_AT_WECHAT).errcode(-1).deliver().times(1));
    let body = message(&world);
    let busy = send(&world, &key, "1", &body).await;
    busy.is(StatusCode::INTERNAL_SERVER_ERROR).code("SEND_MESSAGE_FAILED");
    assert_eq!((&busy.error()["errcode"], &busy.error()["retryable"]), (&json!(-1), &json!(false)));
    assert!(busy.error()["hint"].as_str().unwrap().contains("可能已经送达"), "{}", busy.text());
    assert_eq!(send(&world, &key, "1", &body).await.text(), busy.text());
    assert_eq!(newest(&world, "notifications").await["status"], "uncertain");
    assert_eq!((world.wechat_calls(SEND_AT_WECHAT), world.emulator.received("advisor-li").len()), (1, 1));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn t_50_it_is_written_down_before_the_call_and_ends_when_the_caller_is_gone() {
    let world = World::strict().await;
    let key = world.api_key(&[ApiScope::MessageSend]).await;
    world.emulator.accept_notifications("advisor-li", "mini", TEMPLATE, 9);
    world.emulator.fault(Fault::on(SEND_AT_WECHAT).delay_ms(500).times(1));
    let call = world.request("POST", SEND).api_key(&key).json(&message(&world).to_string());
    let asking = tokio::spawn(call.send());
    let until = |status: &'static str| {
        let world = &world;
        async move {
            for _ in 0..1_000 {
                let record = newest(world, "notifications").await;
                if record["status"] == status {
                    return record;
                }
                tokio::task::yield_now().await;
            }
            panic!("never {status}");
        }
    };
    while total(&world, "notifications").await == 0 {
        tokio::task::yield_now().await;
    }
    let under_way = newest(&world, "notifications").await;
    assert_eq!(
        (&under_way["status"], &under_way["attempts"]),
        (&json!("sending"), &json!(1)),
        "before WeChat has answered"
    );
    asking.abort();
    let _ = asking.await;
    let begun = std::time::Instant::now();
    while newest(&world, "notifications").await["status"] == "sending" && begun.elapsed() < Duration::from_secs(20) {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(until("sent").await["attempts"], 1);
    assert_eq!(world.emulator.received("advisor-li").len(), 1);
}

#[tokio::test]
async fn t_51_a_fifth_of_the_day_is_kept_for_leads() {
    let world = limited(|plan| plan.app.crm.limits.message_quota = 10).await;
    let key = world.api_key(&[ApiScope::MessageSend]).await;
    agreed(&world, 50).await;
    let body = message(&world);
    let post = || world.request("POST", SEND).api_key(&key).json(&body.to_string()).send();
    for _ in 0..8 {
        post().await.is(StatusCode::OK);
    }
    let over = post().await;
    over.is(StatusCode::TOO_MANY_REQUESTS).failure("DAY_ALLOWANCE_USED_UP", "今天的消息发送额度已用完");
    let wait: u64 = over.header("retry-after").parse().unwrap();
    assert!((1..=86_400).contains(&wait));
    for _ in 0..50 {
        post().await.is(StatusCode::TOO_MANY_REQUESTS);
    }
    assert_eq!((world.wechat_calls(SEND_AT_WECHAT), total(&world, "notifications").await), (8, 8));

    let lead = world.api_key(&[ApiScope::ActionWrite]).await;
    let call = world.request("POST", ACTION).api_key(&lead).json(&action(&json!({"customerPhone": "13800138000"})));
    call.send().await.is(StatusCode::OK);
    work(&world).await;
    assert_eq!(world.wechat_calls(SEND_AT_WECHAT), 9, "the advisor is told");
    assert_eq!(newest(&world, "notifications").await["status"], "sent");
    world.advance(Duration::from_secs(wait));
    post().await.is(StatusCode::OK);
}

#[tokio::test]
async fn t_51_one_key_has_its_rate_and_its_day() {
    let world = limited(|plan| {
        plan.app.crm.limits.messages_per_minute = 5;
        plan.app.crm.limits.messages_per_day = 7;
    })
    .await;
    world.emulator.accept_notifications("advisor-li", "mini", TEMPLATE, 50);
    let greedy = world.api_key(&[ApiScope::MessageSend]).await;
    let body = message(&world).to_string();
    let post = |key: &str| world.request("POST", SEND).api_key(key).json(&body).send();
    let mut codes = Vec::new();
    for _ in 0..8 {
        let answer = post(&greedy).await;
        codes.push(answer.json()["error"]["code"].as_str().unwrap_or("OK").to_owned());
    }
    assert_eq!(codes, ["OK", "OK", "OK", "OK", "OK", "TOO_MANY_REQUESTS", "TOO_MANY_REQUESTS", "TOO_MANY_REQUESTS"]);
    world.advance(Duration::from_secs(60));
    let mut codes = Vec::new();
    for _ in 0..4 {
        codes.push(post(&greedy).await.json()["error"]["code"].as_str().unwrap_or("OK").to_owned());
    }
    assert_eq!(codes, ["OK", "OK", "DAY_ALLOWANCE_USED_UP", "DAY_ALLOWANCE_USED_UP"]);
    // Others are not held up by it.
    let modest = world.api_key(&[ApiScope::MessageSend]).await;
    post(&modest).await.is(StatusCode::OK);
    assert_eq!(world.wechat_calls(SEND_AT_WECHAT), 8);
}
