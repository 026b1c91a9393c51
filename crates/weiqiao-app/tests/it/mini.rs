//! The mini program's login. `POST /api/wechat/openid`, `POST /auth/wechat/mini`. T-17 to T-21, FM-13.

use std::collections::BTreeSet;
use std::time::Duration;

use futures_util::future::join_all;
use rstest::rstest;
use weiqiao_app::usecase::mini::{Device, MiniLogin, MiniLoginAnswer, mini_login};
use weiqiao_app::usecase::session::verify_session;
use weiqiao_app::{App, ErrorKind, Result};
use weixin_emulator::{Fault, PersonaSeed};

use crate::people::count;
use crate::support::{Stage, World, strict, word};

const EXCHANGE: &str = "/sns/jscode2session";

pub async fn login(world: &World, code: &str) -> Result<MiniLoginAnswer> {
    from(&world.app, code, "203.0.113.9").await
}

async fn from(app: &App, code: &str, ip: &str) -> Result<MiniLoginAnswer> {
    let device = Device { session: None, ip: Some(ip), user_agent: Some("MicroMessenger") };
    mini_login(app, MiniLogin { account: None, code, device }).await
}

#[rstest]
#[tokio::test]
async fn a_code_becomes_an_openid_and_a_session(#[values(Stage::Embedded, Stage::Services)] stage: Stage) {
    let Some(world) = World::with(stage, strict()).await else { return };
    let answer = login(&world, &world.mini_code()).await.unwrap();
    assert_eq!(answer.openid, world.wechat.openid("xiaoming", "mini"));
    assert_eq!(answer.expires_at, crate::support::NOW / 1000 + 86_400);
    assert!(answer.first_login);
    let session = verify_session(&world.app, &answer.token).await.unwrap();
    assert_eq!((session.account.as_str(), session.openid.as_str()), ("mini", answer.openid.as_str()));
}

/// T-21.
#[rstest]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_code_fifty_times_at_once_is_one_call_and_one_session(
    #[values(Stage::Embedded, Stage::Services)] stage: Stage,
) {
    let Some(world) = World::with(stage, strict()).await else { return };
    let (code, instances) = (world.mini_code(), [world.app.clone(), world.another().await]);
    let answers = join_all((0..50).map(|number| from(&instances[number % 2], &code, "203.0.113.9"))).await;
    let sessions: BTreeSet<_> = answers.into_iter().map(|answer| answer.unwrap().session_id.into_string()).collect();
    assert_eq!((sessions.len(), world.wechat.calls(EXCHANGE), count(&world).await), (1, 1, 1));
}

#[tokio::test]
async fn a_used_code_is_refused_for_another_device_and_later() {
    let world = World::strict().await;
    let code = world.mini_code();
    let first = login(&world, &code).await.unwrap();
    assert_eq!(login(&world, &code).await.unwrap(), first, "the lost answer of a request that was sent again");
    assert_eq!(word(from(&world.app, &code, "198.51.100.1").await), "CODE_ALREADY_USED");
    let session = Device { session: Some(first.session_id.clone()), ip: Some("198.51.100.1"), user_agent: None };
    let moved = MiniLogin { account: None, code: &code, device: session };
    assert_eq!(mini_login(&world.app, moved).await.unwrap(), first, "the session tells who it is");
    world.advance(Duration::from_secs(61));
    assert_eq!(word(login(&world, &code).await), "CODE_ALREADY_USED");
    assert_eq!(world.wechat.calls(EXCHANGE), 1);
}

#[tokio::test]
async fn refusals_have_their_documented_text() {
    let world = World::strict().await;
    let error = login(&world, "junk").await.unwrap_err();
    assert_eq!((error.message(), error.code()), ("获取用户信息失败: invalid code", "GET_OPENID_FAILED"));
    assert_eq!(error.wechat().unwrap().errcode, Some(40029));
    // A web login's code at the mini program's door.
    let error = login(&world, &world.code()).await.unwrap_err();
    let hint = error.hint().unwrap();
    assert!(hint.contains("mini（小程序）") && hint.contains("/api/wechat/auth"), "{hint}");
    // FM-13
    let risky = PersonaSeed { id: Some("xiaoming".into()), high_risk: Some(true), ..PersonaSeed::default() };
    world.wechat.engine().put_persona(risky).unwrap();
    let error = login(&world, &world.mini_code()).await.unwrap_err();
    assert_eq!(error.wechat().unwrap().errcode, Some(40226));
    assert!(error.message().starts_with("获取用户信息失败: "), "{error}");
    assert_eq!(count(&world).await, 0);
}

#[tokio::test]
async fn a_slow_wechat_is_passing_and_a_missing_code_is_ours_to_say() {
    let world = World::strict().await;
    let code = world.mini_code();
    world.wechat.fault(Fault::on(EXCHANGE).errcode(45011));
    assert!(login(&world, &code).await.unwrap_err().wechat().unwrap().retryable);
    assert!(login(&world, &code).await.is_ok());
    let error = login(&world, "").await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Invalid(_)));
}

#[tokio::test]
async fn logging_in_again_is_the_same_person_with_another_session() {
    let world = World::strict().await;
    let first = login(&world, &world.mini_code()).await.unwrap();
    let second = login(&world, &world.mini_code()).await.unwrap();
    assert_eq!((second.user_id.as_str(), second.first_login), (first.user_id.as_str(), false));
    assert_ne!(second.session_id, first.session_id);
    assert!(verify_session(&world.app, &first.token).await.is_ok(), "another phone stays logged in");
}
