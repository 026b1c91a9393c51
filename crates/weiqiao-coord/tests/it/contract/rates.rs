use std::time::Duration;

use futures_util::future::join_all;
use weiqiao_coord::{Decision, Limit};

use crate::support::Bench;

const SECOND: Duration = Duration::from_secs(1);

#[tokio::test]
async fn a_burst_passes_then_one_per_interval() {
    for mut bench in Bench::both().await {
        let coord = bench.coord.clone();
        // One each 100 seconds, so that the real time a test takes on Redis does not count.
        let limit = Limit::new(36, SECOND * 3_600).with_burst(3);
        for remaining in [2, 1, 0] {
            let passed = coord.rate().check("login", "ip", limit).await;
            assert_eq!(passed, Decision { allowed: true, retry_after: Duration::ZERO, remaining });
        }
        let refused = coord.rate().check("login", "ip", limit).await;
        assert!(!refused.allowed);
        assert!(refused.retry_after > SECOND * 90 && refused.retry_after <= SECOND * 100, "{refused:?}");
        assert!(coord.rate().check("login", "another ip", limit).await.allowed);
        assert!(coord.rate().check("another limit", "ip", limit).await.allowed);

        bench.advance(refused.retry_after).await;
        assert!(coord.rate().check("login", "ip", limit).await.allowed);
        assert!(!coord.rate().check("login", "ip", limit).await.allowed);
        bench.advance(SECOND * 1_000).await;
        assert_eq!(coord.rate().check("login", "ip", limit).await.remaining, 2, "a pause fills the burst, no more");
    }
}

#[tokio::test]
async fn refused_requests_do_not_count() {
    for mut bench in Bench::both().await {
        let coord = bench.coord.clone();
        let limit = Limit::new(36, SECOND * 3_600).with_burst(1);
        assert!(coord.rate().check("login", "ip", limit).await.allowed);
        for _ in 0..100 {
            assert!(!coord.rate().check("login", "ip", limit).await.allowed);
        }
        bench.advance(SECOND * 100).await;
        assert!(coord.rate().check("login", "ip", limit).await.allowed);
    }
}

#[tokio::test]
async fn parallel_requests_never_pass_more_than_the_burst() {
    for bench in Bench::both().await {
        let limit = Limit::new(36, SECOND * 3_600).with_burst(40);
        let rate = bench.coord.rate();
        let passed = join_all((0..200).map(|_| rate.check("login", "ip", limit))).await;
        assert_eq!(passed.iter().filter(|decision| decision.allowed).count(), 40);
    }
}

#[tokio::test]
async fn a_limit_of_nothing_or_beyond_a_thousand_a_second_still_works() {
    for bench in Bench::both().await {
        let rate = bench.coord.rate();
        assert!(rate.check("n", "a", Limit::per_minute(0).with_burst(0)).await.allowed);
        assert!(!rate.check("n", "a", Limit::per_minute(0).with_burst(0)).await.allowed);
        assert!(rate.check("n", "b", Limit::new(1_000_000, SECOND)).await.allowed);
    }
}
