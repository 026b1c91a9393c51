use std::time::Duration;

use futures_util::future::join_all;

use crate::support::Bench;

const LIFE: Duration = Duration::from_secs(30);

#[tokio::test]
async fn one_of_many_gets_the_lease_until_it_is_released() {
    for bench in Bench::both().await {
        let leases = bench.coord.lease();
        let asked = join_all((0..50).map(|_| leases.acquire("job", "me", LIFE))).await;
        let mut got: Vec<_> = asked.into_iter().filter_map(Result::unwrap).collect();
        assert_eq!(got.len(), 1);
        let first = got.remove(0);
        assert_eq!(leases.holder("job").await, Ok(Some("me".to_owned())));
        assert!(leases.acquire("other job", "me", LIFE).await.unwrap().is_some());

        let first_fence = first.fence;
        assert_eq!(leases.release(first).await, Ok(true));
        assert_eq!(leases.holder("job").await, Ok(None));
        let second = leases.acquire("job", "you", LIFE).await.unwrap().unwrap();
        assert!(second.fence > first_fence);
    }
}

#[tokio::test]
async fn renewing_prolongs_and_a_lost_lease_stays_lost() {
    for mut bench in Bench::both().await {
        let coord = bench.coord.clone();
        let first = coord.lease().acquire("job", "me", LIFE).await.unwrap().unwrap();
        bench.advance(LIFE / 2).await;
        assert_eq!(coord.lease().renew(&first, LIFE).await, Ok(true));
        bench.advance(LIFE / 2).await;
        assert!(coord.lease().acquire("job", "you", LIFE).await.unwrap().is_none());
        bench.advance(LIFE / 2).await;

        let second = coord.lease().acquire("job", "you", LIFE).await.unwrap().unwrap();
        assert!(second.fence > first.fence);
        assert_eq!(coord.lease().renew(&first, LIFE).await, Ok(false));
        assert_eq!(coord.lease().release(first).await, Ok(false));
        assert_eq!(coord.lease().holder("job").await, Ok(Some("you".to_owned())), "the new holder is undisturbed");
    }
}

#[tokio::test]
async fn the_same_owner_is_not_let_in_twice() {
    for bench in Bench::both().await {
        let _held = bench.coord.lease().acquire("job", "me", LIFE).await.unwrap().unwrap();
        assert!(bench.coord.lease().acquire("job", "me", LIFE).await.unwrap().is_none());
    }
}

#[tokio::test]
async fn fences_grow_over_a_thousand_holders() {
    for bench in Bench::both().await {
        let mut last = 0;
        for _ in 0..1_000 {
            let lease = bench.coord.lease().acquire("job", "me", LIFE).await.unwrap().unwrap();
            assert!(lease.fence > last);
            last = lease.fence;
            bench.coord.lease().release(lease).await.unwrap();
        }
    }
}
