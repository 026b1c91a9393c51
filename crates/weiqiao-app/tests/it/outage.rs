//! The database away in the middle of a login; Redis away all the time (FI-07).

use std::net::TcpListener;

use futures_util::future::join_all;
use weiqiao_app::ErrorKind;
use weiqiao_app::usecase::health::{CacheHealth, check_health};
use weiqiao_app::usecase::jssdk::sign_page;
use weiqiao_app::usecase::login::Flow;
use weiqiao_app::usecase::session::{logout, verify_session};
use weiqiao_app::usecase::staff::{NewStaff, StaffLogin, create_staff, staff_login};
use weiqiao_coord::{CoordConfig, RedisConfig, RedisUrl};

use crate::support::{Engines, Stage, World, begin, come_back, logged_in, open, post, stranger, word};

#[tokio::test]
async fn without_a_database_nothing_is_exchanged() {
    let world = World::open().await;
    let (started, browser) = world.started(Flow::Redirect).await;
    world.app.store().close().await;
    let unavailable = |error: weiqiao_app::AppError| matches!(error.kind(), ErrorKind::Unavailable(_));
    assert!(unavailable(post(&world.app, &world.code(), None, &stranger()).await.unwrap_err()));
    assert!(unavailable(post(&world.app, &world.code(), Some(&started.state), &browser).await.unwrap_err()));
    assert!(unavailable(begin(&world.app, Flow::Page, &stranger()).await.unwrap_err()));
    assert!(unavailable(crate::mini::login(&world, &world.mini_code()).await.unwrap_err()));
    assert_eq!(world.exchanges(), 0, "no code was spent in vain");
}

/// Our own trouble is not blamed on WeChat.
#[tokio::test]
async fn without_a_database_there_is_no_ticket_and_the_error_says_so() {
    let world = World::open().await;
    world.app.store().close().await;
    let error = sign_page(&world.app, None, "https://h5.example.com/").await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Unavailable(_)), "{error:?}");
    assert_eq!((error.code(), error.message()), ("DATABASE_UNAVAILABLE", "数据库暂时不可用，请稍后再试"));
}

/// Nobody listens where Redis should be.
async fn without_redis() -> World {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let world = World::open().await;
    let nowhere = RedisConfig::new(RedisUrl::new(format!("redis://127.0.0.1:{port}")), [7; 32]);
    let engines = Engines { coord: CoordConfig::Redis(nowhere), ..Engines::new(Stage::Embedded).await.unwrap() };
    let app = engines.start(&world.wechat, &world.clock, open()).await.unwrap();
    World { app, engines, ..world }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_redis_everything_works() {
    let world = without_redis().await;
    let health = check_health(&world.app).await;
    assert_eq!(health.cache, CacheHealth::Down);
    assert!(health.is_ready());

    let (code, browser) = (world.code(), stranger());
    let answers = join_all((0..20).map(|_| post(&world.app, &code, None, &browser))).await;
    let first = answers[0].as_ref().unwrap();
    assert!(answers.iter().all(|answer| answer.as_ref().unwrap() == first));
    assert_eq!(word(post(&world.app, &code, None, &stranger()).await), "CODE_ALREADY_USED");
    let (started, browser) = world.started(Flow::Page).await;
    let code = world.code();
    let (one, two) = tokio::join!(
        come_back(&world.app, Some(&code), Some(&started.state), &browser),
        come_back(&world.app, Some(&code), Some(&started.state), &browser),
    );
    assert_eq!(logged_in(one), logged_in(two));
    assert_eq!(world.exchanges(), 2);
    logout(&world.app, &first.session_id).await.unwrap();
    assert!(verify_session(&world.app, &first.token).await.is_err());

    let pages = join_all((0..50).map(|_| sign_page(&world.app, None, "https://h5.example.com/"))).await;
    assert!(pages.iter().all(Result::is_ok));
    assert_eq!(world.wechat.calls("/cgi-bin/ticket/getticket"), 1);

    let new = NewStaff::with_password("lina", "correct horse battery", weiqiao_model::Role::Viewer);
    create_staff(&world.app, weiqiao_app::Actor::Cli, new).await.unwrap();
    let guess = StaffLogin::new("lina", "guess", "203.0.113.9");
    let mut words = Vec::new();
    for _ in 0..6 {
        words.push(word(staff_login(&world.app, guess.clone()).await));
    }
    assert_eq!(words[4], "INVALID_CREDENTIALS");
    assert_eq!(words[5], "TOO_MANY_ATTEMPTS");
}
