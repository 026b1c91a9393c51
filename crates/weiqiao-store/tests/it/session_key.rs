use rstest::rstest;
use weiqiao_store::StoreErrorKind;
use weiqiao_store::facts::session_key::{FindSessionKey, SaveSessionKey, SweepSessionKeys};

use crate::support::{DAY, Db, Engine, HOUR, NOW, id, login};

#[rstest]
#[tokio::test]
async fn the_newest_key_of_an_identity_is_kept_for_a_day(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let Some(db) = Db::fresh(engine).await else { return };
    let identity_id = db.run(login("m-ming")).await.identity_id;
    let find = || FindSessionKey { identity_id: identity_id.clone() };
    assert_eq!(db.store.read(find()).await.unwrap(), None);
    for (sealed, now) in [(vec![1], NOW), (vec![2], NOW + HOUR)] {
        db.run(SaveSessionKey { identity_id: identity_id.clone(), sealed, now }).await;
    }
    let key = db.store.read(find()).await.unwrap().unwrap();
    assert_eq!((key.sealed, key.updated_at), (vec![2], NOW + HOUR));

    let sweep = |now: i64| SweepSessionKeys { before: now - DAY, limit: 100 };
    assert_eq!(db.run(sweep(NOW + HOUR + DAY)).await, 0);
    assert_eq!(db.run(sweep(NOW + HOUR + DAY + 1)).await, 1);
    assert_eq!(db.store.read(find()).await.unwrap(), None);
}

#[rstest]
#[tokio::test]
async fn a_key_of_nobody_is_refused(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let Some(db) = Db::fresh(engine).await else { return };
    let refusal = db.store.run(SaveSessionKey { identity_id: id(), sealed: vec![1], now: NOW }).await.unwrap_err();
    assert_eq!(refusal.kind(), StoreErrorKind::Conflict);
}
