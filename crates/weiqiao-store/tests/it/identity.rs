use rstest::rstest;
use weiqiao_model::{AccountName, AppId, UnionId};
use weiqiao_store::facts::identity::{FindIdentityById, ListUsers, UserSort};
use weiqiao_store::facts::login::RecordLogin;

use crate::support::{Db, Engine, MINI, NOW, SECOND, login, profile};

async fn openids(db: &Db, list: ListUsers) -> (Vec<String>, u64) {
    let page = db.store.read(list).await.unwrap();
    (page.items.into_iter().map(|identity| identity.openid.to_string()).collect(), page.total)
}

fn all() -> ListUsers {
    ListUsers { page: 1, page_size: 20, ..ListUsers::default() }
}

#[rstest]
#[tokio::test]
async fn the_list_is_paged_sorted_filtered_and_searched(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let Some(db) = Db::fresh(engine).await else { return };
    for (number, nickname) in ["Anna", "anton", "小红", "100%_x", "BEN"].into_iter().enumerate() {
        let at = NOW + SECOND * i64::try_from(number).unwrap();
        let login = RecordLogin { profile: Some(profile(nickname)), now: at, ..login(&format!("o-{number}")) };
        db.run(login).await;
    }
    let mini = RecordLogin {
        app_id: AppId::new(MINI),
        account: AccountName::new("mini").unwrap(),
        unionid: Some(UnionId::new("union-1")),
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
    let search = |text: &str| ListUsers { search: Some(text.to_owned()), sort: UserSort::CreatedAscending, ..all() };
    assert_eq!(openids(&db, search("an")).await.0, ["o-1"], "Anna came back as 小明");
    assert_eq!(openids(&db, search("BeN")).await.0, ["o-4"]);
    assert_eq!(openids(&db, search("%_")).await.0, ["o-3"]);
    assert_eq!(openids(&db, search("小")).await.0, ["m-0", "o-0", "o-2"]);
    assert_eq!(openids(&db, search("o-2")).await.0, ["o-2"]);
    assert_eq!(openids(&db, search("union-1")).await.0, ["m-0"]);
    assert_eq!(openids(&db, search("nobody")).await, (vec![], 0));
}

#[rstest]
#[tokio::test]
async fn an_identity_is_found_by_its_id(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let Some(db) = Db::fresh(engine).await else { return };
    let recorded = db.run(login("o-ming")).await;
    let found = db.store.read(FindIdentityById { identity_id: recorded.identity_id }).await.unwrap().unwrap();
    assert_eq!(found.openid.as_str(), "o-ming");
    let nobody = db.store.read(FindIdentityById { identity_id: crate::support::id() }).await.unwrap();
    assert_eq!(nobody, None);
}
