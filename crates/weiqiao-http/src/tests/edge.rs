//! Panics, deadlines, the gate: with routes made for the purpose behind the real edge.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::routing::get;
use http::{Request, StatusCode};
use tokio::sync::Notify;
use tower::ServiceExt as _;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};
use weiqiao_app::AuthMode;

use crate::AppState;
use crate::engine::edge::Edge;
use crate::engine::route_table::RouteTable;
use crate::testing::{Answer, World};

async fn ask(router: &Edge, path: &str, world: &World) -> Answer {
    let request = Request::get(path).body(axum::body::Body::empty()).unwrap();
    let response = router.clone().oneshot(request).await.unwrap();
    Answer::read(response, Some(world.now_ms()), false).await
}

fn behind_edge(state: &AppState, router: Router<AppState>) -> Edge {
    Edge::around(router.with_state(state.clone()), RouteTable::new(["/livez"]), state.clone())
}

#[allow(clippy::panic)]
async fn panics() -> &'static str {
    panic!("secret of the handler")
}

#[tokio::test]
async fn a_panic_fails_one_request_and_tells_nothing() {
    let world = World::open().await;
    let router =
        behind_edge(&world.state, Router::new().route("/bad", get(panics)).route("/good", get(|| async { "ok" })));
    let answer = ask(&router, "/bad", &world).await;
    answer.is(StatusCode::INTERNAL_SERVER_ERROR).failure("INTERNAL_ERROR", "服务器内部错误");
    assert!(!answer.text().contains("secret"));
    ask(&router, "/good", &world).await.is(StatusCode::OK);
}

#[tokio::test(start_paused = true)]
async fn a_request_that_takes_too_long_is_given_up() {
    // The paused clock would not wait for the database, so the world is built while time runs.
    tokio::time::resume();
    let world = World::open().await;
    tokio::time::pause();
    let router = behind_edge(&world.state, Router::new().route("/slow", get(std::future::pending::<&'static str>)));
    let begun = tokio::time::Instant::now();
    let answer = ask(&router, "/slow", &world).await;
    answer.is(StatusCode::SERVICE_UNAVAILABLE).code("REQUEST_TIMEOUT");
    assert_eq!(answer.header("retry-after"), "1");
    assert_eq!(begun.elapsed().as_secs(), 15);
}

#[tokio::test]
async fn what_is_too_much_is_turned_away_and_health_never() {
    let world = World::with(AuthMode::Open, "http://localhost:3001/", |plan| {
        plan.http.most_working = 1;
        plan.http.most_waiting = 1;
    })
    .await;
    let (entered, release) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let (in_work, go) = (Arc::clone(&entered), Arc::clone(&release));
    let held = move || {
        let (in_work, go) = (Arc::clone(&in_work), Arc::clone(&go));
        async move {
            in_work.notify_one();
            go.notified().await;
            "done"
        }
    };
    let router =
        behind_edge(&world.state, Router::new().route("/held", get(held)).route("/livez", get(|| async { "ok" })));
    let story = async {
        entered.notified().await;
        // One works, one waits, the third is one too many.
        let waiting = ask(&router, "/held", &world);
        tokio::pin!(waiting);
        assert!(futures_util::poll!(waiting.as_mut()).is_pending());
        ask(&router, "/held", &world).await.is(StatusCode::SERVICE_UNAVAILABLE).code("OVERLOADED");
        ask(&router, "/livez", &world).await.is(StatusCode::OK);
        release.notify_one();
        let let_in = async {
            entered.notified().await;
            release.notify_one();
        };
        let (answer, ()) = tokio::join!(waiting, let_in);
        answer.is(StatusCode::OK);
    };
    let story = tokio::time::timeout(Duration::from_secs(20), story);
    let (first, told) = tokio::join!(ask(&router, "/held", &world), story);
    assert_eq!(first.is(StatusCode::OK).text(), "done");
    told.unwrap();
}

#[tokio::test]
async fn a_draining_service_closes_its_connections() {
    let world = World::open().await;
    assert!(world.get("/livez").await.headers().get("connection").is_none());
    world.state.drain().begin();
    assert_eq!(world.get("/livez").await.header("connection"), "close");
    assert_eq!(world.get("/nothing").await.header("connection"), "close");
}

/// Writes down the method that the span of each request says.
#[derive(Clone, Default)]
struct Methods(Arc<Mutex<Vec<String>>>);

impl Visit for Methods {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        if field.name() == "method" {
            self.0.lock().unwrap().push(format!("{value:?}").trim_matches('"').to_owned());
        }
    }
}

impl Subscriber for Methods {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        span.record(&mut self.clone());
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}
    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn event(&self, _: &Event<'_>) {}
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}

#[tokio::test]
async fn the_log_says_no_method_a_client_made_up() {
    let world = World::open().await;
    let said = Methods::default();
    let log = tracing::subscriber::set_default(said.clone());
    world.get("/livez").await.is(StatusCode::OK);
    world.request(&"X".repeat(4000), "/livez").send().await.is(StatusCode::METHOD_NOT_ALLOWED);
    drop(log);
    assert_eq!(*said.0.lock().unwrap(), ["GET", "OTHER"]);
}
