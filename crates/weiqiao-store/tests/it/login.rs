use std::collections::HashSet;

use rstest::rstest;
use weiqiao_model::{AppId, SessionKind};
use weiqiao_store::facts::identity::{FindIdentitiesByIndex, FindIdentity, ListUsers, SealedPerson, StoredIdentity};
use weiqiao_store::facts::login::RecordLogin;
use weiqiao_store::facts::oauth_token::{FindOAuthToken, SealedOAuthToken};
use weiqiao_store::facts::session::FindSession;
use weiqiao_store::facts::session_key::FindSessionKey;

use crate::support::{DAY, Db, Engine, HOUR, MINI, NOW, OFFICIAL, login, together, unionid};

/// Everything about an identity; what the short question of every request answers about it is the same.
async fn find(db: &Db, app_id: &str, openid: &str) -> Option<StoredIdentity> {
    let (app_id, openid_index) = (AppId::new(app_id), format!("index of {openid}"));
    let openids = vec![(app_id.clone(), openid_index.clone())];
    let find = FindIdentitiesByIndex { openids, unionids: Vec::new() };
    let mut found = db.store.read(find).await.unwrap();
    assert!(found.len() <= 1);
    let identity = found.pop();
    let known = db.store.read(FindIdentity { app_id, openid_index }).await.unwrap();
    let told = identity.clone().map(|StoredIdentity { user_id, login_at, person, .. }| (user_id, login_at, person));
    assert_eq!(known.map(|known| (known.user_id, known.login_at, known.person)), told);
    identity
}

async fn users(db: &Db) -> usize {
    let list = db.store.read(ListUsers { page_size: 200, ..ListUsers::default() }).await.unwrap();
    list.items.iter().map(|identity| identity.user_id.clone()).collect::<HashSet<_>>().len()
}

fn united(openid: &str, app_id: &str, group: Option<&str>) -> RecordLogin {
    RecordLogin {
        app_id: AppId::new(app_id),
        unionid: Some(unionid("union-1")),
        group: group.map(str::to_owned),
        ..login(openid)
    }
}

#[rstest]
#[tokio::test]
async fn a_first_login_makes_a_user_an_identity_and_a_session(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let Some(db) = Db::fresh(engine).await else { return };
    assert_eq!(find(&db, OFFICIAL, "o-ming").await, None);
    let first = login("o-ming");
    let recorded = db.run(first.clone()).await;
    assert!(recorded.first_login);
    assert_eq!((&recorded.user_id, &recorded.identity_id), (&first.user_id, &first.identity_id));

    let identity = find(&db, OFFICIAL, "o-ming").await.unwrap();
    assert_eq!(identity.user_id, first.user_id);
    assert_eq!(identity.openid_index, "index of o-ming");
    assert_eq!(identity.person, SealedPerson { profile: Some(b"profile".to_vec()), openid: None, unionid: None });
    assert_eq!((identity.login_at, identity.created_at, identity.profile_at), (NOW, NOW, Some(NOW)));
    assert_eq!(identity.scope, "snsapi_userinfo");
    assert_eq!(find(&db, MINI, "o-ming").await, None, "another account's openid is another person");

    let session = db.store.read(FindSession { id: first.session.id.clone() }).await.unwrap().unwrap();
    assert_eq!((session.kind, session.subject.as_str()), (SessionKind::User, first.user_id.as_str()));
    let behind = session.identity.unwrap();
    assert_eq!((behind.openid_index.as_str(), behind.openid.as_slice()), ("index of o-ming", b"o-ming".as_slice()));
    assert_eq!(behind.app_id.as_str(), OFFICIAL);
    assert_eq!(behind.account.as_str(), "official");
}

#[rstest]
#[tokio::test]
async fn a_later_login_keeps_the_user_and_renews_the_profile(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let Some(db) = Db::fresh(engine).await else { return };
    let first = db.run(login("o-ming")).await;
    let renewed = b"another profile".to_vec();
    let later = RecordLogin { profile: Some(renewed.clone()), now: NOW + HOUR, ..login("o-ming") };
    let second = db.run(later).await;
    assert!(!second.first_login);
    assert_eq!((second.user_id, second.identity_id), (first.user_id, first.identity_id));
    let identity = find(&db, OFFICIAL, "o-ming").await.unwrap();
    assert_eq!(identity.person.profile, Some(renewed));
    assert_eq!((identity.created_at, identity.login_at), (NOW, NOW + HOUR));
    assert_eq!(users(&db).await, 1);
}

