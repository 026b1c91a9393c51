//! What nobody needs any more is forgotten.

use std::time::Duration;

use rstest::rstest;
use weiqiao_app::usecase::login::Flow;
use weiqiao_app::usecase::session::verify_session;
use weiqiao_app::usecase::upkeep::{Swept, sweep};

use crate::support::{Stage, World, open, post, stranger, word};

#[rstest]
#[tokio::test]
async fn a_sweep_takes_what_is_past_and_nothing_else(#[values(Stage::Embedded, Stage::Services)] stage: Stage) {
    let Some(world) = World::with(stage, open()).await else { return };
    let (answer, _) = world.login().await;
    crate::mini::login(&world, &world.mini_code()).await.unwrap();
    world.started(Flow::Page).await;
    assert_eq!(sweep(&world.app).await.unwrap(), Swept::default());
    assert!(verify_session(&world.app, &answer.token).await.is_ok());
    world.advance(Duration::from_secs(16 * 60));
    assert_eq!(sweep(&world.app).await.unwrap(), Swept { states: 2, codes: 2, ..Swept::default() });
    world.advance(Duration::from_secs(24 * 3_600));
    assert_eq!(sweep(&world.app).await.unwrap(), Swept { sessions: 2, session_keys: 1, ..Swept::default() });
}

/// A code is refused for as long as its hash is kept; afterwards WeChat refuses it itself.
#[tokio::test]
async fn a_forgotten_code_is_wechats_to_refuse() {
    let world = World::open().await;
    let code = world.code();
    post(&world.app, &code, None, &stranger()).await.unwrap();
    world.advance(Duration::from_secs(601));
    assert_eq!(word(post(&world.app, &code, None, &stranger()).await), "CODE_ALREADY_USED");
    sweep(&world.app).await.unwrap();
    let error = post(&world.app, &code, None, &stranger()).await.unwrap_err();
    assert!(error.wechat().is_some(), "{error:?}");
}
