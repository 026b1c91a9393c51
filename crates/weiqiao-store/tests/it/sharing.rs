//! Commands that share transactions on Postgres.

use weiqiao_store::{Command, Sharing, StoreError, StoreErrorKind, Transaction, Value};

use crate::customer::{submit, subscribe};
use crate::idempotency::{answer, submit_once};
use crate::support::{Db, Engine, NOW, raw, together};

const ADD: &str = "INSERT INTO setting (name, value, created_at) VALUES ($1, $2, 0)";

/// Adds a row, and may fail in some way.
struct Add {
    name: String,
    then: Then,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Then {
    Work,
    Refuse,
    PassOver,
    Panic,
}

impl Command for Add {
    const NAME: &'static str = "test.add";
    type Output = ();

    fn sharing(&self) -> Sharing<'_> {
        Sharing::Always
    }

    async fn run<T: Transaction>(&self, tx: &mut T) -> Result<(), StoreError> {
        let row = || vec![Value::from(&self.name), Value::from(vec![1])];
        tx.execute(ADD, row()).await?;
        match self.then {
            Then::Work => Ok(()),
            Then::Refuse => tx.execute(ADD, vec!["\0".into(), Value::from(vec![1])]).await.map(drop),
            Then::PassOver => {
                let again = tx.execute(ADD, row()).await;
                assert!(again.is_err());
                Ok(())
            }
            Then::Panic => panic!("as asked"),
        }
    }
}

#[tokio::test]
async fn actions_that_come_together_share_commits() {
    let Some(db) = Db::fresh(Engine::Postgres).await else { return };
    let phones: Vec<String> = (0..100).map(|number| format!("phone {number}")).collect();
    let stores = [db.store.clone()];
    let done = together(&stores, phones.len(), |number| submit(Some(&phones[number]))).await;
    assert!(done.iter().all(Result::is_ok));
    let commits = "SELECT count(*), count(DISTINCT xmin::text) FROM customer_action";
    let row = raw(db.postgres_url()).await.query_one(commits, &[]).await.unwrap();
    let (actions, commits): (i64, i64) = (row.get(0), row.get(1));
    assert_eq!(actions, 100);
    assert!(commits < 50, "{commits} commits for {actions} actions");
}

#[tokio::test]
async fn what_fails_in_company_undoes_only_itself() {
    let Some(db) = Db::fresh(Engine::Postgres).await else { return };
    for round in 0..5 {
        let then = |number: usize| match number {
            7 => Then::Refuse,
            8 => Then::PassOver,
            9 => Then::Panic,
            _ => Then::Work,
        };
        let stores = [db.store.clone()];
        let command = |number| Add { name: format!("{round} {number}"), then: then(number) };
        let mut kinds: Vec<_> =
            together(&stores, 40, command).await.into_iter().filter_map(Result::err).map(|e| e.kind()).collect();
        kinds.sort_by_key(|kind| kind.as_str());
        assert_eq!(kinds, [StoreErrorKind::Conflict, StoreErrorKind::Internal, StoreErrorKind::Invalid]);
    }
    let row = raw(db.postgres_url()).await.query_one("SELECT count(*) FROM setting", &[]).await.unwrap();
    assert_eq!(row.get::<_, i64>(0), 5 * 37);
}

#[tokio::test]
async fn instances_that_meet_over_the_same_phones_make_one_lead_each() {
    let Some(db) = Db::fresh(Engine::Postgres).await else { return };
    let stores = [db.store.clone(), db.another().await];
    let phones = ["a", "b", "c", "d", "e"];
    // In one order there and in the other one here: who waits for whom is for Postgres to find out.
    let phone = |number: usize| if number.is_multiple_of(2) { number / 2 % 5 } else { 4 - number / 2 % 5 };
    let done = together(&stores, 60, |number| submit(Some(phones[phone(number)]))).await;
    assert!(done.iter().all(Result::is_ok), "{done:?}");
    let counts = "SELECT (SELECT count(*) FROM lead), (SELECT count(*) FROM customer_action), \
        (SELECT count(*) FROM customer_action WHERE lead_created = 1)";
    let row = raw(db.postgres_url()).await.query_one(counts, &[]).await.unwrap();
    assert_eq!([0, 1, 2].map(|at| row.get::<_, i64>(at)), [5, 60, 5]);
}

#[tokio::test]
async fn a_repeated_request_is_answered_when_all_of_the_first_is_there() {
    let Some(db) = Db::fresh(Engine::Postgres).await else { return };
    db.run(subscribe("a1", "w1", true, NOW)).await;
    let stores = [db.store.clone()];
    let keys: Vec<String> = (0..10).map(|number| format!("key {number}")).collect();
    let done = together(&stores, 100, |number| submit_once(None, (&keys[number % 10], "said"))).await;
    let (first, again): (Vec<_>, Vec<_>) =
        done.into_iter().map(|one| answer(one.unwrap())).partition(|(first, _)| *first);
    assert_eq!((first.len(), again.len()), (10, 90));
    assert!(again.iter().all(|(_, told)| first.iter().any(|(_, first)| first == told)), "each was told all of it");
}