#[rstest]
#[tokio::test]
async fn a_login_with_openid_only_keeps_an_earlier_profile(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let Some(db) = Db::fresh(engine).await else { return };
    db.run(login("o-ming")).await;
    let base = RecordLogin { profile: None, scope: "snsapi_base".into(), now: NOW + HOUR, ..login("o-ming") };
    db.run(base.clone()).await;
    let identity = find(&db, OFFICIAL, "o-ming").await.unwrap();
    assert_eq!(identity.person.profile, Some(b"profile".to_vec()));
    assert_eq!((identity.login_at, identity.profile_at), (NOW + HOUR, Some(NOW)));

    db.run(RecordLogin { profile: None, ..login("o-new") }).await;
    let nobody = find(&db, OFFICIAL, "o-new").await.unwrap();
    let openid = SealedPerson { openid: Some(b"o-new".to_vec()), ..SealedPerson::default() };
    assert_eq!((nobody.person, nobody.profile_at), (openid, None));
}

#[rstest]
#[tokio::test]
async fn tokens_and_session_keys_come_with_the_login(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let Some(db) = Db::fresh(engine).await else { return };
    let token = SealedOAuthToken {
        access: vec![0, 1, 255],
        refresh: vec![2; 600],
        expires_in: 7_200,
        expires_at: NOW + 2 * HOUR,
        refresh_expires_at: NOW + 30 * DAY,
    };
    let with = RecordLogin { oauth_token: Some(token.clone()), session_key: Some(vec![9; 40]), ..login("o-ming") };
    let recorded = db.run(with).await;
    let found = db.store.read(FindOAuthToken { identity_id: recorded.identity_id.clone() }).await.unwrap().unwrap();
    assert_eq!((found.token, found.version, found.login_again), (token, 1, false));
    let key = db.store.read(FindSessionKey { identity_id: recorded.identity_id.clone() }).await.unwrap().unwrap();
    assert_eq!((key.sealed, key.updated_at), (vec![9; 40], NOW));

    db.run(login("o-ming")).await;
    let kept = db.store.read(FindOAuthToken { identity_id: recorded.identity_id }).await.unwrap().unwrap();
    assert_eq!(kept.version, 1, "a login that brings no token leaves the earlier one");
}

#[rstest]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fifty_first_logins_at_once_give_one_user(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let Some(db) = Db::fresh(engine).await else { return };
    let instances = [db.store.clone(), db.another().await];
    let answers = together(&instances, 50, |_| login("o-ming")).await;
    let answers: Vec<_> = answers.into_iter().map(Result::unwrap).collect();
    assert_eq!(answers.iter().filter(|answer| answer.first_login).count(), 1);
    assert_eq!(answers.iter().map(|answer| &answer.user_id).collect::<HashSet<_>>().len(), 1);
    assert_eq!(answers.iter().map(|answer| &answer.session_id).collect::<HashSet<_>>().len(), 50);
    assert_eq!(users(&db).await, 1);
}

#[rstest]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_person_through_two_accounts_at_once_is_one_user(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let Some(db) = Db::fresh(engine).await else { return };
    let instances = [db.store.clone(), db.another().await];
    let answers = together(&instances, 40, |number| match number % 2 {
        0 => united("o-ming", OFFICIAL, Some("group")),
        _ => united("m-ming", MINI, Some("group")),
    })
    .await;
    let answers: Vec<_> = answers.into_iter().map(Result::unwrap).collect();
    assert_eq!(answers.iter().map(|answer| &answer.user_id).collect::<HashSet<_>>().len(), 1);
    assert_eq!(answers.iter().filter(|answer| answer.first_login).count(), 2);
    assert_eq!(users(&db).await, 1);
}

