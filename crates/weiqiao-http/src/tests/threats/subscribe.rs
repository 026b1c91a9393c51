//! Who is told about customers: the advisor themselves, and nobody who says so.

use std::time::Duration;

use http::StatusCode;
use rstest::rstest;
use serde_json::{Value, json};
use weiqiao_app::AuthMode;
use weiqiao_app::crm::AllowedTemplate;
use weiqiao_model::{ApiScope, Role};

use super::{
    ACTION, Engine, SEND_AT_WECHAT, SUBSCRIBE, TEMPLATE, action, admin, advisor, newest, session, subscription, total,
    work,
};
use crate::testing::World;

#[tokio::test]
async fn t_32_nobody_becomes_somebody_elses_advisor() {
    let world = World::strict().await;
    let (li, li_token) = session(&world, "advisor-li").await;
    let (eve, eve_token) = session(&world, "xiaohong").await;
    let (customer, customer_token) = session(&world, "xiaoming").await;
    advisor(&world, "li", &li).await;
    let viewer = world.staff_token("viewer", Role::Viewer).await;
    let narrow = world.api_key(&[ApiScope::UserRead, ApiScope::MessageSend, ApiScope::ActionWrite]).await;
    let post = |body: String| world.request("POST", SUBSCRIBE).json(&body);
    post(subscription("li", &eve, true)).send().await.is(StatusCode::UNAUTHORIZED);
    post(subscription("li", &eve, true))
        .bearer(&eve_token)
        .send()
        .await
        .is(StatusCode::FORBIDDEN)
        .code("ADVISOR_TAKEN");
    post(subscription("li", &li, true))
        .bearer(&eve_token)
        .send()
        .await
        .is(StatusCode::FORBIDDEN)
        .code("OPENID_MISMATCH");
    post(subscription("eve", &eve, true))
        .bearer(&eve_token)
        .send()
        .await
        .is(StatusCode::FORBIDDEN)
        .code("ADVISOR_UNKNOWN");
    post(subscription("li", &eve, true)).bearer(&viewer).send().await.is(StatusCode::FORBIDDEN);
    post(subscription("li", &eve, true)).api_key(&narrow).send().await.is(StatusCode::FORBIDDEN).code("SCOPE_MISSING");
    assert_eq!(total(&world, "subscriptions").await, 0);

    post(subscription("li", &li, true)).bearer(&li_token).send().await.is(StatusCode::OK);
    for persona in ["advisor-li", "xiaohong"] {
        world.emulator.accept_notifications(persona, "mini", TEMPLATE, 9);
    }
    let act = || {
        let body = action(&json!({ "customerId": customer, "customerPhone": "13800138000" }));
        world.request("POST", ACTION).bearer(&customer_token).json(&body).send()
    };
    act().await.is(StatusCode::OK);
    work(&world).await;
    assert_eq!((world.emulator.received("advisor-li").len(), world.emulator.received("xiaohong").len()), (1, 0));

    // 顾问李 leaves, and somebody else is the advisor now: 李 hears of no customer any more, not even of one before.
    act().await.is(StatusCode::OK);
    advisor(&world, "li", &eve).await;
    act().await.is(StatusCode::OK);
    work(&world).await;
    assert_eq!(world.emulator.received("advisor-li").len(), 1);
    post(subscription("li", &li, true)).bearer(&li_token).send().await.is(StatusCode::FORBIDDEN).code("ADVISOR_TAKEN");
    post(subscription("li", &eve, true)).bearer(&eve_token).send().await.is(StatusCode::OK);
    act().await.is(StatusCode::OK);
    work(&world).await;
    assert_eq!((world.emulator.received("advisor-li").len(), world.emulator.received("xiaohong").len()), (1, 1));
}

