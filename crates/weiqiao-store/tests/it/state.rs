use rstest::rstest;
use weiqiao_model::AppId;
use weiqiao_store::facts::state::{FindState, IssueState, SettleState, StateClaim, SweepStates, TakeState};

use crate::support::{Db, Engine, MINI, MINUTE, NOW, OFFICIAL, SECOND, official, together};

fn issue(hash: &str) -> IssueState {
    IssueState {
        hash: hash.into(),
        app_id: AppId::new(OFFICIAL),
        account: official(),
        flow: "redirect".into(),
        cookie_hash: "jar-a".into(),
        target: "https://shop.example.com/cart?item=1".into(),
        scope: "snsapi_userinfo".into(),
        max_live: 5,
        expires_at: NOW + 10 * MINUTE,
        now: NOW,
    }
}

fn take(hash: &str) -> TakeState {
    TakeState {
        hash: hash.into(),
        cookie_hash: "jar-a".into(),
        app_id: AppId::new(OFFICIAL),
        flow: "redirect".into(),
        reuse_ms: MINUTE,
        now: NOW + SECOND,
    }
}

#[rstest]
#[tokio::test]
async fn a_state_is_taken_once_and_answers_the_same_browser_for_a_minute(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let Some(db) = Db::fresh(engine).await else { return };
    db.run(issue("s")).await;
    let StateClaim::Fresh(state) = db.run(take("s")).await else { panic!("not fresh") };
    assert_eq!(state.target, b"https://shop.example.com/cart?item=1");
    assert_eq!((state.account.as_str(), state.flow.as_str()), ("official", "redirect"));
    assert_eq!((state.issued_at, state.taken_at, state.outcome), (NOW, Some(NOW + SECOND), None));

    let at = |now| TakeState { now, ..take("s") };
    let StateClaim::Again(waiting) = db.run(at(NOW + 2 * SECOND)).await else { panic!("not again") };
    assert_eq!((waiting.outcome, waiting.taken_at), (None, Some(NOW + SECOND)));
    assert!(db.run(SettleState { hash: "s".into(), outcome: vec![7] }).await);
    assert!(!db.run(SettleState { hash: "s".into(), outcome: vec![8] }).await, "the first outcome stays");
    let StateClaim::Again(settled) = db.run(at(NOW + SECOND + MINUTE - 1)).await else { panic!("not again") };
    assert_eq!(settled.outcome, Some(vec![7]));
    assert_eq!(db.run(at(NOW + SECOND + MINUTE)).await, StateClaim::Spent);

    let seen = db.store.read(FindState { hash: "s".into() }).await.unwrap().unwrap();
    assert_eq!((seen.cookie_hash.as_str(), seen.outcome), ("jar-a", Some(vec![7])));
    assert_eq!(db.store.read(FindState { hash: "x".into() }).await.unwrap(), None);
}

#[rstest]
#[tokio::test]
async fn another_browser_account_or_flow_does_not_get_it_and_does_not_spoil_it(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let Some(db) = Db::fresh(engine).await else { return };
    db.run(issue("s")).await;
    let foreign = [
        TakeState { cookie_hash: "jar-b".into(), ..take("s") },
        TakeState { app_id: AppId::new(MINI), ..take("s") },
        TakeState { flow: "page".into(), ..take("s") },
    ];
    for other in &foreign {
        assert_eq!(db.run(other.clone()).await, StateClaim::Foreign);
    }
    assert!(matches!(db.run(take("s")).await, StateClaim::Fresh(_)));
    for other in foreign {
        assert_eq!(db.run(other).await, StateClaim::Foreign, "not within the reuse time either");
    }
    assert_eq!(db.run(take("never issued")).await, StateClaim::Unknown);
}

#[rstest]
#[tokio::test]
async fn ten_minutes_are_ten_minutes(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let Some(db) = Db::fresh(engine).await else { return };
    for hash in ["in time", "late"] {
        db.run(issue(hash)).await;
    }
    let at = |hash, now| TakeState { now, ..take(hash) };
    assert!(matches!(db.run(at("in time", NOW + 10 * MINUTE - SECOND)).await, StateClaim::Fresh(_)));
    assert_eq!(db.run(at("late", NOW + 10 * MINUTE)).await, StateClaim::Expired);
    assert!(!db.run(SettleState { hash: "late".into(), outcome: vec![1] }).await, "nobody took it");
}

#[rstest]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_many_returns_at_once_one_goes_on(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let Some(db) = Db::fresh(engine).await else { return };
    db.run(issue("s")).await;
    let claims = together(&[db.store.clone(), db.another().await], 30, |_| take("s")).await;
    let claims: Vec<_> = claims.into_iter().map(Result::unwrap).collect();
    assert_eq!(claims.iter().filter(|claim| matches!(claim, StateClaim::Fresh(_))).count(), 1);
    assert_eq!(claims.iter().filter(|claim| matches!(claim, StateClaim::Again(_))).count(), 29);
}

#[rstest]
#[tokio::test]
async fn a_browser_has_a_bounded_number_of_logins_under_way(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let Some(db) = Db::fresh(engine).await else { return };
    db.run(issue("taken")).await;
    db.run(take("taken")).await;
    db.run(IssueState { cookie_hash: "jar-b".into(), ..issue("other browser") }).await;
    for number in 0..8 {
        db.run(IssueState { now: NOW + number, ..issue(&format!("s{number}")) }).await;
    }
    let later = |name: &str| TakeState { now: NOW + 9, ..take(name) };
    for number in 0..3 {
        let name = format!("s{number}");
        assert_eq!(db.run(later(&name)).await, StateClaim::Expired, "the oldest are over");
        let stranger = TakeState { cookie_hash: "none".into(), ..later(&name) };
        assert_eq!(db.run(stranger).await, StateClaim::Foreign, "and still known to be ours");
    }
    for number in 3..8 {
        assert!(matches!(db.run(later(&format!("s{number}"))).await, StateClaim::Fresh(_)), "s{number}");
    }
    assert!(matches!(db.run(take("taken")).await, StateClaim::Again(_)), "a taken state still answers");
    let other = TakeState { cookie_hash: "jar-b".into(), ..take("other browser") };
    assert!(matches!(db.run(other).await, StateClaim::Fresh(_)));
}

#[rstest]
#[tokio::test]
async fn old_states_are_swept(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let Some(db) = Db::fresh(engine).await else { return };
    db.run(issue("s")).await;
    let sweep = |before| SweepStates { before, limit: 100 };
    assert_eq!(db.run(sweep(NOW + 10 * MINUTE)).await, 0);
    assert_eq!(db.run(sweep(NOW + 10 * MINUTE + 1)).await, 1);
    assert_eq!(db.run(take("s")).await, StateClaim::Unknown);
}
