use std::time::Duration;

use weiqiao_coord::Meaning;

use crate::support::Bench;

const MINUTE: Duration = Duration::from_secs(60);

#[tokio::test]
async fn a_value_is_there_until_its_life_is_over() {
    for mut bench in Bench::both().await {
        let key = bench.coord.key(Meaning::Cache, "n", "k");
        assert_eq!(bench.coord.raw().get(&key).await, Ok(None));
        bench.coord.raw().put(&key, b"\0bytes\xff", MINUTE).await.unwrap();
        assert_eq!(bench.coord.raw().get(&key).await, Ok(Some(b"\0bytes\xff".to_vec())));
        bench.coord.raw().put(&key, b"", MINUTE).await.unwrap();
        assert_eq!(bench.coord.raw().get(&key).await, Ok(Some(Vec::new())), "an empty value is a value");
        bench.advance(MINUTE - Duration::from_secs(20)).await;
        assert!(bench.coord.raw().get(&key).await.unwrap().is_some());
        bench.advance(Duration::from_secs(20)).await;
        assert_eq!(bench.coord.raw().get(&key).await, Ok(None));
        assert_eq!(bench.coord.raw().delete(&key).await, Ok(false));
    }
}

#[tokio::test]
async fn put_new_never_replaces() {
    for mut bench in Bench::both().await {
        let key = bench.coord.key(Meaning::Cache, "n", "k");
        assert_eq!(bench.coord.raw().put_new(&key, b"first", MINUTE).await, Ok(true));
        assert_eq!(bench.coord.raw().put_new(&key, b"second", MINUTE).await, Ok(false));
        assert_eq!(bench.coord.raw().get(&key).await, Ok(Some(b"first".to_vec())));
        bench.advance(MINUTE).await;
        assert_eq!(bench.coord.raw().put_new(&key, b"third", MINUTE).await, Ok(true));
    }
}

#[tokio::test]
async fn comparing_writes_happen_only_when_the_value_is_the_expected_one() {
    for mut bench in Bench::both().await {
        let key = bench.coord.key(Meaning::Cache, "n", "k");
        assert_eq!(bench.coord.raw().put_if(&key, b"a", b"b", MINUTE).await, Ok(false));
        assert_eq!(bench.coord.raw().delete_if(&key, b"a").await, Ok(false));
        bench.coord.raw().put(&key, b"a", MINUTE).await.unwrap();
        assert_eq!(bench.coord.raw().put_if(&key, b"x", b"b", MINUTE).await, Ok(false));
        bench.advance(MINUTE / 2).await;
        assert_eq!(bench.coord.raw().put_if(&key, b"a", b"b", MINUTE).await, Ok(true));
        bench.advance(MINUTE / 2).await;
        assert_eq!(bench.coord.raw().get(&key).await, Ok(Some(b"b".to_vec())), "replacing renews the life");
        assert_eq!(bench.coord.raw().delete_if(&key, b"a").await, Ok(false));
        assert_eq!(bench.coord.raw().delete_if(&key, b"b").await, Ok(true));
        assert_eq!(bench.coord.raw().get(&key).await, Ok(None));
    }
}

#[tokio::test]
async fn meanings_and_names_do_not_meet() {
    for bench in Bench::both().await {
        let key = bench.coord.key(Meaning::Cache, "n", "k");
        bench.coord.raw().put(&key, b"v", MINUTE).await.unwrap();
        for other in [
            bench.coord.key(Meaning::OneTime, "n", "k"),
            bench.coord.key(Meaning::Cache, "m", "k"),
            bench.coord.key(Meaning::Cache, "n", "l"),
        ] {
            assert_eq!(bench.coord.raw().get(&other).await, Ok(None));
        }
    }
}

#[tokio::test]
async fn the_kept_bytes_of_the_cache_come_back_and_can_be_forgotten() {
    for bench in Bench::both().await {
        let kv = bench.coord.kv();
        assert!(kv.put("domains", "wx1", b"list", MINUTE).await);
        assert_eq!(kv.get("domains", "wx1").await, Some(b"list".to_vec()));
        kv.delete("domains", "wx1").await;
        assert_eq!(kv.get("domains", "wx1").await, None);
        bench.coord.ping().await.unwrap();
        bench.coord.sweep();
    }
}
