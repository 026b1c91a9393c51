//! Actions: one phone is one lead, one request one action, and nobody learns who has a phone.

use std::time::{Duration, Instant};

use http::StatusCode;
use rstest::rstest;
use serde_json::{Value, json};
use weiqiao_app::AuthMode;

use super::{ACTION, Engine, SUBSCRIBE, action, advisor, agreed, median_us, newest, session, total, work};
use crate::testing::World;

#[tokio::test]
async fn t_37_a_phone_tells_nobody_whose_it_is() {
    let world = World::open().await;
    let known = json!({"customerPhone": "13800138000", "customerName": "王小明", "customerId": "oOwner"});
    world.post(ACTION, action(&known)).await.is(StatusCode::OK);
    let mut times = [Vec::new(), Vec::new()];
    let rounds = if cfg!(debug_assertions) { 150 } else { 500 };
    for round in 0..rounds {
        let unknown = format!("139{round:08}");
        for (kind, phone) in [(0, "13800138000"), (1, unknown.as_str())] {
            let body = action(&json!({"customerPhone": phone, "customerId": "oStranger"}));
            let begun = Instant::now();
            let answer = world.post(ACTION, body).await;
            times[kind].push(begun.elapsed());
            let data = answer.is(StatusCode::OK).data();
            assert_eq!((&data["customer"]["phone"], data["customerId"].is_string()), (&json!(phone), true));
            for hidden in ["王小明", "oOwner"] {
                assert!(!answer.text().contains(hidden), "{}", answer.text());
            }
            let own: Vec<_> = data["action"].as_object().unwrap().keys().map(String::as_str).collect();
            assert_eq!(
                own,
                [
                    "_id",
                    "actionData",
                    "actionType",
                    "advisorId",
                    "createdAt",
                    "customerId",
                    "customerPhone",
                    "customerRecordId",
                    "notified",
                    "willNotify"
                ],
                "the same of both"
            );
            if kind == 0 {
                // Of a lead that exists: what the contract allows.
                let fields: Vec<_> = data["customer"].as_object().unwrap().keys().map(String::as_str).collect();
                assert_eq!(fields, ["_id", "customerId", "leadSource", "name", "phone"]);
                assert_eq!(data["customer"]["name"], "王**");
            }
        }
    }
    let [known, unknown] = times.map(median_us);
    println!("an action, median: {known} µs with a known phone, {unknown} µs with a new one");
    assert!(known < 10 * unknown.max(100) && unknown < 10 * known.max(100));
}

