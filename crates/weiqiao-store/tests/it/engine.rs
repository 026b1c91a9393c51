//! What the engines promise to every fact.

use std::future::pending;
use std::pin::pin;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use rstest::rstest;
use weiqiao_store::facts::setting::{FindSetting, PutSettingOnce};
use weiqiao_store::{Command, Query, Read, Shape, Store, StoreConfig, StoreError, StoreErrorKind, Transaction, Value};

use crate::support::{Db, Engine, NOW, together, within};

const ADD: &str = "INSERT INTO setting (name, value, created_at) VALUES ($1, $2, $3)";

/// Writes two settings, and does something wrong in between.
#[derive(Clone)]
struct AddTwo {
    between: Between,
}

#[derive(Clone, Copy)]
enum Between {
    Fail,
    Panic,
    PassOverAFailure,
    PassOverAFailedBatch,
}

fn setting(name: &str) -> Vec<Value> {
    vec![name.into(), Value::Bytes(vec![1]), NOW.into()]
}

impl Command for AddTwo {
    const NAME: &'static str = "test.add_two";
    type Output = ();

    async fn run<T: Transaction>(&self, tx: &mut T) -> Result<(), StoreError> {
        tx.execute(ADD, setting("first")).await?;
        match self.between {
            Between::Fail => {
                tx.query(ADD, setting("first")).await?;
            }
            Between::Panic => panic!("as asked"),
            Between::PassOverAFailure => assert!(tx.query(ADD, setting("first")).await.is_err()),
            Between::PassOverAFailedBatch => {
                assert!(tx.batch(vec![(ADD, setting("x")), (ADD, setting("first"))]).await.is_err());
            }
        }
        tx.execute(ADD, setting("second")).await?;
        Ok(())
    }
}

async fn exists(store: &Store, name: &str) -> bool {
    store.read(FindSetting { name: name.into() }).await.unwrap().is_some()
}

fn put(name: &str) -> PutSettingOnce {
    PutSettingOnce { name: name.into(), value: vec![1], now: NOW }
}

#[rstest]
#[case::fails(Between::Fail, StoreErrorKind::Conflict)]
#[case::panics(Between::Panic, StoreErrorKind::Internal)]
#[case::passes_over_a_failure(Between::PassOverAFailure, StoreErrorKind::Conflict)]
#[case::passes_over_a_failed_batch(Between::PassOverAFailedBatch, StoreErrorKind::Conflict)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_command_that_goes_wrong_changes_nothing_and_disturbs_nobody(
    #[case] between: Between,
    #[case] kind: StoreErrorKind,
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let Some(db) = Db::fresh(engine).await else { return };
    let others = together(std::slice::from_ref(&db.store), 20, |number| put(&format!("other {number}")));
    let wrong = together(std::slice::from_ref(&db.store), 5, |_| AddTwo { between });
    let (others, wrong) = tokio::join!(others, wrong);
    for refusal in wrong {
        assert_eq!(refusal.unwrap_err().kind(), kind);
    }
    assert!(others.into_iter().all(|other| other.unwrap().written));
    assert!(!exists(&db.store, "first").await && !exists(&db.store, "second").await);
    assert!(!exists(&db.store, "x").await);
    assert!(exists(&db.store, "other 19").await);
}

#[rstest]
#[tokio::test]
async fn an_error_names_the_fact_and_shows_no_value(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    struct Add;
    impl Command for Add {
        const NAME: &'static str = "test.add";
        type Output = u64;
        async fn run<T: Transaction>(&self, tx: &mut T) -> Result<u64, StoreError> {
            tx.execute(ADD, setting("13800138000")).await
        }
    }
    let Some(db) = Db::fresh(engine).await else { return };
    db.run(Add).await;
    let text = db.store.run(Add).await.unwrap_err().to_string();
    assert!(text.starts_with("test.add: ") && text.contains("setting"), "{text}");
    assert!(!text.contains("138"), "{text}");
}

#[rstest]
#[tokio::test]
async fn text_with_nul_is_refused_and_other_text_is_kept(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let Some(db) = Db::fresh(engine).await else { return };
    let refusal = db.store.run(put("a\0b")).await.unwrap_err();
    assert_eq!(refusal.kind(), StoreErrorKind::Invalid);
    for name in
        ["", " ", "\u{7}\u{1b}[31m", "小红 \u{1F469}\u{200D}\u{1F680}", "\u{202E}tfel", "\u{E001}", "'; --", "\\"]
    {
        db.run(put(name)).await;
        assert!(exists(&db.store, name).await, "{name:?}");
    }
    let bytes: Vec<u8> = (0..=255).collect();
    db.run(PutSettingOnce { name: "bytes".into(), value: bytes.clone(), now: i64::MIN }).await;
    assert_eq!(db.store.read(FindSetting { name: "bytes".into() }).await.unwrap(), Some(bytes));
    db.run(PutSettingOnce { name: "empty".into(), value: vec![], now: i64::MAX }).await;
    assert_eq!(db.store.read(FindSetting { name: "empty".into() }).await.unwrap(), Some(vec![]));
}

