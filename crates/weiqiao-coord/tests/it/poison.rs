//! Somebody else writes into our Redis: a wrong answer must not come of it.

use std::time::Duration;

use redis::AsyncCommands as _;
use weiqiao_coord::{Limit, PutToken, SharedToken};
use weiqiao_model::Clock as _;

use crate::support::Bench;

const MINUTE: Duration = Duration::from_secs(60);

/// One entry of every meaning, written through the driver.
async fn write_everything(bench: &Bench) {
    let coord = &bench.coord;
    let expires_at_ms = bench.clock.now_ms() + 7_200_000;
    let token = SharedToken { generation: 5, sealed: b"sealed".to_vec(), expires_at_ms };
    assert!(coord.kv().put("n", "k", b"genuine", MINUTE).await);
    coord.one_time().issue("t", "k", b"genuine", MINUTE).await.unwrap();
    coord.lease().acquire("job", "me", MINUTE).await.unwrap().unwrap();
    coord.strikes().hit("login", "ip", MINUTE).await;
    assert!(coord.rate().check("n", "k", Limit::per_minute(1)).await.allowed);
    assert_eq!(coord.tokens().put_if_newer("wx1", "access", &token).await, PutToken::Stored);
}

#[tokio::test]
async fn foreign_values_of_any_shape_are_treated_as_absent() {
    let shapes: [&[u8]; 6] =
        [b"", b"x", b"0123456789abcdef", b"0123456789abcdef99999999999999999999zzzzzzzz", &[255; 64], b"-7"];
    for shape in shapes {
        let Some(mut bench) = Bench::redis().await else { return };
        write_everything(&bench).await;
        let server = bench.server.as_mut().unwrap();
        for key in server.keys().await {
            let _: () = server.connection.set(key, shape).await.unwrap();
        }

        let coord = &bench.coord;
        assert_eq!(coord.kv().get("n", "k").await, None);
        assert_eq!(coord.one_time().take("t", "k").await, Ok(None));
        assert_eq!(coord.lease().holder("job").await, Ok(None));
        assert_eq!(coord.tokens().get("wx1", "access").await, None);
        assert_eq!(coord.strikes().hit("login", "ip", MINUTE).await, 1, "started over");
        assert!(coord.rate().check("n", "k", Limit::per_minute(1)).await.allowed);
        let expires_at_ms = bench.clock.now_ms() + 7_200_000;
        let token = SharedToken { generation: 6, sealed: b"sealed".to_vec(), expires_at_ms };
        assert_eq!(coord.tokens().put_if_newer("wx1", "access", &token).await, PutToken::Stored);
        assert_eq!(coord.tokens().get("wx1", "access").await, Some(token));
    }
}

#[tokio::test]
async fn a_genuine_value_moved_under_another_key_does_not_count() {
    let Some(mut bench) = Bench::redis().await else { return };
    let coord = bench.coord.clone();
    assert!(coord.kv().put("n", "mine", b"mine", MINUTE).await);
    assert!(coord.kv().put("n", "yours", b"yours", MINUTE).await);
    let server = bench.server.as_mut().unwrap();
    let keys = server.keys().await;
    let first: Vec<u8> = server.connection.get(&keys[0]).await.unwrap();
    let second: Vec<u8> = server.connection.get(&keys[1]).await.unwrap();
    let _: () = server.connection.set(&keys[0], second).await.unwrap();
    let _: () = server.connection.set(&keys[1], first).await.unwrap();
    assert_eq!(coord.kv().get("n", "mine").await, None);
    assert_eq!(coord.kv().get("n", "yours").await, None);
}

#[tokio::test]
async fn a_newer_token_gets_past_a_foreign_value_that_looks_newer() {
    let Some(mut bench) = Bench::redis().await else { return };
    write_everything(&bench).await;
    let server = bench.server.as_mut().unwrap();
    let key = server.keys().await.into_iter().find(|key| key.contains(":token:")).unwrap();
    let _: () = server.connection.set(key, "0123456789abcdef99999999999999999999").await.unwrap();
    let expires_at_ms = bench.clock.now_ms() + 7_200_000;
    let token = SharedToken { generation: 6, sealed: b"sealed".to_vec(), expires_at_ms };
    assert_eq!(bench.coord.tokens().put_if_newer("wx1", "access", &token).await, PutToken::Stored);
}

#[tokio::test]
async fn nothing_on_the_server_can_be_read() {
    let Some(mut bench) = Bench::redis().await else { return };
    let coord = bench.coord.clone();
    coord.kv().put("canary-name", "canary-key", b"v", MINUTE).await;
    coord.strikes().hit("canary-name", "oCanaryOpenid", MINUTE).await;
    coord.rate().check("canary-name", "oCanaryOpenid", Limit::per_minute(2)).await;
    coord.lease().acquire("canary-name", "me", MINUTE).await.unwrap();
    coord.one_time().issue("canary-name", "canary-key", b"v", MINUTE).await.unwrap();
    let keys = bench.server.as_mut().unwrap().keys().await;
    assert_eq!(keys.len(), 6, "five entries and one fence");
    assert!(keys.iter().all(|key| !key.to_lowercase().contains("canary")), "{keys:?}");
}
