//! Webhooks hear of callbacks, and synchronous ones answer.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::http::header::CONTENT_TYPE;
use serde_json::{Value, json};
use weiqiao_app::usecase::webhook::{EndpointDraft, create_endpoint, list_endpoints};
use weixin_proto::callback::Mode;
use weixin_proto::callback::reply::Reply;

use super::{Desk, event, text};

/// A program that answers every event with this JSON, and remembers what it was told.
async fn program(answer: Value) -> (String, Arc<Mutex<Vec<Value>>>) {
    program_of("application/json", answer.to_string()).await
}

async fn program_of(content_type: &'static str, answer: String) -> (String, Arc<Mutex<Vec<Value>>>) {
    let heard = Arc::<Mutex<Vec<Value>>>::default();
    let told = Arc::clone(&heard);
    let listen = move |body: Bytes| {
        told.lock().unwrap().push(serde_json::from_slice(&body).unwrap());
        let answer = answer.clone();
        async move { ([(CONTENT_TYPE, content_type)], answer) }
    };
    let socket = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/hook", socket.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(socket, Router::new().fallback(listen)).await });
    (url, heard)
}

async fn endpoint(desk: &Desk, url: &str, synchronous: bool) {
    let draft = EndpointDraft {
        name: "shop".to_owned(),
        url: url.to_owned(),
        account: None,
        events: vec!["wechat.message.*".to_owned()],
        enabled: true,
        synchronous,
    };
    create_endpoint(&desk.world.app, weiqiao_app::Actor::Cli, draft).await.unwrap();
}

#[tokio::test]
async fn a_synchronous_endpoint_answers_what_no_rule_does() {
    let desk = Desk::new(Mode::Safe).await;
    let (url, heard) = program(json!({"type": "text", "content": "from the shop"})).await;
    endpoint(&desk, &url, true).await;
    desk.rule(r#"{"match":{"on":"text","equals":"rule"},"reply":{"type":"text","content":"by rule"}}"#).await;
    for _ in 0..2 {
        assert_eq!(desk.say(&text("hello", 1)).await, Some(Reply::text("from the shop")));
    }
    assert_eq!(desk.say(&event("LOCATION", 1, "")).await, None, "not what it wants to hear of");
    let asked = heard.lock().unwrap().clone();
    assert_eq!(asked.len(), 1, "a copy is not asked about");
    assert_eq!((&asked[0]["type"], &asked[0]["account"]), (&json!("wechat.message.text"), &json!("official")));
    assert_eq!(asked[0]["data"]["data"]["content"], "hello");
    let push = desk.inbox().await.into_iter().find(|push| push["kind"] == "message").unwrap();
    assert_eq!((&push["decided_by"], &push["id"]), (&json!("webhook"), &asked[0]["id"]));

    assert_eq!(desk.say(&text("rule", 2)).await, Some(Reply::text("by rule")));
    let jobs = desk.jobs().await;
    assert_eq!((jobs.len(), jobs[0].kind.as_str()), (1, "webhook"), "what a rule decided it is told afterwards");
}

#[tokio::test]
async fn an_event_is_the_one_in_the_handbook() {
    let handbook = include_str!("../../../../../docs/webhooks.md");
    let shown = handbook.split("webhook-signature: ").nth(1).and_then(|rest| rest.split_once("\n\n")).unwrap().1;
    let mut shown: Value = serde_json::from_str(shown.split("```").next().unwrap()).unwrap();
    let desk = Desk::new(Mode::Safe).await;
    let (url, heard) = program(json!({})).await;
    endpoint(&desk, &url, true).await;
    desk.say(&text("你好", 7_350_000_000_000_000_001)).await;
    let told = heard.lock().unwrap().remove(0);
    shown["id"] = told["id"].clone();
    assert_eq!(told, shown, "{told}");
}

#[tokio::test]
async fn an_ordinary_endpoint_hears_of_each_push_once() {
    let desk = Desk::new(Mode::Safe).await;
    endpoint(&desk, "http://127.0.0.1:9/hook", false).await;
    for number in 0..3 {
        for _ in 0..3 {
            assert_eq!(desk.say(&text("hello", number)).await, None);
        }
    }
    let jobs = desk.jobs().await;
    assert_eq!(jobs.len(), 3);
    assert!(jobs.iter().all(|job| job.origin.as_ref().unwrap().starts_with("inbox:")));
}

#[tokio::test]
async fn a_reply_wechat_would_not_take_is_none() {
    let two = json!([{"title": "a"}, {"title": "b"}]);
    let long = "x".repeat(1000);
    const JSON: &str = "application/json";
    for (content_type, answer, why) in [
        (JSON, json!({"type": "dance"}).to_string(), Some("reply.type 只能是")),
        (JSON, json!({"type": "text", "content": ""}).to_string(), Some("reply.content 不能为空")),
        (JSON, json!({"type": "news", "articles": []}).to_string(), Some("reply.articles 不能为空")),
        (
            JSON,
            json!({"type": "news", "articles": two}).to_string(),
            Some("reply.articles 有 2 条，微信在这里最多接受 1 条"),
        ),
        (JSON, json!({"type": "text", "content": "x", (&long): "y"}).to_string(), Some("reply.… 不是 text 的字段")),
        (JSON, r#""hello""#.to_owned(), Some("内容是 JSON，但不是对象（content-type: application/json）")),
        ("text/html; charset=utf-8", "<html>".to_owned(), Some("内容不是 JSON（content-type: text/html）")),
        ("text/plain", "success".to_owned(), None),
    ] {
        let desk = Desk::new(Mode::Safe).await;
        let (url, heard) = program_of(content_type, answer).await;
        endpoint(&desk, &url, true).await;
        assert_eq!(desk.say(&text("hello", 1)).await, None);
        assert_eq!(heard.lock().unwrap().len(), 1);
        let by = desk.inbox().await.remove(0)["decided_by"].as_str().unwrap().to_owned();
        let endpoint = list_endpoints(&desk.world.app).await.unwrap().remove(0);
        let Some(why) = why else {
            assert_eq!((by.as_str(), &endpoint.last_error), ("nobody", &None));
            continue;
        };
        assert!(by.starts_with(&format!("webhook failed: {why}")) && by.chars().count() <= 200, "{by}");
        assert!(endpoint.last_error.as_ref().is_some_and(|error| error.contains(why)), "{endpoint:?}");
        assert_eq!((endpoint.enabled, endpoint.failing_since), (true, None), "it takes events well");
    }
}