#[rstest]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_acknowledged_is_there_after_reopening(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let Some(db) = Db::fresh(engine).await else { return };
    let answers = together(std::slice::from_ref(&db.store), 500, |number| put(&number.to_string())).await;
    assert!(answers.into_iter().all(|answer| answer.unwrap().written));
    db.store.close().await;

    let refusal = db.store.run(put("late")).await.unwrap_err();
    assert!(refusal.is_unavailable(), "{refusal}");
    assert!(db.store.read(FindSetting { name: "0".into() }).await.unwrap_err().is_unavailable());
    assert!(db.store.ping().await.unwrap_err().is_unavailable());
    db.store.close().await;

    let again = Store::open(&db.config).await.unwrap();
    again.ping().await.unwrap();
    for number in 0..500 {
        assert!(exists(&again, &number.to_string()).await, "{number}");
    }
    assert!(!exists(&again, "late").await);
}

#[rstest]
#[tokio::test]
async fn a_command_runs_to_its_end_when_its_caller_goes_away(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let Some(db) = Db::fresh(engine).await else { return };
    {
        let mut command = pin!(db.store.run(put("orphan")));
        let started = command.as_mut().poll(&mut Context::from_waker(Waker::noop()));
        assert!(matches!(started, Poll::Pending));
    }
    let appeared = async {
        while !exists(&db.store, "orphan").await {
            tokio::task::yield_now().await;
        }
    };
    within(Duration::from_secs(10), appeared).await;
}

#[rstest]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn closing_waits_for_what_was_handed_over(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let Some(db) = Db::fresh(engine).await else { return };
    for number in 0..30 {
        let mut command = pin!(db.store.run(put(&number.to_string())));
        let started = command.as_mut().poll(&mut Context::from_waker(Waker::noop()));
        assert!(matches!(started, Poll::Pending));
    }
    db.store.close().await;
    let again = Store::open(&db.config).await.unwrap();
    for number in 0..30 {
        assert!(exists(&again, &number.to_string()).await, "{number}");
    }
}

#[tokio::test]
async fn on_sqlite_a_fact_that_waits_for_something_else_is_refused() {
    struct Wait;
    impl Command for Wait {
        const NAME: &'static str = "test.wait";
        type Output = ();
        async fn run<T: Transaction>(&self, tx: &mut T) -> Result<(), StoreError> {
            tx.execute(ADD, setting("first")).await?;
            pending().await
        }
    }
    let db = Db::fresh(Engine::Sqlite).await.unwrap();
    assert_eq!(db.store.run(Wait).await.unwrap_err().kind(), StoreErrorKind::Internal);
    assert!(!exists(&db.store, "first").await);
}

#[rstest]
#[tokio::test]
async fn a_scan_sees_one_moment_and_cannot_write(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    const COUNT: &str = "SELECT count(*) FROM setting";

    /// Counts, lets somebody else write, and counts again.
    struct CountTwice {
        config: StoreConfig,
        store: Store,
    }
    impl Query for CountTwice {
        const NAME: &'static str = "test.count_twice";
        const SHAPE: Shape = Shape::Scan;
        type Output = (i64, i64);
        async fn run<R: Read>(&self, db: &mut R) -> Result<(i64, i64), StoreError> {
            let before = db.query_one(COUNT, vec![]).await?.integer()?;
            let (config, store) = (self.config.clone(), self.store.clone());
            // A thread and runtime of its own: this query may not wait for anything but the database.
            let somebody = std::thread::spawn(move || {
                let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
                runtime.block_on(async {
                    let store = match config {
                        StoreConfig::Sqlite { .. } => store,
                        StoreConfig::Postgres { .. } => Store::open(&config).await.unwrap(),
                    };
                    store.run(put("meanwhile")).await.unwrap();
                });
            });
            somebody.join().unwrap();
            Ok((before, db.query_one(COUNT, vec![]).await?.integer()?))
        }
    }
    struct Write;
    impl Query for Write {
        const NAME: &'static str = "test.write";
        const SHAPE: Shape = Shape::Scan;
        type Output = ();
        async fn run<R: Read>(&self, db: &mut R) -> Result<(), StoreError> {
            db.query(ADD, setting("written by a query")).await.map(|_| ())
        }
    }

    let Some(db) = Db::fresh(engine).await else { return };
    let twice = CountTwice { config: db.config.clone(), store: db.store.clone() };
    let counts = db.store.read(twice).await.unwrap();
    assert_eq!(counts, (0, 0));
    assert!(exists(&db.store, "meanwhile").await);
    db.store.read(Write).await.unwrap_err();
    assert!(!exists(&db.store, "written by a query").await);
}

#[rstest]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_query_that_panics_is_one_error_and_no_more(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    struct Panic<const SCAN: bool>;
    impl<const SCAN: bool> Query for Panic<SCAN> {
        const NAME: &'static str = "test.panic";
        const SHAPE: Shape = if SCAN { Shape::Scan } else { Shape::Point };
        type Output = ();
        async fn run<R: Read>(&self, db: &mut R) -> Result<(), StoreError> {
            db.query("SELECT count(*) FROM setting", vec![]).await?;
            panic!("as asked")
        }
    }
    let Some(db) = Db::fresh(engine).await else { return };
    for _ in 0..20 {
        for outcome in [db.store.read(Panic::<true>).await, db.store.read(Panic::<false>).await] {
            assert_eq!(outcome.unwrap_err().kind(), StoreErrorKind::Internal);
        }
    }
    db.run(put("after")).await;
    assert!(exists(&db.store, "after").await);
    let count = weiqiao_store::facts::staff::CountStaff;
    assert_eq!(db.store.read(count).await.unwrap(), 0, "a scan works as well");
}
