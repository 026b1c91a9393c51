//! What is counted, and under which labels.

use http::{Request, StatusCode};
use http_body_util::BodyExt as _;
use tower::ServiceExt as _;

use crate::testing::World;

/// Runs a story with a recorder of its own, and gives what Prometheus would read.
fn measured(story: impl Future<Output = ()>) -> String {
    let recorder = crate::recorder().unwrap().build_recorder();
    let handle = recorder.handle();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    metrics::with_local_recorder(&recorder, || {
        runtime.block_on(async {
            story.await;
            let request = Request::get("/metrics").body(axum::body::Body::empty()).unwrap();
            let answer = crate::metrics_router(handle).oneshot(request).await.unwrap();
            assert_eq!(answer.status(), StatusCode::OK);
            assert!(answer.headers()["content-type"].to_str().unwrap().starts_with("text/plain"));
            String::from_utf8(answer.into_body().collect().await.unwrap().to_bytes().to_vec()).unwrap()
        })
    })
}

#[test]
fn requests_are_counted_by_route_method_and_status() {
    let text = measured(async {
        let world = World::open().await;
        for openid in ["oOneOneOneOneOneOneOne", "oTwoTwoTwoTwoTwoTwoTwo", "not%20one"] {
            world.get(&format!("/api/user/{openid}?x=canary")).await;
        }
        world.request("HEAD", "/livez").send().await;
        world.get("/nothing/canary").await;
        world.request("CANARY", "/livez").send().await;
    });
    for line in [
        r#"http_requests_total{route="/api/user/{openid}",method="GET",status="200"} 2"#,
        r#"http_requests_total{route="/api/user/{openid}",method="GET",status="400"} 1"#,
        r#"http_requests_total{route="/livez",method="HEAD",status="200"} 1"#,
        r#"http_requests_total{route="/livez",method="OTHER",status="405"} 1"#,
        r#"http_requests_total{route="unmatched",method="GET",status="404"} 1"#,
        r#"http_request_duration_seconds_count{route="/api/user/{openid}",method="GET"} 3"#,
        r#"http_request_duration_seconds_bucket{route="/api/user/{openid}",method="GET",le="15"} 3"#,
    ] {
        assert!(text.lines().any(|found| found == line), "{line} in\n{text}");
    }
    assert!(!text.to_ascii_lowercase().contains("canary") && !text.contains("oOne"), "{text}");
}

#[test]
fn labels_are_bounded_whatever_is_asked() {
    let text = measured(async {
        let world = World::open().await;
        for n in 0..200 {
            world.get(&format!("/{n}/{n}?{n}")).await;
            world.request(&format!("M{n}"), &format!("/api/user/{n}")).send().await;
        }
    });
    let series = text.lines().filter(|line| line.starts_with("http_requests_total{")).count();
    assert!(series <= 3, "{text}");
}
