//! Webhook endpoints.

use rstest::rstest;
use weiqiao_store::facts::webhook::{
    CreateEndpoint, DeleteEndpoint, Delivered, EndpointChange, EndpointSettings, FindEndpoint, ListEndpoints,
    RecordDelivery, RotateEndpointSecret, StoredEndpoint, UpdateEndpoint,
};

use crate::support::{DAY, Db, Engine, NOW, OFFICIAL, SECOND};

fn settings() -> EndpointSettings {
    EndpointSettings {
        name: "订单系统".into(),
        url: b"sealed url".to_vec(),
        account: Some(OFFICIAL.into()),
        events: vec!["wechat.message.*".into()],
        enabled: true,
        synchronous: false,
    }
}

async fn create(db: &Db, id: &str) -> bool {
    let secret = b"sealed secret".to_vec();
    db.run(CreateEndpoint { id: id.into(), settings: settings(), secret, most: 3, now: NOW }).await
}

async fn find(db: &Db, id: &str) -> StoredEndpoint {
    db.store.read(FindEndpoint { id: id.into() }).await.unwrap().unwrap()
}

#[rstest]
#[tokio::test]
async fn an_endpoint_is_made_changed_and_deleted(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let Some(db) = Db::fresh(engine).await else { return };
    for id in ["a", "b", "c"] {
        assert!(create(&db, id).await);
    }
    assert!(!create(&db, "d").await, "there is room for three");
    let made = find(&db, "a").await;
    assert_eq!((&made.settings, made.version, made.created_at), (&settings(), 1, NOW));
    assert_eq!((made.secret.as_slice(), made.previous_secret), (&b"sealed secret"[..], None));
    let change = EndpointSettings { account: None, events: Vec::new(), synchronous: true, ..settings() };
    let update = UpdateEndpoint { id: "a".into(), version: 1, settings: change.clone(), now: NOW + 1 };
    assert_eq!(db.run(update.clone()).await, EndpointChange::Done);
    assert_eq!(db.run(update.clone()).await, EndpointChange::Changed, "based on what is no longer so");
    assert_eq!(db.run(UpdateEndpoint { id: "x".into(), ..update }).await, EndpointChange::Unknown);
    let changed = find(&db, "a").await;
    assert_eq!((changed.settings, changed.version, changed.updated_at), (change, 2, NOW + 1));
    assert!(db.run(DeleteEndpoint { id: "b".into() }).await);
    assert!(!db.run(DeleteEndpoint { id: "b".into() }).await);
    let left: Vec<_> = db.store.read(ListEndpoints).await.unwrap().into_iter().map(|one| one.id).collect();
    assert_eq!(left, ["a", "c"]);
}

#[rstest]
#[tokio::test]
async fn the_earlier_secret_stays_for_a_while(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let Some(db) = Db::fresh(engine).await else { return };
    create(&db, "a").await;
    let rotate = RotateEndpointSecret { id: "a".into(), secret: b"new".to_vec(), previous_until: NOW + DAY, now: NOW };
    assert!(db.run(rotate.clone()).await);
    let found = find(&db, "a").await;
    assert_eq!((found.secret.as_slice(), found.previous_secret.as_deref()), (&b"new"[..], Some(&b"sealed secret"[..])));
    assert_eq!(found.previous_until, Some(NOW + DAY));
    assert!(!db.run(RotateEndpointSecret { id: "x".into(), ..rotate }).await);
}

#[rstest]
#[tokio::test]
async fn an_endpoint_that_only_fails_is_switched_off(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let Some(db) = Db::fresh(engine).await else { return };
    create(&db, "a").await;
    let failed = |now: i64| RecordDelivery {
        id: "a".into(),
        delivered: Delivered::Failed { error: "500".into(), failing_by: now - 5 * DAY, reason: "five days".into() },
        now,
    };
    let taken = |now| RecordDelivery { id: "a".into(), delivered: Delivered::Taken, now };
    assert!(!db.run(failed(NOW)).await);
    assert!(!db.run(failed(NOW + 5 * DAY - 1)).await);
    assert_eq!(find(&db, "a").await.failing_since, Some(NOW));
    assert!(!db.run(taken(NOW + 5 * DAY - 1)).await);
    let well = find(&db, "a").await;
    assert_eq!((well.failing_since, well.last_success_at), (None, Some(NOW + 5 * DAY - 1)));
    let again = NOW + 6 * DAY;
    assert!(!db.run(failed(again)).await);
    assert!(db.run(failed(again + 5 * DAY)).await);
    assert!(!db.run(failed(again + 6 * DAY)).await, "once");
    let off = find(&db, "a").await;
    assert_eq!((off.settings.enabled, off.disabled_reason.as_deref()), (false, Some("five days")));
    assert_eq!((off.last_failure_at, off.last_error.as_deref()), (Some(again + 6 * DAY), Some("500")));
    // A person switches it on: it begins anew.
    let on = UpdateEndpoint { id: "a".into(), version: off.version, settings: settings(), now: again + 7 * DAY };
    assert_eq!(db.run(on).await, EndpointChange::Done);
    assert!(!db.run(failed(again + 8 * DAY)).await);
    let on = find(&db, "a").await;
    assert_eq!((on.settings.enabled, on.disabled_reason, on.failing_since), (true, None, Some(again + 8 * DAY)));
}

#[rstest]
#[tokio::test]
async fn an_endpoint_that_is_gone_is_switched_off_at_once(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let Some(db) = Db::fresh(engine).await else { return };
    create(&db, "a").await;
    let gone = Delivered::Gone { error: "410".into(), reason: "it says it is gone".into() };
    assert!(db.run(RecordDelivery { id: "a".into(), delivered: gone, now: NOW + SECOND }).await);
    assert_eq!(find(&db, "a").await.disabled_reason.as_deref(), Some("it says it is gone"));
}
