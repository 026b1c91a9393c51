use std::time::Duration;

use futures_util::future::join_all;
use weiqiao_coord::{PutToken, SharedToken};
use weiqiao_model::Clock as _;

use crate::support::Bench;

fn token(bench: &Bench, generation: u64) -> SharedToken {
    let expires_at_ms = bench.clock.now_ms() + 7_200_000;
    SharedToken { generation, sealed: format!("sealed {generation}").into_bytes(), expires_at_ms }
}

#[tokio::test]
async fn only_a_newer_generation_replaces() {
    for bench in Bench::both().await {
        let tokens = bench.coord.tokens();
        assert_eq!(tokens.get("wx1", "access").await, None);
        assert_eq!(tokens.put_if_newer("wx1", "access", &token(&bench, 9)).await, PutToken::Stored);
        assert_eq!(tokens.put_if_newer("wx1", "access", &token(&bench, 8)).await, PutToken::NotNewer);
        assert_eq!(tokens.put_if_newer("wx1", "access", &token(&bench, 9)).await, PutToken::NotNewer);
        assert_eq!(tokens.get("wx1", "access").await, Some(token(&bench, 9)));
        assert_eq!(tokens.put_if_newer("wx1", "access", &token(&bench, 10)).await, PutToken::Stored, "9 < 10");
        assert_eq!(tokens.put_if_newer("wx1", "access", &token(&bench, u64::MAX)).await, PutToken::Stored);
        assert_eq!(tokens.get("wx1", "access").await.unwrap().generation, u64::MAX);
        assert_eq!(tokens.get("wx1", "jsapi").await, None);
        assert_eq!(tokens.get("wx2", "access").await, None);
        tokens.forget("wx1", "access").await;
        assert_eq!(tokens.get("wx1", "access").await, None);
    }
}

#[tokio::test]
async fn the_newest_of_many_writers_at_once_remains() {
    for bench in Bench::both().await {
        let tokens = bench.coord.tokens();
        let offered: Vec<_> = (1..=100).map(|n| token(&bench, n * 37 % 101)).collect();
        let newest = offered.iter().map(|token| token.generation).max().unwrap();
        join_all(offered.iter().map(|token| tokens.put_if_newer("wx1", "access", token))).await;
        assert_eq!(tokens.get("wx1", "access").await, Some(token(&bench, newest)));
    }
}

#[tokio::test]
async fn a_token_is_gone_when_wechat_forgets_it() {
    for mut bench in Bench::both().await {
        let coord = bench.coord.clone();
        let token = token(&bench, 1);
        assert_eq!(coord.tokens().put_if_newer("wx1", "access", &token).await, PutToken::Stored);
        bench.advance(Duration::from_secs(7_200)).await;
        assert_eq!(coord.tokens().get("wx1", "access").await, None);
        assert_eq!(coord.tokens().put_if_newer("wx1", "access", &token).await, PutToken::NotKept, "it is over");
    }
}

#[test]
fn a_shared_token_does_not_print_what_it_holds() {
    let token = SharedToken { generation: 3, sealed: b"canary".to_vec(), expires_at_ms: 0 };
    let sealed_bytes = format!("{:?}", b"canary".to_vec());
    let printed = format!("{token:?}");
    assert!(printed.contains('3') && !printed.contains("canary") && !printed.contains(&sealed_bytes), "{printed}");
}
