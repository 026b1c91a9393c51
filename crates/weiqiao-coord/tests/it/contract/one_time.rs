use std::time::Duration;

use futures_util::future::join_all;

use crate::support::Bench;

const TEN_MINUTES: Duration = Duration::from_secs(600);

#[tokio::test]
async fn of_many_takers_at_once_one_gets_the_value() {
    for bench in Bench::both().await {
        let once = bench.coord.one_time();
        assert_eq!(once.issue("ticket", "k", b"value", TEN_MINUTES).await, Ok(true));
        assert_eq!(once.issue("ticket", "k", b"other", TEN_MINUTES).await, Ok(false));
        assert_eq!(once.peek("ticket", "k").await, Ok(Some(b"value".to_vec())));
        let taken = join_all((0..50).map(|_| once.take("ticket", "k"))).await;
        let values: Vec<_> = taken.into_iter().filter_map(Result::unwrap).collect();
        assert_eq!(values, [b"value".to_vec()]);
        assert_eq!(once.peek("ticket", "k").await, Ok(None));
    }
}

#[tokio::test]
async fn a_value_that_was_not_taken_in_time_is_gone() {
    for mut bench in Bench::both().await {
        bench.coord.one_time().issue("ticket", "k", b"value", TEN_MINUTES).await.unwrap();
        bench.advance(TEN_MINUTES).await;
        assert_eq!(bench.coord.one_time().take("ticket", "k").await, Ok(None));
    }
}
