//! `GET /api/user/{openid}`, `/api/me`, the list. T-26 to T-29.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::time::Duration;

use rstest::rstest;
use weiqiao_app::usecase::api_key::{NewApiKey, create_api_key, verify_api_key};
use weiqiao_app::usecase::user::{UserListRequest, UserSort, UserStatus, list_users, me, read_user};
use weiqiao_app::{App, Caller, ErrorKind};
use weiqiao_model::{ApiScope, Role};
use weixin_emulator::{CodeKind, Scope};

use crate::people::staff;
use crate::support::{Stage, World, open, post, stranger, strict, word};

async fn read(app: &App, caller: &Caller, openid: &str) -> UserStatus {
    read_user(app, caller, None, openid).await.unwrap()
}

async fn key(app: &App, scope: ApiScope) -> Caller {
    let key = NewApiKey { name: "test".into(), scopes: vec![scope], days: None };
    let key = create_api_key(app, weiqiao_app::Actor::Cli, key).await.unwrap();
    Caller::ApiKey(verify_api_key(app, key.key.expose()).await.unwrap())
}

#[rstest]
#[tokio::test]
async fn a_login_is_fresh_for_a_day(#[values(Stage::Embedded, Stage::Services)] stage: Stage) {
    let Some(world) = World::with(stage, open()).await else { return };
    let answer = post(&world.app, &world.code(), None, &stranger()).await.unwrap();
    let openid = &answer.user_info.openid;
    let known = |need_auth| UserStatus::Known { user_info: Arc::new(answer.user_info.clone()), need_auth };
    assert_eq!(read(&world.app, &Caller::Anonymous, openid).await, known(false));
    world.advance(Duration::from_secs(86_399));
    assert_eq!(read(&world.app, &Caller::Anonymous, openid).await, known(false));
    world.advance(Duration::from_secs(1));
    assert_eq!(read(&world.app, &Caller::Anonymous, openid).await, known(true));
    assert_eq!(read(&world.app, &Caller::Anonymous, "oUnknownUnknownUnknownUnknown").await, UserStatus::Unknown);
}

#[tokio::test]
async fn how_long_a_login_is_fresh_is_a_setting() {
    let mut settings = open();
    settings.authorization_ttl = Duration::from_secs(60);
    let world = World::with(Stage::Embedded, settings).await.unwrap();
    let answer = post(&world.app, &world.code(), None, &stranger()).await.unwrap();
    assert_eq!(answer.user_info.expires_at - answer.user_info.login_time, 60);
    world.advance(Duration::from_secs(60));
    let status = read(&world.app, &Caller::Anonymous, &answer.user_info.openid).await;
    assert!(matches!(status, UserStatus::Known { need_auth: true, .. }));
}

/// T-26: in strict mode a stranger cannot tell a person from nobody.
#[tokio::test]
async fn strict_mode_tells_strangers_nothing() {
    let world = World::strict().await;
    let (mine, _) = world.login().await;
    let openid = mine.user_info.openid.as_str();
    let own = world.caller(&mine.token).await;
    let reader = key(&world.app, ApiScope::UserRead).await;
    let admin = key(&world.app, ApiScope::Admin).await;
    for caller in [&own, &reader, &admin] {
        assert!(matches!(read(&world.app, caller, openid).await, UserStatus::Known { need_auth: false, .. }));
    }
    let other = {
        let (started, browser) = world.started(weiqiao_app::usecase::login::Flow::Redirect).await;
        let code = world.wechat.persona_code("xiaohong", "official", CodeKind::OAuth(Scope::UserInfo));
        post(&world.app, &code, Some(&started.state), &browser).await.unwrap()
    };
    let other = world.caller(&other.token).await;
    let wrong_scope = key(&world.app, ApiScope::MessageSend).await;
    for caller in [&Caller::Anonymous, &other] {
        assert_eq!(read(&world.app, caller, openid).await, UserStatus::Unknown);
    }
    // A server is told what it lacks, and the same about nobody.
    for openid in [openid, "oUnknownUnknownUnknownUnknown"] {
        let refused = read_user(&world.app, &wrong_scope, None, openid).await.unwrap_err();
        assert_eq!(refused.code(), "SCOPE_MISSING");
    }
}

