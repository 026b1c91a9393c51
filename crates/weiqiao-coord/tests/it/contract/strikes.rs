use std::time::Duration;

use crate::support::Bench;

const WINDOW: Duration = Duration::from_secs(900);

#[tokio::test]
async fn failures_add_up_within_the_window_that_the_first_one_opened() {
    for mut bench in Bench::both().await {
        let coord = bench.coord.clone();
        assert_eq!(coord.strikes().count("login", "admin|ip").await, 0);
        for n in 1..=5 {
            assert_eq!(coord.strikes().hit("login", "admin|ip", WINDOW).await, n);
            bench.advance(WINDOW / 10).await;
        }
        assert_eq!(coord.strikes().count("login", "admin|ip").await, 5);
        assert_eq!(coord.strikes().count("login", "other|ip").await, 0);
        bench.advance(WINDOW / 2).await;
        assert_eq!(coord.strikes().count("login", "admin|ip").await, 0, "later failures do not prolong the window");
        assert_eq!(coord.strikes().hit("login", "admin|ip", WINDOW).await, 1);
    }
}

#[tokio::test]
async fn a_success_clears_them() {
    for bench in Bench::both().await {
        for _ in 0..3 {
            bench.coord.strikes().hit("login", "admin|ip", WINDOW).await;
        }
        bench.coord.strikes().clear("login", "admin|ip").await;
        assert_eq!(bench.coord.strikes().count("login", "admin|ip").await, 0);
        assert_eq!(bench.coord.strikes().hit("login", "admin|ip", WINDOW).await, 1);
    }
}
