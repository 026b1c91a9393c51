use rstest::rstest;
use weiqiao_model::IdentityId;
use weiqiao_store::facts::login::RecordLogin;
use weiqiao_store::facts::oauth_token::{
    FindOAuthToken, RequireLogin, SaveOAuthToken, SealedOAuthToken, StoredOAuthToken,
};

use crate::support::{DAY, Db, Engine, HOUR, NOW, id, login, together};

fn token(mark: u8) -> SealedOAuthToken {
    SealedOAuthToken {
        access: vec![mark; 64],
        refresh: vec![mark; 32],
        expires_in: 7_200,
        expires_at: NOW + 2 * HOUR,
        refresh_expires_at: NOW + 30 * DAY,
    }
}

async fn find(db: &Db, identity_id: &IdentityId) -> StoredOAuthToken {
    db.store.read(FindOAuthToken { identity_id: identity_id.clone() }).await.unwrap().unwrap()
}

#[rstest]
#[tokio::test]
async fn of_several_refreshes_one_is_stored(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let Some(db) = Db::fresh(engine).await else { return };
    let identity_id = db.run(RecordLogin { oauth_token: Some(token(0)), ..login("o-ming") }).await.identity_id;
    let save = |number: usize| SaveOAuthToken {
        identity_id: identity_id.clone(),
        seen_version: 1,
        token: token(u8::try_from(number + 1).unwrap()),
        now: NOW + HOUR,
    };
    let stored = together(&[db.store.clone(), db.another().await], 10, save).await;
    let winners: Vec<bool> = stored.into_iter().map(Result::unwrap).collect();
    assert_eq!(winners.iter().filter(|won| **won).count(), 1);
    let found = find(&db, &identity_id).await;
    assert_eq!((found.version, found.created_at, found.updated_at), (2, NOW, NOW + HOUR));
    assert_ne!(found.token, token(0));
}

#[rstest]
#[tokio::test]
async fn only_a_new_login_helps_after_a_refused_refresh(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let Some(db) = Db::fresh(engine).await else { return };
    let identity_id = db.run(RecordLogin { oauth_token: Some(token(0)), ..login("o-ming") }).await.identity_id;
    let refuse = |seen_version| RequireLogin { identity_id: identity_id.clone(), seen_version, now: NOW + HOUR };
    assert!(!db.run(refuse(7)).await, "somebody else's version");
    assert!(db.run(refuse(1)).await);
    assert!(find(&db, &identity_id).await.login_again);
    let late = SaveOAuthToken { identity_id: identity_id.clone(), seen_version: 1, token: token(1), now: NOW };
    assert!(!db.run(late).await, "a refresh that began before the refusal");

    db.run(RecordLogin { oauth_token: Some(token(2)), now: NOW + DAY, ..login("o-ming") }).await;
    let found = find(&db, &identity_id).await;
    assert_eq!((found.token, found.version, found.login_again), (token(2), 3, false));
    assert_eq!((found.created_at, found.updated_at, found.scope.as_str()), (NOW, NOW + DAY, "snsapi_userinfo"));
    assert_eq!(db.store.read(FindOAuthToken { identity_id: id() }).await.unwrap(), None);
}
