//! Addresses that people enter lead outside, never into our own network.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use http::StatusCode;
use serde_json::json;
use weiqiao_app::AuthMode;

use crate::testing::{Answer, World};

const PATH: &str = "/api/admin/webhooks";

async fn call(world: &World, method: &str, path: &str, body: &str) -> Answer {
    world.request(method, path).api_key(World::API_KEY).json(body).send().await
}

fn webhook(url: &str) -> String {
    json!({"name": "x", "url": url, "events": []}).to_string()
}

/// Somebody inside who counts visits, and sends them on if told where to.
async fn inside(location: Option<String>) -> (u16, Arc<AtomicUsize>) {
    let visits = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&visits);
    let answer = move || {
        counted.fetch_add(1, Ordering::Relaxed);
        let location = location.clone();
        async move {
            match location {
                Some(location) => (StatusCode::TEMPORARY_REDIRECT, [("location", location)], ""),
                None => (StatusCode::OK, [("location", String::new())], "secret of the inside"),
            }
        }
    };
    let socket = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = socket.local_addr().unwrap().port();
    tokio::spawn(async move { axum::serve(socket, axum::Router::new().fallback(answer)).await });
    (port, visits)
}

#[tokio::test]
async fn t_83_no_address_leads_inside() {
    let world = World::strict().await;
    let (port, visits) = inside(None).await;
    for url in [
        "https://169.254.169.254/latest/meta-data/",
        "https://[::1]/",
        "https://0.0.0.0/",
        "https://127.0.0.1/",
        "https://127.1/",
        "https://2130706433/",
        "https://0x7f000001/",
        "https://0177.0.0.1/",
        "https://017700000001/",
        "https://127.0.0.1./",
        "https://10.0.0.1/",
        "https://172.16.0.1/",
        "https://192.168.1.1/",
        "https://100.100.100.200/",
        "https://[::ffff:127.0.0.1]/",
        "https://[::ffff:a9fe:a9fe]/",
        "https://[fe80::1]/",
        "https://[fc00::1]/",
        "https://[64:ff9b::7f00:1]/",
        "https://[2002:7f00:1::]/",
        "https://[::]/",
        "https://255.255.255.255/",
        "https://224.0.0.1/",
        "https://localhost/",
        "https://user:pass@example.com/",
        "http://example.com/",
        "ftp://example.com/",
        "file:///etc/passwd",
        "gopher://127.0.0.1/",
        "//example.com/",
        "example.com",
        "https://",
        "javascript:alert(1)",
        "https://１２７.0.0.1/",
        "https://①②⑦.0.0.1/",
    ] {
        let answer = call(&world, "POST", PATH, &webhook(url)).await;
        if answer.status() == StatusCode::CREATED {
            // A name: looked at when connecting.
            let one = format!("{PATH}/{}", answer.data()["id"].as_str().unwrap());
            let tested = call(&world, "POST", &format!("{one}/test"), "{}").await;
            assert_eq!(tested.is(StatusCode::OK).data()["ok"], false, "{url}");
            continue;
        }
        answer.is(StatusCode::BAD_REQUEST).code("VALIDATION_FAILED");
    }
    // Names that lead inside, also with a port where somebody listens, and a change of the address.
    let made = call(&world, "POST", PATH, &webhook("https://hooks.example.com/")).await;
    let one = format!("{PATH}/{}", made.is(StatusCode::CREATED).data()["id"].as_str().unwrap());
    for host in ["localhost", "LOCALHOST", "localhost.", "ip6-localhost"] {
        let url = format!("https://{host}:{port}/");
        let changed = call(&world, "PATCH", &one, &json!({ "url": url }).to_string()).await;
        if changed.status() == StatusCode::OK {
            let tested = call(&world, "POST", &format!("{one}/test"), "{}").await;
            assert_eq!(tested.is(StatusCode::OK).data()["ok"], false, "{url}");
            assert!(!tested.text().contains("secret of the inside"));
        }
    }
    for url in [format!("https://127.0.0.1:{port}/"), format!("https://[::1]:{port}/")] {
        let changed = call(&world, "PATCH", &one, &json!({ "url": url }).to_string()).await;
        changed.is(StatusCode::BAD_REQUEST).code("VALIDATION_FAILED");
    }
    assert_eq!(visits.load(Ordering::Relaxed), 0, "nobody inside was visited");
}

#[tokio::test]
async fn t_83_a_redirect_is_not_followed() {
    let world =
        World::with(AuthMode::Strict, "https://app.example.com/", |plan| plan.app.webhook.allow_private = true).await;
    let (target, visits) = inside(None).await;
    let (port, asked) = inside(Some(format!("http://127.0.0.1:{target}/"))).await;
    let made = call(&world, "POST", PATH, &webhook(&format!("http://127.0.0.1:{port}/"))).await;
    let one = format!("{PATH}/{}", made.is(StatusCode::CREATED).data()["id"].as_str().unwrap());
    let tested = call(&world, "POST", &format!("{one}/test"), "{}").await;
    assert_eq!(tested.is(StatusCode::OK).data()["ok"], false);
    assert!(!tested.text().contains("secret of the inside"));
    assert_eq!((asked.load(Ordering::Relaxed), visits.load(Ordering::Relaxed)), (1, 0));
}
