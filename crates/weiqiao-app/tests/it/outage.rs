//! The database away in the middle of a login.

use weiqiao_app::ErrorKind;
use weiqiao_app::usecase::login::Flow;

use crate::support::{World, begin, post, stranger};

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
