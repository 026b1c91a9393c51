use rstest::rstest;
use weiqiao_store::facts::login_guard::{ClearGuard, FindGuard, Guess, GuessPolicy, SweepGuards, TakeGuess};

use crate::support::{DAY, Db, Engine, HOUR, MINUTE, NOW, together};

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
