//! What only a server can do to us.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use tokio::sync::Barrier;
use weiqiao_store::facts::setting::{FindSetting, PutSettingOnce};
use weiqiao_store::{Command, Query, Read, Shape, Store, StoreConfig, StoreError, StoreErrorKind, Transaction, Value};

use crate::support::{Db, Engine, NOW, id, postgres_url, raw, together, within};

fn put(name: &str) -> PutSettingOnce {
    PutSettingOnce { name: name.into(), value: vec![1], now: NOW }
}

/// The same database through a pool of one connection.
async fn single(db: &Db) -> Store {
    Store::open(&StoreConfig::Postgres { url: db.postgres_url().to_owned(), pool_size: 1 }).await.unwrap()
}

const TOUCH: &str = "UPDATE setting SET created_at = created_at + 1 WHERE name = $1";

#[tokio::test]
async fn a_transaction_that_is_dropped_half_way_leaves_no_trace_in_the_pool() {
    struct Hang {
        shape: &'static str,
        begun: Arc<Barrier>,
    }
    impl Query for Hang {
        const NAME: &'static str = "test.hang";
        const SHAPE: Shape = Shape::Scan;
        type Output = ();
        async fn run<R: Read>(&self, db: &mut R) -> Result<(), StoreError> {
            db.query(self.shape, vec![]).await?;
            self.begun.wait().await;
            std::future::pending().await
        }
    }
    let Some(db) = Db::fresh(Engine::Postgres).await else { return };
    db.run(put("row")).await;
    let store = single(&db).await;
    let begun = Arc::new(Barrier::new(2));
    let hang = Hang { shape: "SELECT count(*) FROM setting", begun: Arc::clone(&begun) };
    let reader = store.clone();
    let task = tokio::spawn(async move { reader.read(hang).await });
    begun.wait().await;
    task.abort();
    assert!(task.await.unwrap_err().is_cancelled());
    assert!(store.run(put("next")).await.unwrap().written);
    assert!(store.read(FindSetting { name: "next".into() }).await.unwrap().is_some());
}

