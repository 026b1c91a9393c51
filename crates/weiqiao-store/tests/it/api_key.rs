use rstest::rstest;
use weiqiao_model::ApiScope;
use weiqiao_store::facts::api_key::{
    ApiKeyCreated, CreateApiKey, FindApiKey, ListApiKeys, RevokeApiKey, StoredApiKey, TouchApiKey,
};

use crate::support::{DAY, Db, Engine, HOUR, MINUTE, NOW, id};

fn create(prefix: &str) -> CreateApiKey {
    CreateApiKey {
        id: id(),
        name: "CRM 同步".into(),
        prefix: prefix.into(),
        hash: vec![7; 32],
        scopes: vec![ApiScope::Token, ApiScope::MessageSend],
        expires_at: Some(NOW + DAY),
        now: NOW,
    }
}

async fn find(db: &Db, prefix: &str) -> Option<StoredApiKey> {
    db.store.read(FindApiKey { prefix: prefix.into() }).await.unwrap()
}

#[rstest]
#[tokio::test]
async fn a_key_is_found_by_its_prefix_and_holds_until_its_end(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let Some(db) = Db::fresh(engine).await else { return };
    let key = create("ab12");
    assert_eq!(db.run(key.clone()).await, ApiKeyCreated::Created);
    assert_eq!(db.run(create("ab12")).await, ApiKeyCreated::PrefixTaken);
    let found = find(&db, "ab12").await.unwrap();
    assert_eq!((&found.id, &found.hash, found.name.as_str()), (&key.id, &vec![7; 32], "CRM 同步"));
    assert_eq!(found.scopes, [ApiScope::Token, ApiScope::MessageSend]);
    assert!(found.holds_at(NOW + DAY - 1) && !found.holds_at(NOW + DAY));
    assert_eq!(find(&db, "ab1").await, None);

    db.run(CreateApiKey { expires_at: None, ..create("for-ever") }).await;
    assert!(find(&db, "for-ever").await.unwrap().holds_at(i64::MAX));
    let revoke = RevokeApiKey { id: key.id, now: NOW + HOUR };
    assert!(db.run(revoke.clone()).await);
    assert!(!db.run(revoke).await);
    let found = find(&db, "ab12").await.unwrap();
    assert_eq!(found.revoked_at, Some(NOW + HOUR));
    assert!(!found.holds_at(NOW));
}

#[rstest]
#[tokio::test]
async fn use_is_noted_now_and_then(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let Some(db) = Db::fresh(engine).await else { return };
    let key = create("ab12");
    db.run(key.clone()).await;
    let touch = |now| TouchApiKey { id: key.id.clone(), at_most_every_ms: MINUTE, now };
    assert!(db.run(touch(NOW)).await);
    assert!(!db.run(touch(NOW + MINUTE - 1)).await);
    assert!(db.run(touch(NOW + MINUTE)).await);
    assert_eq!(find(&db, "ab12").await.unwrap().last_used_at, Some(NOW + MINUTE));
}

#[rstest]
#[tokio::test]
async fn keys_are_listed_newest_first(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let Some(db) = Db::fresh(engine).await else { return };
    for number in 0..5 {
        db.run(CreateApiKey { now: NOW + number, ..create(&format!("k{number}")) }).await;
    }
    let keys = db.store.read(ListApiKeys { offset: 1, limit: 3 }).await.unwrap();
    let prefixes: Vec<_> = keys.iter().map(|key| key.prefix.as_str()).collect();
    assert_eq!(prefixes, ["k3", "k2", "k1"]);
}
