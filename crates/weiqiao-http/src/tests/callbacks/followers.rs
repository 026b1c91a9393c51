//! Who follows the inbox sees what comes, as it comes.

use axum::body::Body;
use http::{Request, StatusCode};
use http_body_util::BodyExt as _;
use serde_json::Value;
use tower::ServiceExt as _;
use weiqiao_model::{ApiScope, Role};
use weixin_proto::callback::Mode;

use super::{Desk, event, text};
use crate::testing::World;

const PATH: &str = "/api/admin/inbox/stream";

/// A connection that follows.
struct Stream {
    body: Body,
    text: String,
}

impl Stream {
    async fn open(world: &World, query: &str, after: Option<&str>) -> Self {
        let mut request = Request::builder().uri(format!("{PATH}{query}")).header("x-api-key", World::API_KEY);
        if let Some(id) = after {
            request = request.header("last-event-id", id);
        }
        let response = world.router.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
        assert_eq!(response.status(), StatusCode::OK);
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        let mut stream = Self { body: response.into_body(), text: String::new() };
        assert_eq!(stream.event().await.0, "begun");
        stream
    }

    /// The next push: its id on the line, and its data.
    async fn next(&mut self) -> (String, Value) {
        let (name, id, data) = self.event().await;
        assert_eq!(name, "push");
        (id, data)
    }

    /// The next event: its name, its id, its data.
    async fn event(&mut self) -> (String, String, Value) {
        loop {
            if let Some((block, rest)) = self.text.split_once("\n\n") {
                let (block, rest) = (block.to_owned(), rest.to_owned());
                self.text = rest;
                let line =
                    |name: &str| block.lines().find_map(|line| line.strip_prefix(name)).unwrap().trim().to_owned();
                return (line("event:"), line("id:"), serde_json::from_str(&line("data:")).unwrap());
            }
            let frame = self.body.frame().await.expect("the stream goes on").unwrap();
            self.text.push_str(std::str::from_utf8(&frame.into_data().unwrap()).unwrap());
        }
    }
}

#[tokio::test]
async fn pushes_are_told_once_with_their_answer() {
    let desk = Desk::new(Mode::Safe).await;
    desk.rule(r#"{"match":{"on":"text","equals":"hello"},"reply":{"type":"text","content":"你好"}}"#).await;
    desk.say(&text("before", 1)).await;
    desk.advance(60);
    let mut stream = Stream::open(&desk.world, "", None).await;
    desk.say(&text("hello", 2)).await;
    desk.say(&text("hello", 2)).await;
    // What arrives in one millisecond has no order.
    desk.advance(1);
    desk.say(&event("subscribe", desk.world.now_s(), "")).await;
    let (id, push) = stream.next().await;
    assert_eq!((&push["id"], push["type"].as_str()), (&Value::from(id), Some("wechat.message.text")));
    assert_eq!((push["account"].as_str(), push["reply"]["content"].as_str()), (Some("official"), Some("你好")));
    assert!(push["data"].to_string().contains("hello") && push["decided_by"].as_str().unwrap().starts_with("rule:"));
    let (_, next) = stream.next().await;
    assert_eq!((next["type"].as_str(), next["reply"]["type"].as_str()), (Some("wechat.event.subscribe"), Some("none")));
}

#[tokio::test]
async fn only_what_is_asked_for() {
    let desk = Desk::new(Mode::Plain).await;
    let mut stream = Stream::open(&desk.world, "?account=official&events=subscribe,image", None).await;
    desk.say(&text("hello", 2)).await;
    desk.say(&event("subscribe", desk.world.now_s(), "")).await;
    assert_eq!(stream.next().await.1["type"], "wechat.event.subscribe");
    let call = desk.world.request("GET", &format!("{PATH}?account=nobody")).api_key(World::API_KEY);
    call.send().await.is(StatusCode::NOT_FOUND).code("ACCOUNT_UNKNOWN");
}

#[tokio::test]
async fn who_was_away_goes_on_where_they_stopped() {
    let desk = Desk::new(Mode::Plain).await;
    let mut stream = Stream::open(&desk.world, "", None).await;
    desk.say(&text("one", 1)).await;
    let (last, _) = stream.next().await;
    drop(stream);
    desk.advance(3600);
    desk.say(&text("two", 2)).await;
    desk.advance(3600);
    desk.say(&text("three", 3)).await;
    let mut stream = Stream::open(&desk.world, "", Some(&last)).await;
    for expected in ["two", "three"] {
        assert!(stream.next().await.1["data"].to_string().contains(expected), "{expected}");
    }
}

#[tokio::test]
async fn who_was_cut_off_before_anything_came_misses_nothing() {
    let desk = Desk::new(Mode::Plain).await;
    let begun = format!("begun-{}", desk.world.now_ms());
    desk.advance(60);
    desk.say(&text("one", 1)).await;
    desk.advance(60);
    let mut stream = Stream::open(&desk.world, "", Some(&begun)).await;
    assert!(stream.next().await.1["data"].to_string().contains("one"));
}

#[tokio::test]
async fn a_stop_ends_the_stream() {
    let desk = Desk::new(Mode::Plain).await;
    let mut stream = Stream::open(&desk.world, "", None).await;
    desk.world.state.drain().begin();
    assert!(stream.body.frame().await.is_none());
    let call = desk.world.request("GET", PATH).api_key(World::API_KEY);
    call.send().await.is(StatusCode::SERVICE_UNAVAILABLE).code("STOPPING");
}

/// What they showed is looked at again before anything is told, as for any other request.
#[tokio::test]
async fn whoever_may_no_longer_read_is_told_nothing_more() {
    let desk = Desk::new(Mode::Plain).await;
    let token = desk.world.staff_token("li", Role::Supervisor).await;
    let open = async || {
        let request = Request::builder().uri(PATH).header("authorization", format!("Bearer {token}"));
        let response = desk.world.router.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
        assert_eq!(response.status(), StatusCode::OK);
        let mut stream = Stream { body: response.into_body(), text: String::new() };
        assert_eq!(stream.event().await.0, "begun");
        stream
    };
    let (mut told, mut silent) = (open().await, open().await);
    desk.say(&text("one", 1)).await;
    assert!(told.next().await.1["data"].to_string().contains("one"));
    assert!(silent.next().await.1["data"].to_string().contains("one"));
    desk.world.request("POST", "/api/auth/logout").bearer(&token).send().await.is(StatusCode::OK);
    desk.advance(5_000);
    desk.say(&text("two", 2)).await;
    assert!(told.body.frame().await.is_none() && silent.body.frame().await.is_none(), "nothing of it is told");
}

#[tokio::test]
async fn only_for_those_who_may_read_what_people_write() {
    let world = World::strict().await;
    let staff = world.staff_token("advisor", Role::Advisor).await;
    world.request("GET", PATH).bearer(&staff).send().await.is(StatusCode::FORBIDDEN);
    let key = world.api_key(&[ApiScope::Menu]).await;
    world.request("GET", PATH).api_key(&key).send().await.is(StatusCode::FORBIDDEN).code("SCOPE_MISSING");
}
