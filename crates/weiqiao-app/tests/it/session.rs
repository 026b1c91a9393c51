//! Sessions: how long, how cheap, how soon they end. T-23 to T-25.

use std::time::Duration;

use rstest::rstest;
use weiqiao_app::usecase::session::{logout, logout_everywhere, verify_session};
use weiqiao_app::usecase::staff::verify_staff;
use weiqiao_app::usecase::upkeep::sweep;
use weiqiao_app::{ErrorKind, SecretSettings};

use crate::support::{JWT, Stage, World, strict};

const DAY: Duration = Duration::from_secs(86_400);

#[tokio::test]
async fn a_session_lasts_a_day_and_a_clock_that_goes_back_does_not_revive_it() {
    let world = World::strict().await;
    let (answer, _) = world.login().await;
    world.advance(DAY - Duration::from_secs(31));
    assert!(verify_session(&world.app, &answer.token).await.is_ok());
    world.advance(Duration::from_secs(62));
    let error = verify_session(&world.app, &answer.token).await.unwrap_err();
    assert_eq!((error.kind(), error.code()), (&ErrorKind::Unauthorized, "UNAUTHORIZED"));
    assert_eq!(sweep(&world.app).await.unwrap().sessions, 1);
    world.clock.set(crate::support::NOW + 3_600_000);
    assert!(verify_session(&world.app, &answer.token).await.is_err(), "its row is gone");
}

#[rstest]
#[tokio::test]
async fn a_log_out_works_here_at_once_and_elsewhere_within_five_seconds(
    #[values(Stage::Embedded, Stage::Services)] stage: Stage,
) {
    let Some(world) = World::with(stage, strict()).await else { return };
    let other = world.another().await;
    let (answer, _) = world.login().await;
    assert!(verify_session(&other, &answer.token).await.is_ok());
    logout(&world.app, &answer.session_id).await.unwrap();
    logout(&world.app, &answer.session_id).await.unwrap();
    assert!(verify_session(&world.app, &answer.token).await.is_err());
    assert!(verify_session(&other, &answer.token).await.is_ok(), "remembered");
    world.advance(Duration::from_secs(5));
    assert!(verify_session(&other, &answer.token).await.is_err());
}

#[tokio::test]
async fn all_sessions_of_a_person_end_together() {
    let world = World::strict().await;
    let (phone, _) = world.login().await;
    let (tablet, _) = world.login().await;
    let session = verify_session(&world.app, &phone.token).await.unwrap();
    assert_eq!(logout_everywhere(&world.app, &session).await.unwrap(), 2);
    for token in [&phone.token, &tablet.token] {
        assert!(verify_session(&world.app, token).await.is_err());
    }
}

/// T-24: a person is no member of staff, and another installation's tokens are nothing here.
#[tokio::test]
async fn tokens_of_others_are_refused() {
    let world = World::strict().await;
    let (answer, _) = world.login().await;
    assert!(verify_staff(&world.app, &answer.token).await.is_err());
    let mut elsewhere = strict();
    elsewhere.public_url = "https://other.example.com".parse().unwrap();
    let elsewhere = World::with(Stage::Embedded, elsewhere).await.unwrap();
    let (foreign, _) = elsewhere.login().await;
    assert!(verify_session(&world.app, &foreign.token).await.is_err());
    for junk in ["", "x", "a.b.c", "Bearer x"] {
        assert!(verify_session(&world.app, junk).await.is_err());
    }
}

/// G-40: a changed `JWT_SECRET` throws nobody out.
#[tokio::test]
async fn a_rotated_secret_keeps_sessions() {
    let world = World::strict().await;
    let (answer, _) = world.login().await;
    let mut settings = world.settings.clone();
    settings.secrets = SecretSettings {
        jwt: "another-jwt-secret-0123456789abcdef-012345".into(),
        jwt_previous: Some(JWT.into()),
        ..settings.secrets
    };
    let rotated = World { settings, ..world };
    let app = rotated.another().await;
    assert!(verify_session(&app, &answer.token).await.is_ok());
}

#[tokio::test]
async fn a_request_costs_the_database_only_every_five_seconds() {
    let world = World::strict().await;
    let (answer, _) = world.login().await;
    assert!(verify_session(&world.app, &answer.token).await.is_ok());
    // Without a database what was seen within five seconds still holds, and then it does not.
    world.app.store().close().await;
    world.advance(Duration::from_millis(4_999));
    assert!(verify_session(&world.app, &answer.token).await.is_ok());
    world.advance(Duration::from_millis(1));
    let error = verify_session(&world.app, &answer.token).await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Unavailable(_)), "{error:?}");
}