#[rstest]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn logins_with_and_without_unionid_at_once_end_as_one_user(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let Some(db) = Db::fresh(engine).await else { return };
    let instances = [db.store.clone(), db.another().await];
    let answers = together(&instances, 30, |number| match number % 3 {
        0 => login("o-ming"),
        1 => united("o-ming", OFFICIAL, Some("group")),
        _ => united("m-ming", MINI, Some("group")),
    })
    .await;
    for answer in &answers {
        assert!(answer.is_ok(), "{answer:?}");
    }
    assert_eq!(users(&db).await, 1);
    let end = find(&db, OFFICIAL, "o-ming").await.unwrap().user_id;
    for answer in answers.into_iter().map(Result::unwrap) {
        let session = db.store.read(FindSession { id: answer.session_id }).await.unwrap().unwrap();
        assert_eq!(session.subject, end.as_str(), "every session belongs to the user that remains");
    }
}

#[rstest]
#[tokio::test]
async fn a_unionid_links_only_within_one_group(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let Some(db) = Db::fresh(engine).await else { return };
    let official = db.run(united("o-ming", OFFICIAL, Some("group"))).await;
    let mini = db.run(united("m-ming", MINI, Some("group"))).await;
    assert_eq!(mini.user_id, official.user_id);
    let elsewhere = db.run(united("x-ming", "wx3333333333333333", Some("another group"))).await;
    assert_ne!(elsewhere.user_id, official.user_id);
    let ungrouped = db.run(united("y-ming", "wx4444444444444444", None)).await;
    assert_ne!(ungrouped.user_id, official.user_id);
    let same_openid = db.run(RecordLogin { app_id: AppId::new(MINI), ..login("o-ming") }).await;
    assert_ne!(same_openid.user_id, official.user_id, "an openid means nothing outside its account");
}

#[rstest]
#[tokio::test]
async fn two_users_who_turn_out_to_be_one_are_joined_with_their_sessions(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let Some(db) = Db::fresh(engine).await else { return };
    let mini = db.run(united("m-ming", MINI, Some("group"))).await;
    let alone = db.run(login("o-ming")).await;
    assert_ne!(alone.user_id, mini.user_id);
    let joined = db.run(united("o-ming", OFFICIAL, Some("group"))).await;
    assert_eq!((&joined.user_id, &joined.identity_id), (&mini.user_id, &alone.identity_id));
    assert!(!joined.first_login);
    let earlier = db.store.read(FindSession { id: alone.session_id }).await.unwrap().unwrap();
    assert_eq!(earlier.subject, mini.user_id.as_str());
    assert_eq!(users(&db).await, 1);
    let person = find(&db, OFFICIAL, "o-ming").await.unwrap().person;
    assert_eq!(person.unionid, None, "it is in the profile that came with it");
}

#[rstest]
#[tokio::test]
async fn a_known_user_keeps_their_id_when_the_unionid_comes_later(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let Some(db) = Db::fresh(engine).await else { return };
    let first = db.run(login("o-ming")).await;
    let with_union = db.run(united("o-ming", OFFICIAL, Some("group"))).await;
    assert_eq!(with_union.user_id, first.user_id);
    let mini = db.run(united("m-ming", MINI, Some("group"))).await;
    assert_eq!(mini.user_id, first.user_id);
    db.run(login("o-ming")).await;
    let person = find(&db, OFFICIAL, "o-ming").await.unwrap().person;
    assert_eq!(person.unionid, Some(b"union-1".to_vec()), "a login without unionid forgets none");
    // The profile and its unionid are one value; a unionid that came without a profile stands beside it.
    db.run(united("o-ming", OFFICIAL, Some("group"))).await;
    assert_eq!(find(&db, OFFICIAL, "o-ming").await.unwrap().person.unionid, None);
    let another = RecordLogin { unionid: Some(unionid("union-2")), profile: None, ..login("o-ming") };
    db.run(another).await;
    assert_eq!(find(&db, OFFICIAL, "o-ming").await.unwrap().person.unionid, Some(b"union-2".to_vec()));
    let same = RecordLogin { profile: None, ..login("o-ming") };
    db.run(same).await;
    assert_eq!(find(&db, OFFICIAL, "o-ming").await.unwrap().person.unionid, Some(b"union-2".to_vec()));
    db.run(RecordLogin { profile: None, ..united("m-ming", MINI, Some("group")) }).await;
    assert_eq!(find(&db, MINI, "m-ming").await.unwrap().person.unionid, None, "that of the first login with a profile");
}
