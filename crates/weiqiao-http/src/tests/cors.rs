//! Pages of other origins.

use http::StatusCode;
use rstest::rstest;
use weiqiao_app::AuthMode;

use crate::Cors;
use crate::testing::World;

const PATH: &str = "/api/wechat/auth";

async fn world(cors: Cors) -> World {
    World::with(AuthMode::Open, "https://app.example.com/", |plan| plan.http.cors = cors).await
}

fn listed() -> Cors {
    Cors::Origins(vec!["https://h5.example.com".to_owned(), "http://localhost:5173".to_owned()])
}

#[tokio::test]
async fn a_listed_origin_may_read_with_cookies() {
    let world = world(listed()).await;
    for origin in ["https://h5.example.com", "http://localhost:5173"] {
        let answer = world.request("GET", "/api/health").header("origin", origin).send().await;
        assert_eq!(answer.header("access-control-allow-origin"), origin);
        assert_eq!(answer.header("access-control-allow-credentials"), "true");
        assert_eq!(answer.header("vary"), "origin");
        assert!(answer.header("access-control-expose-headers").contains("x-request-id"));

        let preflight = world.request("OPTIONS", PATH).header("origin", origin);
        let preflight = preflight.header("access-control-request-method", "POST").send().await;
        assert_eq!(preflight.is(StatusCode::NO_CONTENT).header("access-control-allow-origin"), origin);
        assert!(preflight.header("access-control-allow-methods").contains("POST"));
        for name in ["content-type", "authorization", "x-api-key", "idempotency-key"] {
            assert!(preflight.header("access-control-allow-headers").contains(name), "{name}");
        }
    }
}

#[rstest]
#[case("https://evil.test")]
#[case("https://h5.example.com.evil.test")]
#[case("http://h5.example.com")]
#[case("https://h5.example.com:8443")]
#[case("https://H5.example.com")]
#[case("null")]
#[tokio::test]
async fn an_unlisted_origin_may_not(#[case] origin: &str) {
    let world = world(listed()).await;
    let answer = world.request("GET", "/api/health").header("origin", origin).send().await;
    assert!(answer.is(StatusCode::OK).headers().get("access-control-allow-origin").is_none());
    assert_eq!(answer.header("vary"), "origin");
    let preflight = world.request("OPTIONS", PATH).header("origin", origin);
    let preflight = preflight.header("access-control-request-method", "POST").send().await;
    assert!(preflight.is(StatusCode::METHOD_NOT_ALLOWED).headers().get("access-control-allow-origin").is_none());
}

#[tokio::test]
async fn in_development_any_origin_may_read_but_without_cookies() {
    let world = world(Cors::AnyWithoutCredentials).await;
    let answer = world.request("GET", "/api/health").header("origin", "http://localhost:9").send().await;
    assert_eq!(answer.header("access-control-allow-origin"), "*");
    assert!(answer.headers().get("access-control-allow-credentials").is_none());
    let preflight = world.request("OPTIONS", "/nothing").header("origin", "http://localhost:9");
    preflight.header("access-control-request-method", "PUT").send().await.is(StatusCode::NO_CONTENT);
}

#[tokio::test]
async fn without_a_list_nobody_is_told_anything() {
    let world = world(Cors::Off).await;
    let answer = world.request("GET", "/wechat/jsconfig?url=x").header("origin", "https://evil.test").send().await;
    assert!(answer.headers().keys().all(|name| !name.as_str().starts_with("access-control")));
    assert!(answer.headers().get("vary").is_none());
}

#[tokio::test]
async fn failures_can_be_read_by_listed_origins_too() {
    let world = world(listed()).await;
    let call = world.request("POST", PATH).header("origin", "https://h5.example.com").json("{}");
    let answer = call.send().await;
    answer.is(StatusCode::BAD_REQUEST);
    assert_eq!(answer.header("access-control-allow-origin"), "https://h5.example.com");
}
