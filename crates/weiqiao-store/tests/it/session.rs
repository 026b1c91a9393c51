use rstest::rstest;
use weiqiao_model::{SessionId, SessionKind};
use weiqiao_store::facts::action::ListActions;
use weiqiao_store::facts::login::{NewSession, RecordLogin};
use weiqiao_store::facts::session::{
    FindSession, RevokeSession, RevokeSessionsOf, StoredSession, SweepSessions, TouchSession, WhileHolds,
};

use crate::support::{DAY, Db, Engine, HOUR, MINUTE, NOW, SECOND, id, login};

async fn find(db: &Db, id: &SessionId) -> Option<StoredSession> {
    db.store.read(FindSession { id: id.clone() }).await.unwrap()
}

async fn log_in(db: &Db, expires_at: i64) -> SessionId {
    let session = NewSession { id: id(), expires_at, device_hash: Some("d".into()) };
    db.run(RecordLogin { session, ..login("o-ming") }).await.session_id
}

#[rstest]
#[tokio::test]
async fn a_session_holds_until_its_end_or_its_revocation(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let Some(db) = Db::fresh(engine).await else { return };
    let session = log_in(&db, NOW + DAY).await;
    let stored = find(&db, &session).await.unwrap();
    assert!(stored.holds_at(NOW + DAY - 1) && !stored.holds_at(NOW + DAY));

    let revoke = RevokeSession { id: session.clone(), now: NOW + HOUR };
    assert!(db.run(revoke.clone()).await);
    assert!(!db.run(revoke).await, "once is enough");
    let stored = find(&db, &session).await.unwrap();
    assert_eq!(stored.revoked_at, Some(NOW + HOUR));
    assert!(!stored.holds_at(NOW));
    assert!(!db.run(RevokeSession { id: id(), now: NOW }).await);
    assert_eq!(find(&db, &id()).await, None);
}

#[rstest]
#[tokio::test]
async fn what_somebody_does_needs_their_session_to_the_end(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let Some(db) = Db::fresh(engine).await else { return };
    let session = log_in(&db, NOW + DAY).await;
    let act = |session: Option<&SessionId>| WhileHolds::new(crate::customer::submit(None), session.cloned());
    let count =
        async || db.store.read(ListActions { page: 1, page_size: 9, ..Default::default() }).await.unwrap().total;
    assert!(db.run(act(Some(&session))).await.is_some());
    db.run(RevokeSession { id: session.clone(), now: NOW }).await;
    assert!(db.run(act(Some(&session))).await.is_none());
    assert_eq!(count().await, 1);
    assert!(db.run(act(None)).await.is_some());
}

#[rstest]
#[tokio::test]
async fn all_sessions_of_somebody_end_but_the_one_they_use(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let Some(db) = Db::fresh(engine).await else { return };
    let kept = log_in(&db, NOW + DAY).await;
    let others = [log_in(&db, NOW + DAY).await, log_in(&db, NOW + HOUR).await];
    let over = log_in(&db, NOW).await;
    let somebody_else = db.run(login("o-hong")).await.session_id;
    let subject = find(&db, &kept).await.unwrap().subject;

    let revoke = RevokeSessionsOf { kind: SessionKind::User, subject, except: Some(kept.clone()), now: NOW + SECOND };
    let as_staff = RevokeSessionsOf { kind: SessionKind::Staff, ..revoke.clone() };
    assert_eq!(db.run(as_staff).await, 0);
    assert_eq!(db.run(revoke.clone()).await, 2);
    for session in &others {
        assert!(!find(&db, session).await.unwrap().holds_at(NOW + SECOND));
    }
    assert_eq!(find(&db, &over).await.unwrap().revoked_at, None, "it had ended by itself");
    assert!(find(&db, &kept).await.unwrap().holds_at(NOW + SECOND));
    assert!(find(&db, &somebody_else).await.unwrap().holds_at(NOW + SECOND));
    assert_eq!(db.run(RevokeSessionsOf { except: None, ..revoke }).await, 1);
}

#[rstest]
#[tokio::test]
async fn use_is_noted_now_and_then(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let Some(db) = Db::fresh(engine).await else { return };
    let session = log_in(&db, NOW + DAY).await;
    let touch = |now| TouchSession { id: session.clone(), at_most_every_ms: MINUTE, now };
    assert!(!db.run(touch(NOW + MINUTE - 1)).await);
    assert!(db.run(touch(NOW + MINUTE)).await);
    assert!(!db.run(touch(NOW + 2 * MINUTE - 1)).await);
    assert_eq!(find(&db, &session).await.unwrap().seen_at, NOW + MINUTE);
    assert!(!db.run(touch(NOW + DAY)).await, "it is over");
}

#[rstest]
#[tokio::test]
async fn sessions_that_are_over_are_swept_in_portions(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let Some(db) = Db::fresh(engine).await else { return };
    let mut over = Vec::new();
    for minute in 0..5 {
        over.push(log_in(&db, NOW + minute * MINUTE).await);
    }
    let revoked = log_in(&db, NOW + DAY).await;
    db.run(RevokeSession { id: revoked.clone(), now: NOW }).await;

    let sweep = || SweepSessions { before: NOW + 4 * MINUTE, limit: 3 };
    assert_eq!(db.run(sweep()).await, 3);
    assert_eq!(find(&db, &over[2]).await, None, "the oldest went first");
    assert!(find(&db, &over[3]).await.is_some());
    assert_eq!(db.run(sweep()).await, 1);
    assert_eq!(db.run(sweep()).await, 0);
    assert!(find(&db, &over[4]).await.is_some());
    assert!(find(&db, &revoked).await.is_some(), "its token may still be presented");
}