#[tokio::test]
async fn a_command_that_panics_keeps_no_lock() {
    struct LockAndPanic;
    impl Command for LockAndPanic {
        const NAME: &'static str = "test.lock_and_panic";
        type Output = ();
        async fn run<T: Transaction>(&self, tx: &mut T) -> Result<(), StoreError> {
            tx.execute(TOUCH, vec!["row".into()]).await?;
            panic!("as asked")
        }
    }
    struct Touch;
    impl Command for Touch {
        const NAME: &'static str = "test.touch";
        type Output = u64;
        async fn run<T: Transaction>(&self, tx: &mut T) -> Result<u64, StoreError> {
            tx.execute(TOUCH, vec!["row".into()]).await
        }
    }
    let Some(db) = Db::fresh(Engine::Postgres).await else { return };
    db.run(put("row")).await;
    let store = single(&db).await;
    assert_eq!(store.run(LockAndPanic).await.unwrap_err().kind(), StoreErrorKind::Internal);
    assert_eq!(store.run(Touch).await.unwrap(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn commands_that_lock_each_other_out_are_run_again() {
    /// Takes two rows, waiting in between until the other one has its first.
    struct Cross {
        rows: [&'static str; 2],
        both_hold_one: Arc<Barrier>,
        attempts: Arc<AtomicU32>,
    }
    impl Command for Cross {
        const NAME: &'static str = "test.cross";
        type Output = ();
        async fn run<T: Transaction>(&self, tx: &mut T) -> Result<(), StoreError> {
            tx.execute(TOUCH, vec![self.rows[0].into()]).await?;
            if self.attempts.fetch_add(1, Ordering::SeqCst) < 2 {
                self.both_hold_one.wait().await;
            }
            tx.execute(TOUCH, vec![self.rows[1].into()]).await?;
            Ok(())
        }
    }
    let Some(db) = Db::fresh(Engine::Postgres).await else { return };
    db.run(put("a")).await;
    db.run(put("b")).await;
    let (barrier, attempts) = (Arc::new(Barrier::new(2)), Arc::new(AtomicU32::new(0)));
    let cross = |rows| Cross { rows, both_hold_one: Arc::clone(&barrier), attempts: Arc::clone(&attempts) };
    let (one, other) = tokio::join!(db.store.run(cross(["a", "b"])), db.store.run(cross(["b", "a"])));
    one.unwrap();
    other.unwrap();
    assert!(attempts.load(Ordering::SeqCst) > 2, "one of them was run again");
    let client = raw(db.postgres_url()).await;
    for row in client.query("SELECT created_at FROM setting", &[]).await.unwrap() {
        assert_eq!(row.get::<_, i64>(0), NOW + 2, "each took each row once");
    }
}

#[tokio::test]
async fn connections_the_server_ended_are_replaced_without_an_error() {
    let Some(db) = Db::fresh(Engine::Postgres).await else { return };
    let name: String = id::<()>().as_str().chars().filter(char::is_ascii_hexdigit).collect();
    let url = format!("{}&application_name={name}", db.postgres_url());
    let store = Store::open(&StoreConfig::Postgres { url, pool_size: 8 }).await.unwrap();
    together(std::slice::from_ref(&store), 8, |number| put(&number.to_string())).await;
    let end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = $1";
    let ended = raw(db.postgres_url()).await.query(end, &[&name]).await.unwrap();
    assert!(ended.len() >= 2, "{}", ended.len());
    let answers = together(std::slice::from_ref(&store), 8, |number| put(&format!("after {number}"))).await;
    for answer in answers {
        assert!(answer.unwrap().written);
    }
    assert!(store.read(FindSetting { name: "after 7".into() }).await.unwrap().is_some());
}

#[tokio::test]
async fn a_pool_in_full_use_says_so_in_time() {
    struct Hold {
        held: Arc<Barrier>,
    }
    impl Query for Hold {
        const NAME: &'static str = "test.hold";
        const SHAPE: Shape = Shape::Scan;
        type Output = ();
        async fn run<R: Read>(&self, _: &mut R) -> Result<(), StoreError> {
            self.held.wait().await;
            std::future::pending().await
        }
    }
    let Some(db) = Db::fresh(Engine::Postgres).await else { return };
    let store = single(&db).await;
    let held = Arc::new(Barrier::new(2));
    let (holder, hold) = (store.clone(), Hold { held: Arc::clone(&held) });
    let task = tokio::spawn(async move { holder.read(hold).await });
    held.wait().await;
    let refusal = within(Duration::from_secs(10), store.run(put("x"))).await.unwrap_err();
    assert!(refusal.is_unavailable() && refusal.to_string().contains("in use"), "{refusal}");
    task.abort();
    let _ = task.await;
    store.run(put("x")).await.unwrap();
}

#[tokio::test]
async fn every_connection_has_its_limits() {
    struct Show(&'static str);
    impl Query for Show {
        const NAME: &'static str = "test.show";
        type Output = String;
        async fn run<R: Read>(&self, db: &mut R) -> Result<String, StoreError> {
            db.query_one("SELECT current_setting($1)", vec![Value::from(self.0)]).await?.text()
        }
    }
    let Some(db) = Db::fresh(Engine::Postgres).await else { return };
    for (setting, value) in [
        ("statement_timeout", "5s"),
        ("lock_timeout", "2s"),
        ("idle_in_transaction_session_timeout", "10s"),
        ("default_transaction_isolation", "read committed"),
        ("application_name", "weiqiao"),
    ] {
        assert_eq!(db.store.read(Show(setting)).await.unwrap(), value, "{setting}");
    }
}

#[tokio::test]
async fn a_server_that_would_forget_is_refused() {
    let Some(url) = postgres_url() else { return };
    let separator = if url.contains('?') { '&' } else { '?' };
    let url = format!("{url}{separator}options=-csynchronous_commit%3Doff");
    let refusal = Store::open(&StoreConfig::Postgres { url, pool_size: 1 }).await.unwrap_err();
    assert_eq!(refusal.kind(), StoreErrorKind::Config);
    assert!(refusal.to_string().contains("synchronous_commit = off"), "{refusal}");
}

#[tokio::test]
async fn encryption_that_was_asked_for_is_never_left_out() {
    let Some(url) = postgres_url() else { return };
    let separator = if url.contains('?') { '&' } else { '?' };
    let url = format!("{url}{separator}sslmode=require");
    let refusal = Store::open(&StoreConfig::Postgres { url, pool_size: 1 }).await.unwrap_err();
    assert!(refusal.is_unavailable() && refusal.to_string().contains("TLS"), "{refusal}");
}

#[tokio::test]
async fn a_server_that_is_not_there_is_unavailable_and_the_password_stays_secret() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(listener);
    let url = format!("postgres://weiqiao:hunter2@127.0.0.1:{port}/weiqiao");
    let refusal = Store::open(&StoreConfig::Postgres { url, pool_size: 1 }).await.unwrap_err();
    assert!(refusal.is_unavailable(), "{refusal}");
    assert!(!refusal.to_string().contains("hunter2"), "{refusal}");
}
