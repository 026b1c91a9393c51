use http::StatusCode;
use serde_json::json;
use weiqiao_app::usecase::webhook::plan;
use weiqiao_app::webhook::Event;
use weiqiao_app::worker::Worker;
use weiqiao_store::facts::job::AddJobs;

use crate::testing::{Answer, World};

const PATH: &str = "/api/admin/webhooks";

async fn call(world: &World, method: &str, path: &str, body: &str) -> Answer {
    world.request(method, path).api_key(World::API_KEY).json(body).send().await
}

fn webhook(url: &str) -> String {
    json!({"name": "订单系统", "url": url, "account": "official", "events": ["wechat.message.*"]}).to_string()
}

#[tokio::test]
async fn a_webhook_is_made_changed_and_taken_away() {
    let world = World::strict().await;
    let made = call(&world, "POST", PATH, &webhook("https://orders.example.com/wechat")).await;
    let data = made.is(StatusCode::CREATED).data();
    let secret = data["secret"].as_str().unwrap();
    assert!(secret.starts_with("whsec_"), "{secret}");
    assert_eq!((&data["enabled"], &data["synchronous"], &data["version"]), (&true.into(), &false.into(), &1.into()));
    let one = format!("{PATH}/{}", data["id"].as_str().unwrap());
    let read = call(&world, "GET", &one, "").await;
    assert_eq!(read.is(StatusCode::OK).data()["account"], "official");
    let list = call(&world, "GET", PATH, "").await;
    let page = list.is(StatusCode::OK).data();
    assert_eq!((&page["total"], page["items"].as_array().unwrap().len()), (&1.into(), 1));
    let second = call(&world, "GET", &format!("{PATH}?page=2"), "").await;
    assert!(second.is(StatusCode::OK).data()["items"].as_array().unwrap().is_empty());
    assert!(!read.text().contains("whsec_") && !list.text().contains("whsec_"), "the secret is shown once");

    let changed = call(&world, "PATCH", &one, r#"{"enabled":false,"events":[],"version":1}"#).await;
    let changed = changed.is(StatusCode::OK).data().clone();
    assert_eq!(
        (&changed["enabled"], &changed["events"], &changed["name"]),
        (&false.into(), &json!([]), &"订单系统".into())
    );
    let late = call(&world, "PATCH", &one, r#"{"enabled":true,"version":1}"#).await;
    late.is(StatusCode::CONFLICT).code("CHANGED_MEANWHILE");
    let rotated = call(&world, "POST", &format!("{one}/secret"), r#"{"overlap_hours":2}"#).await;
    assert_eq!(rotated.is(StatusCode::OK).data()["previous_secret_until"], world.now_s() + 7_200);
    assert_ne!(rotated.data()["secret"], secret);
    call(&world, "DELETE", &one, "").await.is(StatusCode::OK);
    for (method, path) in [
        ("GET", one.clone()),
        ("PATCH", one.clone()),
        ("DELETE", one.clone()),
        ("POST", format!("{one}/secret")),
        ("POST", format!("{one}/test")),
        ("GET", format!("{one}/deliveries")),
        ("GET", format!("{one}/deliveries/1")),
        ("POST", format!("{one}/deliveries/1/replay")),
    ] {
        call(&world, method, &path, "{}").await.is(StatusCode::NOT_FOUND).code("NOT_FOUND");
    }
}

#[tokio::test]
async fn what_is_wrong_is_said() {
    let world = World::strict().await;
    for (url, text) in [
        ("https://127.0.0.1/", "url 地址指向本机或内网"),
        ("https://169.254.169.254/latest", "url 地址指向本机或内网"),
        ("http://example.com/", "url 必须使用 https"),
        ("not an address", "url 必须是完整的 https:// 地址"),
    ] {
        let answer = call(&world, "POST", PATH, &webhook(url)).await;
        answer.is(StatusCode::BAD_REQUEST).code("VALIDATION_FAILED");
        assert!(answer.message().contains(text), "{url}: {}", answer.message());
    }
    let unknown = webhook("https://example.com/").replace("official", "nobody");
    call(&world, "POST", PATH, &unknown).await.is(StatusCode::NOT_FOUND).code("ACCOUNT_UNKNOWN");
    let nameless = call(&world, "POST", PATH, r#"{"url":"https://example.com/"}"#).await;
    nameless.is(StatusCode::BAD_REQUEST).failure(
        "VALIDATION_FAILED",
        "请求参数错误: Key: 'CreateWebhookRequest.Name' Error:Field validation for 'Name' failed on the 'required' tag",
    );
}

/// The guard is on, so nothing leaves: but what was to be delivered can be seen, and delivered again.
#[tokio::test]
async fn deliveries_are_shown_and_made_again() {
    let world = World::strict().await;
    let made = call(&world, "POST", PATH, &webhook("https://no-such-host.invalid/")).await;
    let one = format!("{PATH}/{}", made.is(StatusCode::CREATED).data()["id"].as_str().unwrap());
    let app = world.state.app();
    let event = Event::new("event-1", "wechat.message.text", "official", world.now_ms(), json!({"content": "你好"}));
    let jobs = plan(app, &event, Some("inbox:7")).await.unwrap();
    let id = jobs[0].id.clone();
    app.store().run(AddJobs { jobs }).await.unwrap();
    Worker::new(app.clone()).run_due().await.unwrap();
    let list = call(&world, "GET", &format!("{one}/deliveries?status=retrying"), "").await;
    assert_eq!(list.is(StatusCode::OK).data()["items"][0]["id"], id.as_str());
    let delivery = call(&world, "GET", &format!("{one}/deliveries/{id}"), "").await;
    let data = delivery.is(StatusCode::OK).data();
    assert_eq!((&data["event_id"], &data["event"]["data"]["content"]), (&"event-1".into(), &"你好".into()));
    assert_eq!(data["attempts"][0]["verdict"], "failed");
    let again = call(&world, "POST", &format!("{one}/deliveries/{id}/replay"), "{}").await;
    assert_eq!(again.is(StatusCode::OK).data()["id"], id.as_str());
    let since = json!({"since": world.now_s() - 60}).to_string();
    let all = call(&world, "POST", &format!("{one}/replay"), &since).await;
    assert_eq!(all.is(StatusCode::OK).data(), &json!({"recovered": 0, "repeated": 0}));
    let tested = call(&world, "POST", &format!("{one}/test"), "{}").await;
    assert_eq!(tested.is(StatusCode::OK).data()["ok"], false);
    assert!(!tested.text().contains("no-such-host"), "no address in texts");
}
