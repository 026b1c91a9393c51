//! What a list is asked for, it gives, or says why not; and what changes nothing is not written down.

use std::time::Duration;

use http::StatusCode;
use rstest::rstest;
use serde_json::json;
use weiqiao_model::Role;

use super::Stage;
use crate::testing::World;
use crate::tests::callbacks::text;

#[tokio::test]
async fn words_and_parameters_that_are_none_are_refused_by_name() {
    let stage = Stage::full().await;
    for (asked, field, words) in [
        ("leads?level=E", "level", "level 只能是 O类、A类、B类、C类、D类、流失"),
        ("leads.csv?level=E", "level", "level 只能是 O类、A类、B类、C类、D类、流失"),
        ("leads?contract_status=done", "contract_status", "contract_status 只能是 待定、匹配中"),
        ("leads?pool=1", "pool", "pool 只能是 true、false"),
        ("leads.csv?reveal=1", "reveal", "reveal 只能是 true、false"),
        (
            "notifications?status=skipped",
            "status",
            "status 只能是 queued、sending、retrying、sent、refused、uncertain、cancelled、dead",
        ),
        ("jobs?status=gone", "status", "status 只能是 queued"),
        ("jobs?kind=nosuch", "kind", "kind 只能是 webhook、customer_message"),
        ("inbox?state=open", "state", "state 只能是 done、deciding"),
        ("staff?disabled=yes", "disabled", "disabled 只能是 true、false"),
        ("audit?actor_kind=robot", "actor_kind", "actor_kind 只能是 staff、key、user、anonymous、system、cli"),
        ("actions?from=1", "from", "没有参数 from；可以使用 page、page_size"),
        ("leads?levle=A", "levle", "没有参数 levle；可以使用"),
        ("subscriptions?since=1", "since", "没有参数 since；可以使用"),
        ("users?nickname=x", "nickname", "没有参数 nickname；可以使用"),
    ] {
        let answer = stage.get(&format!("/api/admin/{asked}")).await;
        answer.is(StatusCode::BAD_REQUEST).code("VALIDATION_FAILED");
        assert_eq!(answer.error()["details"][0]["field"], field, "{asked}");
        assert!(answer.message().contains(words), "{asked}: {}", answer.message());
    }
    // Pages have parameters of their own.
    stage.desk.world.get("/api/health?utm_source=x").await.is(StatusCode::OK);
}

/// A field that counts for nothing looks as if it did: `expires_at` would make a key that lives a year.
#[rstest]
#[case(
    "POST",
    "/api/admin/api-keys",
    r#"{"name":"x","scopes":["token"],"expires_in":60}"#,
    "expires_in",
    "name、scopes、days"
)]
#[case("POST", "/api/admin/staff", r#"{"username":"x","role":"viewer","disabled":true}"#, "disabled", "username、role")]
#[case(
    "POST",
    "/api/admin/webhooks",
    r#"{"name":"x","url":"https://h.example.com/","sync":true}"#,
    "sync",
    "name、url"
)]
#[case(
    "POST",
    "/api/admin/rules",
    r#"{"match":{"on":"any"},"reply":{"type":"none"},"weight":1}"#,
    "weight",
    "account、priority、enabled、match、reply"
)]
// What is no word may be a secret in the wrong place, and is not repeated.
#[case("POST", "/api/admin/webhooks", r#"{"name":"x","wxk_live_1":1}"#, "…", "name、url")]
#[case(
    "PUT",
    "/api/admin/accounts/official/menu",
    r#"{"button":[],"ifMatch":"x"}"#,
    "ifMatch",
    "button、conditionalmenu、if_match"
)]
#[tokio::test]
async fn fields_that_are_none_are_refused_by_name(
    #[case] method: &str,
    #[case] path: &str,
    #[case] body: &str,
    #[case] field: &str,
    #[case] known: &str,
) {
    let world = World::strict().await;
    let staff = world.staff_token("boss", Role::Admin).await;
    let answer = world.request(method, path).bearer(&staff).json(body).send().await;
    answer.is(StatusCode::BAD_REQUEST).code("VALIDATION_FAILED");
    assert_eq!(
        answer.error()["details"][0],
        json!({
            "field": field, "rule": "unknown", "message": answer.message().trim_start_matches("请求参数错误: "),
        })
    );
    let begun = format!("请求参数错误: 没有字段 {field}；可以使用 {known}");
    assert!(answer.message().starts_with(&begun), "{}", answer.message());
}

/// The documented clients may send more than we read.
#[tokio::test]
async fn the_public_routes_pass_unknown_fields_over() {
    let world = World::open().await;
    let action = json!({
        "customerId": "oSomebody", "advisorId": "li", "actionType": "other", "actionData": {}, "clientVersion": "1.2",
    });
    world.post("/api/customer/action", action.to_string()).await.is(StatusCode::OK);
}

#[tokio::test]
async fn actions_and_notifications_are_listed_by_time() {
    let stage = Stage::full().await;
    let world = &stage.desk.world;
    let began = world.now_s();
    world.advance(Duration::from_secs(60));
    let action = json!({"customerId": "oOther", "advisorId": "li", "actionType": "other", "actionData": {}});
    world.post("/api/customer/action", action.to_string()).await.is(StatusCode::OK);
    let total = async |query: String| {
        stage.get(&format!("/api/admin/{query}")).await.is(StatusCode::OK).data()["total"].clone()
    };
    for (list, all) in [("actions", 2), ("notifications", 3)] {
        assert_eq!(total(list.to_owned()).await, all);
        assert_eq!(total(format!("{list}?since={}", began + 60)).await, 1, "{list}");
        assert_eq!(total(format!("{list}?until={}", began + 60)).await, all - 1, "{list}");
        assert_eq!(total(format!("{list}?since={}", began + 61)).await, 0, "{list}");
    }
}