#[rstest]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn t_39_a_repeated_request_is_one_action(#[values(Engine::Embedded, Engine::Services)] engine: Engine) {
    let Some(world) = engine.world(AuthMode::Strict, |_| {}).await else { return };
    let other = world.instance().await;
    advisor(&world, "li", &super::mini_openid(&world, "advisor-li")).await;
    agreed(&world, 9).await;
    let (customer, token) = session(&world, "xiaohong").await;
    let body = action(&json!({"customerId": customer, "customerPhone": "13900139000", "customerName": "小红"}));
    let post = |number: usize| {
        let call = world.request("POST", ACTION).at([&world.router, &other.router][number % 2]);
        call.bearer(&token).header("idempotency-key", "tap-1").json(&body).send()
    };
    let answers = futures_util::future::join_all((0..50).map(post)).await;
    let first = answers[0].is(StatusCode::OK);
    assert!(answers.iter().all(|one| (one.message(), one.data()) == (first.message(), first.data())));
    for list in ["actions", "leads", "notifications"] {
        assert_eq!(total(&world, list).await, 1, "{list}");
    }
    work(&world).await;
    assert_eq!(world.emulator.received("advisor-li").len(), 1);

    let other_body = action(&json!({"customerId": customer, "customerPhone": "13900139001"}));
    let call = || world.request("POST", ACTION).bearer(&token).header("idempotency-key", "tap-1");
    call().json(&other_body).send().await.is(StatusCode::CONFLICT).code("IDEMPOTENCY_KEY_REUSED");
    for bad in ["", " ", "tap 1", "tap\t1", " tap", &"k".repeat(256), "钥匙"] {
        let call = world.request("POST", ACTION).bearer(&token).header("idempotency-key", bad).json(&body);
        call.send().await.is(StatusCode::BAD_REQUEST).code("VALIDATION_FAILED");
    }
    let twice = call().header("idempotency-key", "tap-2").json(&body).send().await;
    twice.is(StatusCode::BAD_REQUEST).code("VALIDATION_FAILED");
    // The key is the person's own: nobody else meets it.
    let (stranger, strangers) = session(&world, "xiaoming").await;
    let body = action(&json!({ "customerId": stranger }));
    let theirs = world.request("POST", ACTION).bearer(&strangers).header("idempotency-key", "tap-1").json(&body);
    theirs.send().await.is(StatusCode::OK);
    assert_eq!(total(&world, "actions").await, 2);
    // After a day it is another request.
    world.advance(Duration::from_secs(25 * 3_600));
    weiqiao_app::usecase::upkeep::sweep(&world.app).await.unwrap();
    let (_, token) = session(&world, "xiaohong").await;
    let call = world.request("POST", ACTION).bearer(&token).header("idempotency-key", "tap-1").json(&other_body);
    call.send().await.is(StatusCode::OK);
}