#[tokio::test]
async fn t_33_saying_it_often_does_not_make_it_more() {
    let world = World::open().await;
    let rounds = if cfg!(debug_assertions) { 300 } else { 1_000 };
    let mut credits = 0;
    for _ in 0..rounds {
        let answer = world.post(SUBSCRIBE, subscription("li", "oLi", true)).await;
        credits = answer.is(StatusCode::OK).data()["credits"].as_i64().unwrap();
    }
    assert_eq!(credits, 100, "no more than is counted");
    assert_eq!(total(&world, "subscriptions").await, 1);
}

#[rstest]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn t_33_a_repeated_request_gives_nothing_more(#[values(Engine::Embedded, Engine::Services)] engine: Engine) {
    let Some(world) = engine.world(AuthMode::Strict, |_| {}).await else { return };
    let (li, token) = session(&world, "advisor-li").await;
    let post = |key: &str, subscribed: bool| {
        let call = world.request("POST", SUBSCRIBE).bearer(&token).header("idempotency-key", key);
        call.json(&subscription("li", &li, subscribed)).send()
    };
    post("tap-1", true).await.is(StatusCode::FORBIDDEN).code("ADVISOR_UNKNOWN");
    advisor(&world, "li", &li).await;
    // What was refused used up no key.
    let answers = futures_util::future::join_all((0..20).map(|_| post("tap-1", true))).await;
    let first = answers[0].is(StatusCode::OK).data();
    assert_eq!((&first["credits"], &first["openid"]), (&json!(1), &json!(li)));
    assert!(answers.iter().all(|one| one.is(StatusCode::OK).data() == first));
    post("tap-1", false).await.is(StatusCode::CONFLICT).code("IDEMPOTENCY_KEY_REUSED");
    post(" ", true).await.is(StatusCode::BAD_REQUEST).code("VALIDATION_FAILED");

    // They change their mind, and a late repeat of the first request does not change it back.
    post("tap-2", false).await.is(StatusCode::OK);
    world.advance(Duration::from_secs(60));
    assert_eq!(post("tap-1", true).await.is(StatusCode::OK).data(), first);
    let now = newest(&world, "subscriptions").await;
    assert_eq!((&now["subscribed"], &now["credits"]), (&json!(false), &json!(1)), "{now}");
    assert_eq!(
        post("tap-3", true).await.is(StatusCode::OK).data()["credits"],
        2,
        "another tap is leave for another one"
    );
    // A key of an action is not one of a subscription.
    let body = action(&json!({ "customerId": li }));
    let call = world.request("POST", ACTION).bearer(&token).header("idempotency-key", "tap-1");
    call.json(&body).send().await.is(StatusCode::OK);
}

#[tokio::test]
async fn t_34_fields_that_are_ours_cannot_be_set() {
    let world = World::open().await;
    let ours = json!({"_id": "mine", "id": "mine", "active": false, "credits": 99, "spent": true, "createdAt": "1970",
        "updatedAt": "1970", "subscribeTime": "1970", "notified": true, "customerRecordId": "x", "actionId": "mine",
        "customerCreated": true, "leadId": "x", "assignedTo": "eve", "createdBy": "eve", "leadSource": "x", "leadLevel": "A类",
        "contractStatus": "已签约", "remarks": "x", "seenIp": "1.2.3.4", "seen_ip": "1.2.3.4", "app_id": "wx", "__proto__": {"x": 1}});
    let with = |body: String| {
        let mut body: Value = serde_json::from_str(&body).unwrap();
        for (key, value) in ours.as_object().unwrap() {
            body[key] = value.clone();
        }
        body.to_string()
    };
    let saved = world.post(SUBSCRIBE, with(subscription("li", "oLi", true))).await;
    let data = saved.is(StatusCode::OK).data();
    assert_eq!((&data["active"], &data["credits"]), (&json!(true), &json!(1)));
    assert!(data["_id"] != "mine" && data["createdAt"] == "2025-09-05T08:58:10.123Z", "{data}");
    let acted = world.request("POST", ACTION).at_ip("203.0.113.9");
    let acted = acted.json(&with(action(&json!({"customerPhone": "13800138000"})))).send().await;
    let data = acted.is(StatusCode::OK).data();
    assert!(data["action"]["_id"] != "mine" && data["action"]["notified"] == false);
    assert_eq!(data["action"]["customerRecordId"], data["customer"]["_id"]);
    for (field, value) in [
        ("assignedTo", "li"),
        ("createdBy", "li"),
        ("leadSource", "其他"),
        ("leadLevel", "B类"),
        ("contractStatus", "待定"),
    ] {
        assert_eq!(data["customer"][field], value, "{field}");
    }
    let stored = newest(&world, "actions").await;
    assert_eq!((&stored["notified"], &stored["seen_ip"]), (&json!(false), &json!("203.0.113.9")));
}

