use rstest::rstest;
use weiqiao_model::{AccountName, AppId};
use weiqiao_store::facts::identity::{FindIdentitiesByIndex, FindIdentityById, ListUsers, UserSort};
use weiqiao_store::facts::login::RecordLogin;

use crate::support::{Db, Engine, MINI, NOW, OFFICIAL, SECOND, login, unionid};

async fn openids(db: &Db, list: ListUsers) -> (Vec<String>, u64) {
    let page = db.store.read(list).await.unwrap();
    let openid = |index: String| index.strip_prefix("index of ").unwrap().to_owned();
    (page.items.into_iter().map(|identity| openid(identity.openid_index)).collect(), page.total)
}

fn all() -> ListUsers {
    ListUsers { page: 1, page_size: 20, ..ListUsers::default() }
}

#[rstest]
#[tokio::test]
async fn the_list_is_paged_sorted_and_filtered(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let Some(db) = Db::fresh(engine).await else { return };
    for number in 0..5 {
        db.run(RecordLogin { now: NOW + SECOND * number, ..login(&format!("o-{number}")) }).await;
    }
    let mini = RecordLogin {
        app_id: AppId::new(MINI),
        account: AccountName::new("mini").unwrap(),
        now: NOW - SECOND,
        ..login("m-0")
    };
    db.run(mini).await;
    db.run(RecordLogin { now: NOW + 100 * SECOND, ..login("o-0") }).await;

    let (newest, total) = openids(&db, all()).await;
    assert_eq!(newest, ["o-0", "o-4", "o-3", "o-2", "o-1", "m-0"]);
    assert_eq!(total, 6);
    let (by_age, _) = openids(&db, ListUsers { sort: UserSort::CreatedAscending, ..all() }).await;
    assert_eq!(by_age, ["m-0", "o-0", "o-1", "o-2", "o-3", "o-4"]);
    let (youngest, _) = openids(&db, ListUsers { sort: UserSort::CreatedDescending, page_size: 1, ..all() }).await;
    assert_eq!(youngest, ["o-4"]);
    let (oldest, _) = openids(&db, ListUsers { sort: UserSort::LoginAscending, page_size: 1, ..all() }).await;
    assert_eq!(oldest, ["m-0"]);
    let (second_page, total) = openids(&db, ListUsers { page: 2, page_size: 4, ..all() }).await;
    assert_eq!((second_page, total), (vec!["o-1".to_owned(), "m-0".to_owned()], 6));

    let account = Some(AccountName::new("mini").unwrap());
    assert_eq!(openids(&db, ListUsers { account, ..all() }).await, (vec!["m-0".to_owned()], 1));
}

#[rstest]
#[tokio::test]
async fn people_are_found_by_the_indexes_of_their_ids(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let Some(db) = Db::fresh(engine).await else { return };
    db.run(login("o-1")).await;
    for (app_id, openid) in [(OFFICIAL, "o-2"), (MINI, "m-2")] {
        let unionid = Some(unionid("union-2"));
        db.run(RecordLogin { app_id: AppId::new(app_id), unionid, ..login(openid) }).await;
    }
    let index = |id: &str| format!("index of {id}");
    let found = async |openids: &[(&str, &str)], unionids: &[&str]| {
        let openids = openids.iter().map(|(app_id, openid)| (AppId::new(*app_id), index(openid))).collect();
        let unionids = unionids.iter().map(|unionid| index(unionid)).collect();
        let found = db.store.read(FindIdentitiesByIndex { openids, unionids }).await.unwrap();
        let mut found: Vec<_> = found.into_iter().map(|identity| identity.openid_index).collect();
        found.sort();
        found
    };
    assert_eq!(found(&[(OFFICIAL, "o-1"), (MINI, "o-1")], &["nobody"]).await, ["index of o-1"]);
    assert_eq!(found(&[], &["union-2"]).await, ["index of m-2", "index of o-2"]);
    assert!(found(&[(MINI, "o-2")], &[]).await.is_empty());
}

#[rstest]
#[tokio::test]
async fn an_identity_is_found_by_its_id(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let Some(db) = Db::fresh(engine).await else { return };
    let recorded = db.run(login("o-ming")).await;
    let found = db.store.read(FindIdentityById { identity_id: recorded.identity_id }).await.unwrap().unwrap();
    assert_eq!(found.openid_index, "index of o-ming");
    let nobody = db.store.read(FindIdentityById { identity_id: crate::support::id() }).await.unwrap();
    assert_eq!(nobody, None);
}
