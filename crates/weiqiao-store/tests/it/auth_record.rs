use rstest::rstest;
use weiqiao_model::AppId;
use weiqiao_store::facts::auth_record::{
    FindAuthRecord, FindAuthRecordByRefresh, RecordAuth, RequireAuthLogin, SaveAuthTokens, SealedAuthTokens,
    StoredAuthRecord,
};

use crate::support::{DAY, Db, Engine, HOUR, NOW, OFFICIAL, together};

fn tokens(mark: u8) -> SealedAuthTokens {
    SealedAuthTokens {
        access: vec![mark; 64],
        refresh: vec![mark; 32],
        refresh_index: format!("refresh-{mark}"),
        scope: "snsapi_userinfo".into(),
        expires_in: 7_200,
        expires_at: NOW + 2 * HOUR,
        refresh_expires_at: NOW + 30 * DAY,
    }
}

pub(crate) fn record(id: &str, index: &str) -> RecordAuth {
    RecordAuth {
        id: id.into(),
        app_id: AppId::new(OFFICIAL),
        instance: "Shop".into(),
        openid_index: index.into(),
        openid: b"sealed openid".to_vec(),
        unionid_index: Some("union-index".into()),
        unionid: Some(b"sealed unionid".to_vec()),
        profile: Some(b"sealed profile".to_vec()),
        tokens: tokens(1),
        now: NOW,
    }
}

pub(crate) async fn find(db: &Db, index: &str) -> Option<StoredAuthRecord> {
    let find = FindAuthRecord { app_id: AppId::new(OFFICIAL), openid_index: index.to_owned() };
    db.store.read(find).await.unwrap()
}

#[rstest]
#[tokio::test]
async fn one_record_per_person_however_many_logins(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let Some(db) = Db::fresh(engine).await else { return };
    let instances = [db.store.clone(), db.another().await];
    let recorded = together(&instances, 12, |number| record(&format!("candidate-{number}"), "ming")).await;
    let recorded: Vec<_> = recorded.into_iter().map(Result::unwrap).collect();
    assert!(recorded.iter().all(|one| one.id == recorded[0].id), "{recorded:?}");
    let mut versions: Vec<i64> = recorded.iter().map(|one| one.version).collect();
    versions.sort_unstable();
    assert_eq!(versions, (1..=12).collect::<Vec<_>>());

    let other_account = RecordAuth { app_id: AppId::new("wx9999999999999999"), ..record("other", "ming") };
    assert_eq!(db.run(other_account).await.id, "other", "the same openid of another account is another record");
    assert_eq!(find(&db, "nobody").await, None);
}

#[rstest]
#[tokio::test]
async fn a_silent_login_keeps_the_profile(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let Some(db) = Db::fresh(engine).await else { return };
    db.run(record("r1", "ming")).await;
    let silent = RecordAuth {
        instance: "Blog".into(),
        unionid: None,
        unionid_index: None,
        profile: None,
        tokens: tokens(2),
        now: NOW + DAY,
        ..record("r2", "ming")
    };
    assert_eq!(db.run(silent).await.id, "r1");
    let found = find(&db, "ming").await.unwrap();
    assert_eq!(found.profile.as_deref(), Some(&b"sealed profile"[..]));
    assert_eq!(found.unionid.as_deref(), Some(&b"sealed unionid"[..]));
    assert_eq!((found.tokens, found.instance.as_str()), (tokens(2), "Blog"));
    assert_eq!((found.version, found.created_at, found.updated_at), (2, NOW, NOW + DAY));
}

#[rstest]
#[tokio::test]
async fn of_several_refreshes_one_is_stored(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let Some(db) = Db::fresh(engine).await else { return };
    db.run(record("r1", "ming")).await;
    let save = |number: usize| SaveAuthTokens {
        id: "r1".into(),
        seen_version: 1,
        tokens: tokens(u8::try_from(number + 2).unwrap()),
        now: NOW + HOUR,
    };
    let saved = together(&[db.store.clone(), db.another().await], 10, save).await;
    assert_eq!(saved.into_iter().filter(|saved| *saved.as_ref().unwrap()).count(), 1);
    let found = find(&db, "ming").await.unwrap();
    assert_eq!((found.version, found.login_again), (2, false));

    let by_refresh =
        |index: &str| FindAuthRecordByRefresh { app_id: AppId::new(OFFICIAL), refresh_index: index.into() };
    let refresh_index = found.tokens.refresh_index.clone();
    assert_eq!(db.store.read(by_refresh(&refresh_index)).await.unwrap(), Some(found));
    assert_eq!(db.store.read(by_refresh("refresh-1")).await.unwrap(), None, "the token that was replaced");
}

#[rstest]
#[tokio::test]
async fn only_a_new_login_helps_after_a_refused_refresh(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let Some(db) = Db::fresh(engine).await else { return };
    db.run(record("r1", "ming")).await;
    let refuse = |seen_version| RequireAuthLogin { id: "r1".into(), seen_version, now: NOW + HOUR };
    assert!(!db.run(refuse(7)).await, "somebody else's version");
    assert!(db.run(refuse(1)).await);
    assert!(find(&db, "ming").await.unwrap().login_again);
    let late = SaveAuthTokens { id: "r1".into(), seen_version: 1, tokens: tokens(9), now: NOW };
    assert!(!db.run(late).await, "a refresh that began before the refusal");
    db.run(record("r2", "ming")).await;
    assert!(!find(&db, "ming").await.unwrap().login_again);
}