#[tokio::test]
async fn t_35_templates_that_are_not_listed_are_not_subscribed_to() {
    let one = |account: Option<&str>, id: &str| AllowedTemplate { account: account.map(Into::into), id: id.into() };
    let world = World::with(AuthMode::Open, "http://localhost:3001/", |plan| {
        plan.app.crm.messages.templates = Some(vec![one(Some("mini"), TEMPLATE), one(Some("other"), "theirs")]);
    })
    .await;
    for template in ["unknown", "theirs", "Weiqiao-demo-customer-notification-template", "' OR 1=1"] {
        let body = json!({"advisorId": "li", "openid": "oLi", "templateId": template, "subscribed": true});
        let refused = world.post(SUBSCRIBE, body.to_string()).await;
        refused.is(StatusCode::FORBIDDEN).code("TEMPLATE_NOT_ALLOWED");
    }
    assert_eq!((total(&world, "subscriptions").await, total(&world, "advisors").await), (0, 0), "nothing is stored");
    world.post(SUBSCRIBE, subscription("li", "oLi", true)).await.is(StatusCode::OK);
    // Where none are listed, WeChat is the judge.
    let open = World::open().await;
    let body = json!({"advisorId": "li", "openid": "oLi", "templateId": "unknown", "subscribed": true});
    open.post(SUBSCRIBE, body.to_string()).await.is(StatusCode::OK);
}

#[rstest]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn t_36_a_hundred_races_leave_one_row_that_is_right(
    #[values(Engine::Embedded, Engine::Services)] engine: Engine,
) {
    let Some(world) = engine.world(AuthMode::Open, |_| {}).await else { return };
    let other = world.instance().await;
    let post = |number: usize| {
        let call = world.request("POST", SUBSCRIBE).at([&world.router, &other.router][(number / 2) % 2]);
        call.json(&subscription("li", "oLi", number.is_multiple_of(2))).send()
    };
    let answers = futures_util::future::join_all((0..200).map(post)).await;
    let id = &answers[0].is(StatusCode::OK).data()["_id"];
    assert!(answers.iter().all(|answer| answer.is(StatusCode::OK).data()["_id"] == *id));
    assert_eq!(total(&world, "subscriptions").await, 1);
    let row = newest(&world, "subscriptions").await;
    assert_eq!(row["active"], row["subscribed"], "{row}");
    // Whatever came last in the race: what is said afterwards counts.
    for subscribed in [false, true, false] {
        world.advance(Duration::from_secs(1));
        world.post(SUBSCRIBE, subscription("li", "oLi", subscribed)).await.is(StatusCode::OK);
        assert_eq!(newest(&world, "subscriptions").await["active"], subscribed);
    }
    let called_off = world.wechat_calls(SEND_AT_WECHAT);
    world.post(ACTION, action(&json!({}))).await.is(StatusCode::OK);
    work(&world).await;
    assert_eq!(world.wechat_calls(SEND_AT_WECHAT), called_off, "nobody is told who called it off");
    assert_eq!(admin(&world, "GET", "/api/admin/notifications").await.data()["total"], 0);
}
