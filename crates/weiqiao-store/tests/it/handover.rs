use rstest::rstest;
use weiqiao_model::{AppId, SessionId};
use weiqiao_store::facts::handover::{
    BeginHandover, DecideHandover, FindHandover, FinishHandover, HandoverEnd, HandoverStatus, ScanHandover,
    SweepHandovers,
};
use weiqiao_store::facts::session::{FindSession, RevokeSession};

use crate::support::{DAY, Db, Engine, MINUTE, NOW, OFFICIAL, SECOND, id, login, together};

fn begin(hash: &str) -> BeginHandover {
    BeginHandover {
        hash: hash.into(),
        app_id: AppId::new(OFFICIAL),
        instance: "Shop".into(),
        cookie_hash: "computer".into(),
        target: "https://app.example.com/".into(),
        about: b"sealed".to_vec(),
        max_live: 3,
        expires_at: NOW + 3 * MINUTE,
        now: NOW,
    }
}

fn decide(hash: &str, phone_session: Option<&SessionId>) -> DecideHandover {
    DecideHandover {
        hash: hash.into(),
        app_id: AppId::new(OFFICIAL),
        phone_session: phone_session.cloned(),
        now: NOW + MINUTE,
    }
}

fn finish(hash: &str) -> FinishHandover {
    FinishHandover {
        hash: hash.into(),
        cookie_hash: "computer".into(),
        session_id: id(),
        session_expires_at: NOW + DAY,
        device_hash: None,
        reuse_ms: MINUTE,
        now: NOW + 2 * MINUTE,
    }
}

async fn status(db: &Db, hash: &str) -> Option<HandoverStatus> {
    db.store.read(FindHandover { hash: hash.into() }).await.unwrap().map(|found| found.status)
}

#[rstest]
#[tokio::test]
async fn a_computer_gets_a_session_of_its_own_once(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let Some(db) = Db::fresh(engine).await else { return };
    let phone = db.run(login("o-ming")).await;
    db.run(begin("h1")).await;
    assert_eq!(status(&db, "h1").await, Some(HandoverStatus::Waiting));
    assert_eq!(db.run(finish("h1")).await, HandoverEnd::Refused, "nobody has agreed");
    let scan = ScanHandover { hash: "h1".into(), now: NOW };
    assert!(db.run(scan.clone()).await);
    assert!(!db.run(scan).await);
    assert_eq!(status(&db, "h1").await, Some(HandoverStatus::Scanned));
    assert!(db.run(decide("h1", Some(&phone.session_id))).await);
    assert!(!db.run(decide("h1", None)).await, "the first decision stays");

    let stranger = FinishHandover { cookie_hash: "other computer".into(), ..finish("h1") };
    assert_eq!(db.run(stranger).await, HandoverEnd::Refused);
    let instances = [db.store.clone(), db.another().await];
    let ends: Vec<_> = together(&instances, 10, |_| finish("h1")).await.into_iter().map(Result::unwrap).collect();
    assert!(ends.iter().all(|end| *end == ends[0]), "{ends:?}");
    let HandoverEnd::Done { target, session_id, user_id } = ends[0].clone() else { panic!("{:?}", ends[0]) };
    assert_eq!((target.as_str(), user_id), ("https://app.example.com/", phone.user_id));
    assert_ne!(session_id, phone.session_id);
    let session = db.store.read(FindSession { id: session_id }).await.unwrap().unwrap();
    assert!(session.holds_at(NOW + 3 * MINUTE));
    assert_eq!(session.identity.unwrap().identity_id, phone.identity_id);

    let late = FinishHandover { now: NOW + 2 * MINUTE + MINUTE, ..finish("h1") };
    assert_eq!(db.run(late).await, HandoverEnd::Refused);
}

#[rstest]
#[tokio::test]
async fn who_may_not_confirm(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let Some(db) = Db::fresh(engine).await else { return };
    let phone = db.run(login("o-ming")).await.session_id;
    db.run(begin("h1")).await;
    assert!(!db.run(decide("h1", Some(&id()))).await, "an unknown session");
    let other_account = DecideHandover { app_id: AppId::new("wx9"), ..decide("h1", Some(&phone)) };
    assert!(!db.run(other_account).await);
    let late = DecideHandover { now: NOW + 3 * MINUTE, ..decide("h1", Some(&phone)) };
    assert!(!db.run(late).await);
    db.run(RevokeSession { id: phone.clone(), now: NOW }).await;
    assert!(!db.run(decide("h1", Some(&phone))).await, "a phone that has logged out");
    assert!(db.run(decide("h1", None)).await);
    assert_eq!(status(&db, "h1").await, Some(HandoverStatus::Declined));
    assert_eq!(db.run(finish("h1")).await, HandoverEnd::Refused);
}

#[rstest]
#[tokio::test]
async fn a_phone_that_logs_out_before_the_computer_comes_takes_it_back(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let Some(db) = Db::fresh(engine).await else { return };
    let phone = db.run(login("o-ming")).await.session_id;
    db.run(begin("h1")).await;
    assert!(db.run(decide("h1", Some(&phone))).await);
    db.run(RevokeSession { id: phone, now: NOW + MINUTE }).await;
    assert_eq!(db.run(finish("h1")).await, HandoverEnd::Refused);
    assert_eq!(db.run(finish("h1")).await, HandoverEnd::Refused);
}

#[rstest]
#[tokio::test]
async fn the_table_is_bounded_and_swept(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let Some(db) = Db::fresh(engine).await else { return };
    for number in 0..5 {
        db.run(BeginHandover { now: NOW + number * SECOND, ..begin(&format!("h{number}")) }).await;
    }
    assert_eq!((status(&db, "h0").await, status(&db, "h1").await), (None, None));
    assert!(status(&db, "h2").await.is_some());
    assert_eq!(db.run(SweepHandovers { before: NOW + 3 * MINUTE, limit: 10 }).await, 0);
    assert_eq!(db.run(SweepHandovers { before: NOW + 3 * MINUTE + 1, limit: 2 }).await, 2);
    assert_eq!(db.run(SweepHandovers { before: NOW + 3 * MINUTE + 1, limit: 2 }).await, 1);
}