#[tokio::test]
async fn pushes_of_one_millisecond_keep_their_order() {
    let stage = Stage::full().await;
    for number in 100..140 {
        stage.desk.say(&text(&format!("{number}"), number)).await;
    }
    let list = stage.get("/api/admin/inbox?sort=received_at&type=text&page_size=200").await;
    let mut said = Vec::new();
    for push in list.data()["items"].as_array().unwrap() {
        let opened = stage.get(&format!("/api/admin/inbox/{}", push["id"].as_str().unwrap())).await;
        said.extend(opened.data()["message"]["data"]["content"].as_str().and_then(|said| said.parse::<u64>().ok()));
    }
    assert_eq!(said, (100..140).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_change_that_changes_nothing_is_not_written_down() {
    let stage = Stage::full().await;
    let lina = stage.get("/api/admin/staff?username=lina").await.data()["items"][0].clone();
    let hook = stage.get("/api/admin/webhooks").await.data()["items"][0].clone();
    let lead = stage.get("/api/admin/leads").await.data()["items"][0].clone();
    let id = |row: &serde_json::Value| row["id"].as_str().unwrap().to_owned();
    let entries = async || stage.get("/api/admin/audit").await.data()["total"].clone();
    let before = entries().await;
    stage.desk.world.advance(Duration::from_secs(5));
    let staff = format!("/api/admin/staff/{}", id(&lina));
    let same = json!({"name": "李娜", "phone": "13700137000", "email": "lina@example.com", "role": "viewer", "disabled": false});
    for (path, body, row) in [
        (staff.clone(), json!({}), &lina),
        (staff.clone(), same, &lina),
        (format!("/api/admin/webhooks/{}", id(&hook)), json!({}), &hook),
        (format!("/api/admin/webhooks/{}", id(&hook)), json!({"name": "shop", "enabled": true}), &hook),
        (format!("/api/admin/leads/{}", id(&lead)), json!({"level": "B类"}), &lead),
    ] {
        let answer = stage.call("PATCH", &path, body.clone()).await;
        assert_eq!(answer.is(StatusCode::OK).data(), row, "{path} {body}");
        assert_eq!(entries().await, before, "{path} {body}");
    }
    stage.call("PATCH", &staff, json!({"name": "李丽"})).await.is(StatusCode::OK);
    assert_ne!(entries().await, before);
}

#[tokio::test]
async fn odd_values_are_refused_and_named() {
    let stage = Stage::full().await;
    let hook = |event: &str| json!({"name": "h", "url": "http://127.0.0.1:9/", "events": [event]});
    let staff = |field: &str, value: &str| {
        let mut body = json!({"username": "new", "role": "viewer"});
        body[field] = value.into();
        body
    };
    let rule = json!({"match": {"on": "any"}, "reply": {"type": "text", "content": "a\u{0}b"}});
    for (path, body, field) in [
        ("webhooks", hook("orders.paid"), "events"),
        ("webhooks", hook("wechat"), "events"),
        ("webhooks", hook("wechat..text"), "events"),
        ("webhooks", hook("x*"), "events"),
        ("staff", staff("email", "lina"), "email"),
        ("staff", staff("email", "lina@@example.com"), "email"),
        ("staff", staff("email", "li na@example.com"), "email"),
        ("staff", staff("advisor_id", "advisor li"), "advisor_id"),
        ("rules", rule, "reply.content"),
    ] {
        let answer = stage.call("POST", &format!("/api/admin/{path}"), body.clone()).await;
        answer.is(StatusCode::BAD_REQUEST).code("VALIDATION_FAILED");
        assert_eq!(answer.error()["details"][0]["field"], field, "{body}");
    }
    for event in ["*", "wechat.*", "we*", "wechat.message.*", "wechat.event.subscribe", "weiqiao.test"] {
        stage.call("POST", "/api/admin/webhooks", hook(event)).await.is(StatusCode::CREATED);
    }
    let action = |field: &str, value: serde_json::Value| {
        let mut body = json!({"customerId": "oOther", "advisorId": "li", "actionType": "other", "actionData": {}});
        body[field] = value;
        body.to_string()
    };
    for (field, value) in [
        ("actionType", json!("view resume")),
        ("actionType", json!("x".repeat(65))),
        ("actionData", json!([])),
        ("actionData", json!([1])),
        ("timestamp", json!({})),
    ] {
        let answer = stage.desk.world.post("/api/customer/action", action(field, value.clone())).await;
        answer.is(StatusCode::BAD_REQUEST).code("VALIDATION_FAILED");
        assert_eq!(
            (&answer.error()["details"][0]["field"], &answer.error()["details"][0]["rule"] != "required"),
            (&json!(field), true),
            "{value}"
        );
    }
    for (field, value) in
        [("actionType", json!("收藏_resume:1")), ("timestamp", json!(1.5)), ("timestamp", json!("2025-09-05"))]
    {
        stage.desk.world.post("/api/customer/action", action(field, value)).await.is(StatusCode::OK);
    }
}