/// What is kept of people between two reads is never older than a login that was acknowledged before the read began.
#[rstest]
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn whoever_reads_after_a_login_reads_that_login(#[values(Stage::Embedded, Stage::Services)] stage: Stage) {
    let Some(world) = World::with(stage, open()).await else { return };
    let first = post(&world.app, &world.code(), None, &stranger()).await.unwrap().user_info;
    let acknowledged = Arc::new(AtomicI64::new(first.login_time));
    let over = Arc::new(AtomicBool::new(false));
    let readers = (0..4).map(|_| {
        let (app, openid) = (world.app.clone(), first.openid.clone());
        let (acknowledged, over) = (Arc::clone(&acknowledged), Arc::clone(&over));
        tokio::spawn(async move {
            while !over.load(Ordering::SeqCst) {
                let at_least = acknowledged.load(Ordering::SeqCst);
                let UserStatus::Known { user_info, .. } = read(&app, &Caller::Anonymous, &openid).await else {
                    panic!("they are known")
                };
                assert!(user_info.login_time >= at_least, "{} < {at_least}", user_info.login_time);
                // A read of what is kept waits for nothing; four of them in a loop would leave no thread for the logins.
                tokio::task::yield_now().await;
            }
        })
    });
    let readers: Vec<_> = readers.collect();
    for _ in 0..100 {
        world.advance(Duration::from_secs(1));
        let login = post(&world.app, &world.code(), None, &stranger()).await.unwrap().user_info;
        acknowledged.store(login.login_time, Ordering::SeqCst);
    }
    over.store(true, Ordering::SeqCst);
    for reader in readers {
        reader.await.unwrap();
    }
    assert_eq!(acknowledged.load(Ordering::SeqCst), first.login_time + 100);
}

/// T-28.
#[tokio::test]
async fn what_cannot_be_an_openid_is_refused_and_never_looked_up() {
    let world = World::open().await;
    for odd in ["", "a b", "../x", "a%2fb", "a\u{0}", "微信", "' OR 1=1--", &"a".repeat(129), "a/b", "<x>"] {
        let error = read_user(&world.app, &Caller::Anonymous, None, odd).await.unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::Invalid(_)), "{odd}");
    }
    assert_eq!(read(&world.app, &Caller::Anonymous, "unknown-openid").await, UserStatus::Unknown);
}

#[tokio::test]
async fn a_database_that_is_down_is_not_an_unknown_user() {
    let world = World::open().await;
    world.app.store().close().await;
    let error = read_user(&world.app, &Caller::Anonymous, None, "oAnybody").await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Unavailable(_)), "{error:?}");
    assert_eq!(error.code(), "DATABASE_UNAVAILABLE");
}

#[tokio::test]
async fn i_am_who_i_am() {
    let world = World::strict().await;
    let (answer, _) = world.login().await;
    let caller = world.caller(&answer.token).await;
    let found = me(&world.app, caller.user().unwrap()).await.unwrap();
    assert_eq!((found.user_id.as_str(), &found.user_info), (answer.user_id.as_str(), &answer.user_info));
    assert_eq!((found.session.account.as_str(), found.session.expires_at), ("official", answer.expires_at));
    assert!(Caller::Anonymous.user().is_err());
}

#[rstest]
#[tokio::test]
async fn staff_list_people_and_keys_do_not(#[values(Stage::Embedded, Stage::Services)] stage: Stage) {
    let Some(world) = World::with(stage, open()).await else { return };
    for persona in ["xiaoming", "xiaohong", "advisor-li"] {
        world.advance(Duration::from_secs(1));
        let code = world.wechat.persona_code(persona, "official", CodeKind::OAuth(Scope::UserInfo));
        post(&world.app, &code, None, &stranger()).await.unwrap();
    }
    let reader = staff(Role::Viewer);
    let list = |request| list_users(&world.app, &reader, request);
    let all = list(UserListRequest { page_size: 2, ..UserListRequest::default() }).await.unwrap();
    assert_eq!((all.total, all.items.len(), all.page, all.page_size), (3, 2, 1, 2));
    assert_eq!(all.items[0].nickname.as_deref(), Some("顾问李"));
    let searched =
        UserListRequest { search: Some("小".into()), sort: UserSort::LoginAscending, ..UserListRequest::default() };
    let searched = list(searched).await.unwrap();
    let names: Vec<_> = searched.items.iter().map(|user| user.nickname.as_deref().unwrap_or_default()).collect();
    assert_eq!(names, ["小明", "小红"]);
    let mini = list(UserListRequest { account: Some("mini".into()), ..UserListRequest::default() }).await.unwrap();
    assert_eq!(mini.total, 0);
    for unknown in ["zz", "", "not a name", "MINI"] {
        let request = UserListRequest { account: Some(unknown.into()), ..UserListRequest::default() };
        assert_eq!(word(list(request).await), "ACCOUNT_UNKNOWN", "{unknown}");
    }
    for scope in [ApiScope::UserRead, ApiScope::Admin] {
        let program = key(&world.app, scope).await;
        assert_eq!(word(list_users(&world.app, &program, UserListRequest::default()).await), "FORBIDDEN");
    }
    assert_eq!(word(list_users(&world.app, &Caller::Anonymous, UserListRequest::default()).await), "UNAUTHORIZED");
}

/// The routes are tested in both modes elsewhere; here: strict mode changes nothing for those who may.
#[tokio::test]
async fn another_account_is_selected_by_name() {
    let world = World::with(Stage::Embedded, strict()).await.unwrap();
    assert_eq!(word(read_user(&world.app, &Caller::Anonymous, Some("nobody"), "oX").await), "ACCOUNT_UNKNOWN");
    assert_eq!(word(read_user(&world.app, &Caller::Anonymous, Some("mini"), "oX").await), "ACCOUNT_UNKNOWN");
}
