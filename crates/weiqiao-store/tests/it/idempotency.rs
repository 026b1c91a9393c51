//! A request with a key is done once, and whoever repeats it is told what the first one was.

use rstest::rstest;
use weiqiao_store::Command;
use weiqiao_store::facts::action::{SubmitAction, SubmittedAction};
use weiqiao_store::facts::idempotency::{IdempotencyKey, KeyOwner, Once, OnceOutcome, SweepIdempotency};
use weiqiao_store::facts::inbox::Effect;
use weiqiao_store::facts::lead::ListLeads;
use weiqiao_store::facts::notification::ListNotifications;
use weiqiao_store::facts::subscription::{SaveSubscription, SavedSubscription};

use crate::customer::{submit, subscribe};
use crate::support::{DAY, Db, Engine, MINI, NOW, SECOND, id, pushed, together};

fn once<C: Command>(
    command: C,
    (key, request): (&str, &str),
    now: i64,
    answer: impl Fn(&C::Output) -> Option<Vec<u8>> + Send + Sync + 'static,
) -> Once<C> {
    let key = IdempotencyKey { key_hash: key.into(), request_hash: request.into(), since: None };
    let id = id::<weiqiao_model::id::kind::Job>().into_string();
    let owner = KeyOwner { id, app_id: MINI.into(), who: "customer".into() };
    Once::new(command, key, owner, now, move |output| Ok(answer(output)))
}

/// The answer to an action: its id, its lead, and whether that is new.
pub(crate) fn submit_once(phone: Option<&str>, key: (&str, &str)) -> Once<SubmitAction> {
    once(submit(phone), key, NOW, |submitted| {
        let SubmittedAction { action, lead, owes } = submitted.as_ref()?;
        let lead = lead.as_ref().map(|lead| (&lead.id, &lead.name));
        Some(format!("{} {lead:?} {} {owes}", action.id, action.lead_created).into_bytes())
    })
}

pub(crate) fn answer<O: std::fmt::Debug>(outcome: OnceOutcome<O>) -> (bool, Vec<u8>) {
    match outcome {
        OnceOutcome::First(answer) => (true, answer),
        OnceOutcome::Again(Some(answer)) => (false, answer),
        other => panic!("{other:?}"),
    }
}

#[rstest]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_repeated_request_changes_nothing_and_is_told_the_same(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let Some(db) = Db::fresh(engine).await else { return };
    db.run(subscribe("a1", "li", true, NOW)).await;
    let all = together(std::slice::from_ref(&db.store), 20, |_| submit_once(Some("138"), ("k", "r"))).await;
    let all: Vec<_> = all.into_iter().map(|one| answer(one.unwrap())).collect();
    assert!(all.iter().all(|(_, told)| *told == all[0].1), "all are told the same");
    assert_eq!(all.iter().filter(|(first, _)| *first).count(), 1);
    let told = String::from_utf8(all[0].1.clone()).unwrap();
    assert!(told.ends_with("true true"), "also that the advisor is told: {told}");
    let owed = ListNotifications { page: 1, page_size: 9, ..Default::default() };
    assert_eq!(db.store.read(owed).await.unwrap().total, 1);
    assert_eq!(db.run(submit_once(Some("138"), ("k", "other"))).await, OnceOutcome::KeyTaken);
    assert_eq!(db.run(SweepIdempotency { before: NOW + 1, limit: 10 }).await, 1);
    assert!(answer(db.run(submit_once(None, ("k", "other"))).await).0);
}

#[rstest]
#[tokio::test]
async fn what_was_told_is_forgotten_with_the_person_and_the_request_is_not(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let Some(db) = Db::fresh(engine).await else { return };
    let first = answer(db.run(submit_once(Some("138"), ("k", "r"))).await);
    pushed(&db, Effect::ForgetPerson { who: "somebody else".into() }).await;
    assert_eq!(answer(db.run(submit_once(Some("138"), ("k", "r"))).await), (false, first.1));
    pushed(&db, Effect::ForgetPerson { who: "customer".into() }).await;
    assert_eq!(db.run(submit_once(Some("138"), ("k", "r"))).await, OnceOutcome::Again(None));
    assert_eq!(db.store.read(ListLeads { page: 1, page_size: 9, ..Default::default() }).await.unwrap().total, 1);
}

#[rstest]
#[tokio::test]
async fn what_came_to_nothing_used_up_no_key(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let Some(db) = Db::fresh(engine).await else { return };
    let save = |advisor: &str| {
        let save = SaveSubscription {
            rule: weiqiao_store::facts::advisor::AdvisorRule::Known,
            ..subscribe(advisor, "li", true, NOW)
        };
        once(save, ("k", "r"), NOW, |saved| match saved {
            SavedSubscription::Saved(row) => Some(format!("{} credits", row.credits).into_bytes()),
            SavedSubscription::AdvisorUnknown | SavedSubscription::AdvisorTaken => None,
        })
    };
    assert_eq!(db.run(save("a1")).await, OnceOutcome::Nothing(SavedSubscription::AdvisorUnknown));
    db.run(subscribe("a1", "li", true, NOW)).await;
    assert_eq!(answer(db.run(save("a1")).await), (true, b"2 credits".to_vec()));
    db.run(subscribe("a1", "li", false, NOW + SECOND)).await;
    assert_eq!(answer(db.run(save("a1")).await), (false, b"2 credits".to_vec()), "it turns nothing on again");
    let still = db.run(subscribe("a1", "li", false, NOW + 2 * SECOND)).await;
    assert!(matches!(still, SavedSubscription::Saved(row) if !row.subscribed && row.credits == 2));
}

#[rstest]
#[tokio::test]
async fn what_was_asked_long_ago_is_another_request(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let Some(db) = Db::fresh(engine).await else { return };
    let ask = |now: i64| {
        let key = IdempotencyKey { key_hash: "k".into(), request_hash: "r".into(), since: Some(now - DAY) };
        let owner = KeyOwner { id: now.to_string(), app_id: MINI.into(), who: "customer".into() };
        Once::new(submit(None), key, owner, now, move |_| Ok(Some(now.to_string().into_bytes())))
    };
    assert_eq!(answer(db.run(ask(NOW)).await), (true, NOW.to_string().into_bytes()));
    assert_eq!(answer(db.run(ask(NOW + DAY)).await), (false, NOW.to_string().into_bytes()));
    let later = NOW + DAY + 1;
    assert_eq!(answer(db.run(ask(later)).await), (true, later.to_string().into_bytes()));
    assert_eq!(answer(db.run(ask(later)).await), (false, later.to_string().into_bytes()));
}