/// What a lead became since is none of the customer's business, and no answer to their request.
#[rstest]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn t_39_a_repeated_request_is_told_what_the_first_one_was(
    #[values(Engine::Embedded, Engine::Services)] engine: Engine,
    #[values(AuthMode::Strict, AuthMode::Open)] mode: AuthMode,
) {
    let Some(world) = engine.world(mode, |_| {}).await else { return };
    for id in ["li", "wang"] {
        advisor(&world, id, &format!("o-{id}")).await;
    }
    let (customer, token) = session(&world, "xiaoming").await;
    let post = |key: Option<&str>, name: Option<&str>| {
        let body = json!({"customerId": customer, "customerPhone": "13800138889", "customerName": name,
            "actionData": {"figure": 0.1, "small": 1.0e-7, "large": 12_345_678.901_234_567_f64}});
        let call = world.request("POST", ACTION).bearer(&token);
        let call = match key {
            Some(key) => call.header("idempotency-key", key),
            None => call,
        };
        call.json(&action(&body)).send()
    };
    let first = post(Some("new"), None).await;
    let lead = first.is(StatusCode::OK).data()["customer"].clone();
    assert_eq!((&lead["name"], &lead["assignedTo"]), (&json!("微信客户8889"), &json!("li")));
    let known = post(Some("known"), Some("微信客户8889")).await;
    assert_eq!(known.is(StatusCode::OK).data()["customer"]["name"], "微信客户8889", "it is what they said");

    let path = format!("/api/admin/leads/{}", lead["_id"].as_str().unwrap());
    let staff = |method: &str, path: &str| world.request(method, path).api_key(World::API_KEY);
    staff("PATCH", &path).json(r#"{"name":"王秘密"}"#).send().await.is(StatusCode::OK);
    staff("POST", &format!("{path}/assign")).json(r#"{"advisor_id":"wang"}"#).send().await.is(StatusCode::OK);
    for (key, name, told) in [("new", None, &first), ("known", Some("微信客户8889"), &known)] {
        let again = post(Some(key), name).await;
        assert_eq!((again.is(StatusCode::OK).data(), again.message()), (told.data(), told.message()));
        assert!(!again.text().contains("王") && !again.text().contains("wang"), "{}", again.text());
    }
    assert_eq!(post(None, None).await.is(StatusCode::OK).data()["customer"]["name"], "王**");
    assert_eq!(total(&world, "actions").await, 3);
}

#[rstest]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn t_39_without_a_key_a_window_may_be_set(#[values(Engine::Embedded, Engine::Services)] engine: Engine) {
    let window = |plan: &mut crate::testing::Plan| {
        plan.app.crm.messages.duplicate_window = Some(Duration::from_secs(120));
    };
    let Some(world) = engine.world(AuthMode::Open, window).await else { return };
    let other = world.instance().await;
    let body = action(&json!({"customerPhone": "13900139000", "timestamp": 1}));
    let post =
        |number: usize| world.request("POST", ACTION).at([&world.router, &other.router][number % 2]).json(&body).send();
    let answers = futures_util::future::join_all((0..50).map(post)).await;
    assert!(answers.iter().all(|one| one.is(StatusCode::OK).data() == answers[0].data()));
    assert_eq!((total(&world, "actions").await, total(&world, "leads").await), (1, 1));
    world.post(ACTION, action(&json!({"customerPhone": "13900139000", "timestamp": 2}))).await.is(StatusCode::OK);
    assert_eq!(total(&world, "actions").await, 2, "something else is another action");
    world.advance(Duration::from_secs(119));
    post(0).await.is(StatusCode::OK);
    assert_eq!(total(&world, "actions").await, 2);
    world.advance(Duration::from_secs(2));
    post(0).await.is(StatusCode::OK);
    assert_eq!(total(&world, "actions").await, 3, "later it is another one too");

    // As the contract has it, each is one of its own.
    let usual = World::open().await;
    for _ in 0..3 {
        usual.post(ACTION, &body).await.is(StatusCode::OK);
    }
    assert_eq!((total(&usual, "actions").await, total(&usual, "leads").await), (3, 1));
}

#[rstest]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn t_40_a_hundred_actions_with_one_phone_are_one_lead(
    #[values(Engine::Embedded, Engine::Services)] engine: Engine,
) {
    let Some(world) = engine.world(AuthMode::Open, |_| {}).await else { return };
    let other = world.instance().await;
    let post = |number: usize| {
        let call = world.request("POST", ACTION).at([&world.router, &other.router][number % 2]);
        let body = json!({"customerPhone": "13900139000", "customerId": format!("o{number}"), "advisorId": format!("a{}", number % 3)});
        call.json(&action(&body)).send()
    };
    let answers = futures_util::future::join_all((0..100).map(post)).await;
    let lead = &answers[0].is(StatusCode::OK).data()["customerId"];
    assert!(answers.iter().all(|answer| answer.is(StatusCode::OK).data()["customerId"] == *lead));
    assert_eq!(answers.iter().filter(|answer| answer.data()["customerCreated"] == true).count(), 1);
    assert_eq!((total(&world, "leads").await, total(&world, "actions").await), (1, 100));
}

#[tokio::test]
async fn t_44_what_a_client_says_of_itself_is_not_what_we_saw() {
    let world = World::with(AuthMode::Open, "http://localhost:3001/", |plan| {
        plan.http.trusted_proxies = vec!["10.0.0.0/8".parse().unwrap()];
    })
    .await;
    let body = json!({"ip": "127.0.0.1", "userAgent": "Trusted/1.0", "timestamp": 1, "seenIp": "127.0.0.1", "createdAt": "1970"});
    let answer = world.request("POST", ACTION).at_ip("203.0.113.9").header("x-forwarded-for", "127.0.0.1");
    let answer = answer.header("user-agent", "Honest/2.0").json(&action(&body)).send().await;
    let made = answer.is(StatusCode::OK).data()["action"]["createdAt"].clone();
    assert_eq!(made, "2025-09-05T08:58:10.123Z");
    let stored = newest(&world, "actions").await;
    assert_eq!((&stored["seen_ip"], &stored["created_at"]), (&json!("203.0.113.9"), &json!(world.now_s())));
    // Behind a proxy of ours it is the client's address.
    world.advance(Duration::from_secs(1));
    let call = world.request("POST", ACTION).at_ip("10.0.0.1").header("x-forwarded-for", "9.9.9.9, 198.51.100.7");
    call.json(&action(&body)).send().await.is(StatusCode::OK);
    assert_eq!(newest(&world, "actions").await["seen_ip"], "198.51.100.7");
}

