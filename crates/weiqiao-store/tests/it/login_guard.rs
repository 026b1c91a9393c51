use std::time::Duration;

use rstest::rstest;
use weiqiao_store::facts::login_guard::{ClearGuard, FindGuard, Guess, GuessPolicy, SweepGuards, TakeGuess};

use crate::support::{DAY, Db, Engine, HOUR, MINUTE, NOW, raw, together, within};

const POLICY: GuessPolicy = GuessPolicy {
    per_address: 5,
    per_user: 20,
    window_ms: 15 * MINUTE,
    ladder_ms: &[MINUTE, 10 * MINUTE, HOUR, DAY],
    memory_ms: DAY,
};

fn guess(address: &str, now: i64) -> TakeGuess {
    TakeGuess { address_key: format!("li@{address}"), user_key: "li".into(), policy: POLICY, now }
}

#[rstest]
#[tokio::test]
async fn the_door_stays_shut_longer_each_time(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let Some(db) = Db::fresh(engine).await else { return };
    let mut now = NOW;
    for number in 1..=5 {
        assert_eq!(db.run(guess("a", now)).await, Guess::Allowed { locks: number == 5 });
    }
    for length in [MINUTE, 10 * MINUTE, HOUR] {
        let shut = now + length;
        assert_eq!(db.run(guess("a", shut - 1)).await, Guess::Locked(shut));
        let find = FindGuard { address_key: "li@a".into(), now: shut - 1 };
        assert_eq!(db.store.read(find).await.unwrap(), Some(shut));
        now = shut;
        // Within the window one guess shuts the door again; after it there are five once more.
        let mut last = db.run(guess("a", now)).await;
        while last == (Guess::Allowed { locks: false }) {
            last = db.run(guess("a", now)).await;
        }
        assert_eq!(last, Guess::Allowed { locks: true });
    }
    assert_eq!(db.run(guess("a", now)).await, Guess::Locked(now + DAY));
    assert_eq!(db.run(guess("b", now)).await, Guess::Allowed { locks: false }, "another address is not to blame");
    // A day after the end of the last one nobody remembers.
    let later = now + 2 * DAY;
    for number in 1..=5 {
        assert_eq!(db.run(guess("a", later)).await, Guess::Allowed { locks: number == 5 });
    }
    assert_eq!(db.run(guess("a", later)).await, Guess::Locked(later + MINUTE));
}

#[rstest]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hundred_guesses_at_once_are_five(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let Some(db) = Db::fresh(engine).await else { return };
    let answers = together(&[db.store.clone(), db.another().await], 100, |_| guess("a", NOW)).await;
    let allowed = answers.into_iter().filter(|answer| matches!(answer, Ok(Guess::Allowed { .. }))).count();
    assert_eq!(allowed, 5);
}

#[rstest]
#[tokio::test]
async fn guesses_from_everywhere_do_not_shut_out_whoever_was_here_before(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let Some(db) = Db::fresh(engine).await else { return };
    assert_eq!(db.run(guess("home", NOW)).await, Guess::Allowed { locks: false });
    db.run(ClearGuard { address_key: "li@home".into(), user_key: "li".into(), trusted_until: NOW + 90 * DAY }).await;
    let mut allowed = 0;
    for number in 0..200 {
        allowed += usize::from(matches!(db.run(guess(&number.to_string(), NOW)).await, Guess::Allowed { .. }));
    }
    assert_eq!(allowed, 20);
    assert_eq!(db.run(guess("home", NOW)).await, Guess::Allowed { locks: false });
    assert_eq!(db.run(SweepGuards { now: NOW + 3 * DAY, limit: 1000 }).await, 20 + 1, "all but home");
    assert_eq!(db.run(SweepGuards { now: NOW + 91 * DAY, limit: 1000 }).await, 1);
}

/// The owner comes in while strangers guess from everywhere: what deletes the count of the name meets those who count.
#[rstest]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_comes_in_does_not_trip_those_who_guess(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let Some(db) = Db::fresh(engine).await else { return };
    let instances = [db.store.clone(), db.another().await];
    let mut running = tokio::task::JoinSet::new();
    for number in 0..16 {
        let store = instances[number % 2].clone();
        running.spawn(async move {
            for round in 0..40 {
                if number == 0 {
                    store.run(guess("home", NOW)).await?;
                }
                if number < 4 {
                    let (address_key, user_key) = ("li@home".into(), "li".into());
                    store.run(ClearGuard { address_key, user_key, trusted_until: NOW + 90 * DAY }).await?;
                } else {
                    store.run(guess(&format!("{number}.{round}"), NOW)).await?;
                }
            }
            Ok::<_, weiqiao_store::StoreError>(())
        });
    }
    for outcome in running.join_all().await {
        outcome.unwrap();
    }
}

/// Rows that are locked in two orders end in a deadlock, a second later at the soonest.
#[tokio::test]
async fn whoever_waits_for_the_name_holds_no_address() {
    let Some(db) = Db::fresh(Engine::Postgres).await else { return };
    db.run(guess("home", NOW)).await;
    let clear = || ClearGuard { address_key: "li@home".into(), user_key: "li".into(), trusted_until: NOW };
    let (holder, looker) = (raw(db.postgres_url()).await, raw(db.postgres_url()).await);
    let holds: i32 = holder.query_one("SELECT pg_backend_pid()", &[]).await.unwrap().get(0);
    for clears in [false, true] {
        holder.batch_execute("BEGIN; SELECT 1 FROM login_guard WHERE key = 'li' FOR UPDATE").await.unwrap();
        let store = db.store.clone();
        let task = tokio::spawn(async move {
            match clears {
                true => store.run(clear()).await,
                false => store.run(guess("home", NOW)).await.map(drop),
            }
        });
        // It is in front of the row of the name as soon as the server says that it waits for who has that.
        let waits = "SELECT count(*) FROM pg_stat_activity WHERE $1 = ANY (pg_blocking_pids(pid))";
        let waiting = async {
            while looker.query_one(waits, &[&holds]).await.unwrap().get::<_, i64>(0) == 0 {
                tokio::task::yield_now().await;
            }
        };
        within(Duration::from_secs(10), waiting).await;
        let free = "SELECT 1 FROM login_guard WHERE key = 'li@home' FOR UPDATE NOWAIT";
        assert!(looker.query_opt(free, &[]).await.is_ok_and(|row| row.is_some()), "clears: {clears}");
        holder.batch_execute("COMMIT").await.unwrap();
        task.await.unwrap().unwrap();
    }
}

/// A guess and the sweep meet over a row that is old: the guess stays counted, and neither waits for long.
#[tokio::test]
async fn the_sweep_leaves_out_what_somebody_is_counting_in() {
    let Some(db) = Db::fresh(Engine::Postgres).await else { return };
    db.run(guess("a", NOW)).await;
    let later = NOW + 2 * DAY;
    let holder = raw(db.postgres_url()).await;
    holder.batch_execute("BEGIN; SELECT 1 FROM login_guard WHERE key = 'li' FOR UPDATE").await.unwrap();
    assert_eq!(db.run(SweepGuards { now: later, limit: 10 }).await, 1, "only the address");
    holder.batch_execute("COMMIT").await.unwrap();
    assert_eq!(db.run(SweepGuards { now: later, limit: 10 }).await, 1);
}