#[tokio::test]
async fn t_46_huge_deep_and_wide_bodies_are_refused_early() {
    let world = World::open().await;
    let nested = format!("{}{}", "{\"a\":".repeat(10_000), "1".to_owned() + &"}".repeat(10_000));
    let wide: Vec<_> = (0..257).map(|key| format!("\"k{key}\":1")).collect();
    let with = |data: &str| action(&json!({})).replace("\"actionData\":{}", &format!("\"actionData\":{data}"));
    let bodies = [
        (with(&format!("{{\"a\":\"{}\"}}", "x".repeat(2 << 20))), StatusCode::PAYLOAD_TOO_LARGE),
        (with(&nested), StatusCode::BAD_REQUEST),
        (with(&format!("{{\"a\":{}1{}}}", "[".repeat(10_000), "]".repeat(10_000))), StatusCode::BAD_REQUEST),
        (with(&format!("{{\"a\":{}", "[".repeat(10_000))), StatusCode::BAD_REQUEST),
        (with(&format!("{{{}}}", wide.join(","))), StatusCode::BAD_REQUEST),
        (with("{\"a\":1,\"a\":2}"), StatusCode::BAD_REQUEST),
        (with("{\"a\":1e999}"), StatusCode::BAD_REQUEST),
    ];
    let mut longest = Duration::ZERO;
    for path in [ACTION, SUBSCRIBE, "/api/message/send", "/api/wechat/openid", "/api/wechat/phone"] {
        for (body, status) in &bodies {
            let call = world.request("POST", path).json(body);
            let begun = Instant::now();
            let answer = call.send().await;
            longest = longest.max(begun.elapsed());
            answer.is(*status);
            for word in ["serde", "recursion", ".rs", "panicked"] {
                assert!(!answer.text().contains(word), "{path}: {}", answer.text());
            }
        }
    }
    println!("the longest refusal of a hostile body took {longest:?}");
    assert!(longest < Duration::from_secs(2));
    assert_eq!(total(&world, "actions").await, 0);
}

#[tokio::test]
async fn t_47_an_advisor_nobody_knows_gets_no_lead() {
    let world = World::strict().await;
    let (customer, token) = session(&world, "xiaohong").await;
    advisor(&world, "li", &super::mini_openid(&world, "advisor-li")).await;
    let post = |advisor: &str| {
        let body = action(&json!({"customerId": customer, "advisorId": advisor, "customerPhone": "13900139000"}));
        let key = crate::testing::encode(advisor);
        world.request("POST", ACTION).bearer(&token).header("idempotency-key", &key).json(&body).send()
    };
    for nobody in ["eve", "LI", "li ", "li%00", "' OR '1'='1", "../li"] {
        post(nobody).await.is(StatusCode::FORBIDDEN).code("ADVISOR_UNKNOWN");
    }
    assert_eq!((total(&world, "leads").await, total(&world, "actions").await), (0, 0));
    // Another account's advisor is not this one's.
    let path = format!("{ACTION}?account=official");
    let body = action(&json!({"customerId": customer, "advisorId": "li"}));
    let foreign = world.request("POST", &path).bearer(&token).json(&body).send().await;
    foreign.is(StatusCode::NOT_FOUND).code("ACCOUNT_UNKNOWN");
    // What was refused used up no key.
    advisor(&world, "eve", "oEve").await;
    post("eve").await.is(StatusCode::OK);
    let mine: Value = newest(&world, "actions").await;
    assert_eq!(mine["advisor_id"], "eve");
}
