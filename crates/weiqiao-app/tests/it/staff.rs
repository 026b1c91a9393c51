//! Staff: log-in, lock-out, the first admin, rights. T-76, T-77, T-84.

use std::time::Duration;

use futures_util::future::join_all;
use rstest::rstest;
use weiqiao_app::usecase::session::verify_session;
use weiqiao_app::usecase::staff::{
    FirstAdmin, NewStaff, Permission, StaffLogin, StaffLoginAnswer, StaffPatch, change_staff, create_staff,
    ensure_first_admin, redeem_setup_token, reset_password, staff_login, staff_logout, staff_me, verify_staff,
};
use weiqiao_app::{App, Caller, ErrorKind, Result};
use weiqiao_model::{ApiScope, Role};

use crate::support::{Run, Stage, World, strict, word};

const PASSWORD: &str = "correct horse battery";

async fn hire(app: &App, username: &str, role: Role) {
    let new = NewStaff::with_password(username, PASSWORD, role);
    create_staff(app, weiqiao_app::Actor::Cli, new).await.unwrap();
}

async fn enter(app: &App, username: &str, password: &str, ip: &str) -> Result<StaffLoginAnswer> {
    staff_login(app, StaffLogin { user_agent: Some("test"), ..StaffLogin::new(username, password, ip) }).await
}

#[rstest]
#[tokio::test]
async fn staff_logs_in_and_is_who_they_are(#[values(Stage::Embedded, Stage::Services)] stage: Stage) {
    let Some(world) = World::with(stage, strict()).await else { return };
    hire(&world.app, "Li.Na", Role::Supervisor).await;
    let answer = enter(&world.app, " li.na ", PASSWORD, "203.0.113.9").await.unwrap();
    assert_eq!((answer.user.username.as_str(), answer.user.role), ("li.na", Role::Supervisor));
    assert!(answer.user.permissions.contains(&"users:manage".to_owned()));
    let staff = verify_staff(&world.app, &answer.access_token).await.unwrap();
    assert_eq!(staff_me(&world.app, &staff).await.unwrap(), answer.user);
    assert!(verify_session(&world.app, &answer.access_token).await.is_err(), "staff is no visitor");
    staff_logout(&world.app, &staff).await.unwrap();
    assert!(verify_staff(&world.app, &answer.access_token).await.is_err());
}

#[tokio::test]
async fn nobody_is_called_by_control_characters() {
    let world = World::strict().await;
    let named =
        |name: &str| NewStaff { name: name.to_owned(), ..NewStaff::with_password("lina", PASSWORD, Role::Viewer) };
    for name in ["Li\u{7}Na", "Li\u{1b}[31m", "Li\nNa", &"李".repeat(101)] {
        let refused = create_staff(&world.app, weiqiao_app::Actor::Cli, named(name)).await;
        assert_eq!(word(refused), "VALIDATION_FAILED", "{name:?}");
    }
    let id = create_staff(&world.app, weiqiao_app::Actor::Cli, named("李娜")).await.unwrap().id;
    let patch = StaffPatch { name: Some("Li\u{7}Na".to_owned()), ..StaffPatch::default() };
    assert_eq!(word(change_staff(&world.app, weiqiao_app::Actor::Cli, id.as_str(), patch).await), "VALIDATION_FAILED");
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_user_get_the_same_answer() {
    let world = World::strict().await;
    hire(&world.app, "lina", Role::Viewer).await;
    let long = "x".repeat(10_000);
    for (username, password) in [("lina", "wrong"), ("nobody", PASSWORD), ("lina", &long), (&long, PASSWORD)] {
        let error = enter(&world.app, username, password, "203.0.113.9").await.unwrap_err();
        assert_eq!(error.kind(), &ErrorKind::Unauthorized);
        assert_eq!((error.message(), error.code()), ("用户名或密码错误", "INVALID_CREDENTIALS"));
    }
    for (username, password) in [("", PASSWORD), ("  ", PASSWORD), ("lina", "")] {
        assert_eq!(word(enter(&world.app, username, password, "203.0.113.9").await), "VALIDATION_FAILED");
    }
}

#[rstest]
#[tokio::test]
async fn five_failures_lock_user_and_address_out(#[values(Stage::Embedded, Stage::Services)] stage: Stage) {
    let Some(world) = World::with(stage, strict()).await else { return };
    let other = world.another().await;
    hire(&world.app, "lina", Role::Viewer).await;
    for number in 0..5 {
        let app = if number % 2 == 0 { &world.app } else { &other };
        assert_eq!(word(enter(app, "lina", "wrong", "203.0.113.9").await), "INVALID_CREDENTIALS");
    }
    for app in [&world.app, &other] {
        let error = enter(app, "LINA", PASSWORD, "203.0.113.9").await.unwrap_err();
        assert_eq!((error.message(), error.code()), ("登录尝试次数过多，请稍后再试", "TOO_MANY_ATTEMPTS"));
        assert!(matches!(error.kind(), ErrorKind::TooMany { retry_after } if *retry_after <= Duration::from_secs(900)));
    }
    assert!(enter(&world.app, "lina", PASSWORD, "198.51.100.1").await.is_ok(), "another address is not to blame");
    if stage == Stage::Embedded {
        world.advance(Duration::from_secs(900));
        assert!(enter(&world.app, "lina", PASSWORD, "203.0.113.9").await.is_ok());
    }
}

#[tokio::test]
async fn success_clears_the_count() {
    let world = World::strict().await;
    hire(&world.app, "lina", Role::Viewer).await;
    for _ in 0..3 {
        for _ in 0..4 {
            assert_eq!(word(enter(&world.app, "lina", "wrong", "203.0.113.9").await), "INVALID_CREDENTIALS");
        }
        assert!(enter(&world.app, "lina", PASSWORD, "203.0.113.9").await.is_ok());
    }
}

/// T-76: a thousand guesses at once are five, and the rest cost nothing.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_flood_of_guesses_is_five_guesses() {
    let world = World::strict().await;
    hire(&world.app, "lina", Role::Viewer).await;
    let guesses = (0..1_000).map(|_| enter(&world.app, "lina", "guess", "203.0.113.9"));
    let answers: Vec<String> = join_all(guesses).await.into_iter().map(word).collect();
    // The rest was sent away before anything was looked at: the door is shut, or others crowd it.
    let checked = answers.iter().filter(|word| *word == "INVALID_CREDENTIALS").count();
    assert!((1..=5).contains(&checked), "{checked}");
    let sent_away = ["TOO_MANY_ATTEMPTS", "TOO_MANY_REQUESTS"];
    assert!(answers.iter().all(|word| word == "INVALID_CREDENTIALS" || sent_away.contains(&word.as_str())));
}

#[rstest]
#[tokio::test]
async fn the_first_admin_comes_from_the_settings_or_from_a_token(
    #[values(Stage::Embedded, Stage::Services)] stage: Stage,
) {
    let Some(world) = World::with(stage, strict()).await else { return };
    // T-77: nothing opens the door beforehand.
    for (username, password) in [("admin", "admin"), ("admin", "password"), ("root", "root"), ("admin", "weiqiao")] {
        assert!(enter(&world.app, username, password, "203.0.113.9").await.is_err());
    }
    let FirstAdmin::Token(token) = ensure_first_admin(&world.app, "boss", None).await.unwrap() else { panic!() };
    assert!(!format!("{token:?}").contains(token.expose()));
    assert_eq!(word(redeem_setup_token(&world.app, token.expose(), "short").await), "VALIDATION_FAILED");
    assert_eq!(word(redeem_setup_token(&world.app, "guess", PASSWORD).await), "INVALID_CREDENTIALS");
    redeem_setup_token(&world.app, token.expose(), PASSWORD).await.unwrap();
    assert_eq!(word(redeem_setup_token(&world.app, token.expose(), PASSWORD).await), "INVALID_CREDENTIALS");
    let answer = enter(&world.app, "boss", PASSWORD, "203.0.113.9").await.unwrap();
    assert_eq!(answer.user.role, Role::Admin);
    assert!(matches!(ensure_first_admin(&world.app, "boss", None).await.unwrap(), FirstAdmin::NotNeeded));
}

#[tokio::test]
async fn a_configured_password_makes_the_first_admin_once() {
    let world = World::strict().await;
    assert_eq!(word(ensure_first_admin(&world.app, "admin", Some("admin")).await), "VALIDATION_FAILED");
    assert!(matches!(ensure_first_admin(&world.app, "admin", Some(PASSWORD)).await.unwrap(), FirstAdmin::Created(_)));
    let changed = ensure_first_admin(&world.app, "admin", Some("another password!")).await.unwrap();
    assert!(matches!(changed, FirstAdmin::NotNeeded));
    assert!(enter(&world.app, "admin", PASSWORD, "203.0.113.9").await.is_ok(), "a restart changes no password");
}

#[tokio::test]
async fn a_setup_token_is_good_for_a_day_and_only_while_nobody_is_there() {
    let world = World::strict().await;
    let token = async || match ensure_first_admin(&world.app, "admin", None).await.unwrap() {
        FirstAdmin::Token(token) => token,
        other => panic!("{other:?}"),
    };
    let (old, new) = (token().await, token().await);
    world.advance(Duration::from_secs(86_400));
    assert_eq!(word(redeem_setup_token(&world.app, old.expose(), PASSWORD).await), "INVALID_CREDENTIALS");
    drop(new);
    let (first, second) = (token().await, token().await);
    redeem_setup_token(&world.app, first.expose(), PASSWORD).await.unwrap();
    assert_eq!(word(redeem_setup_token(&world.app, second.expose(), PASSWORD).await), "INVALID_CREDENTIALS");
}

#[rstest]
#[tokio::test]
async fn a_new_password_throws_out_whoever_used_the_old_one(#[values(Stage::Embedded, Stage::Services)] stage: Stage) {
    let Some(world) = World::with(stage, strict()).await else { return };
    hire(&world.app, "lina", Role::Viewer).await;
    let old = enter(&world.app, "lina", PASSWORD, "203.0.113.9").await.unwrap();
    let kept = enter(&world.app, "lina", PASSWORD, "203.0.113.9").await.unwrap();
    let keep = verify_staff(&world.app, &kept.access_token).await.unwrap().session_id.clone();
    assert!(verify_staff(&world.app, &old.access_token).await.is_ok());
    reset_password(&world.app, weiqiao_app::Actor::Cli, "Lina", "brand new password", Some(keep)).await.unwrap();
    assert!(verify_staff(&world.app, &old.access_token).await.is_err());
    assert!(verify_staff(&world.app, &kept.access_token).await.is_ok());
    assert!(enter(&world.app, "lina", PASSWORD, "203.0.113.9").await.is_err());
    assert!(enter(&world.app, "lina", "brand new password", "203.0.113.9").await.is_ok());
    assert_eq!(
        word(reset_password(&world.app, weiqiao_app::Actor::Cli, "nobody", "brand new password", None).await),
        "NOT_FOUND"
    );
    assert_eq!(
        word(reset_password(&world.app, weiqiao_app::Actor::Cli, "lina", "short", None).await),
        "VALIDATION_FAILED"
    );
}

#[tokio::test]
async fn disabled_staff_is_out_within_five_seconds() {
    let world = World::strict().await;
    hire(&world.app, "lina", Role::Viewer).await;
    let answer = enter(&world.app, "lina", PASSWORD, "203.0.113.9").await.unwrap();
    assert!(verify_staff(&world.app, &answer.access_token).await.is_ok());
    world.app.store().run(Run("UPDATE staff SET disabled_at = 1".into())).await.unwrap();
    world.advance(Duration::from_secs(5));
    assert!(verify_staff(&world.app, &answer.access_token).await.is_err());
    assert_eq!(word(enter(&world.app, "lina", PASSWORD, "203.0.113.9").await), "INVALID_CREDENTIALS");
}

#[tokio::test]
async fn names_are_unique_and_possible() {
    let world = World::strict().await;
    hire(&world.app, "lina", Role::Viewer).await;
    let new = |username: &str| NewStaff {
        name: "李娜".into(),
        ..NewStaff::with_password(username, PASSWORD, Role::Viewer)
    };
    let taken = create_staff(&world.app, weiqiao_app::Actor::Cli, new("LiNa")).await.unwrap_err();
    assert_eq!((taken.kind(), taken.code()), (&ErrorKind::Conflict, "ALREADY_EXISTS"));
    for impossible in ["", "  ", "a b", "a\u{0}b", &"x".repeat(65)] {
        assert_eq!(
            word(create_staff(&world.app, weiqiao_app::Actor::Cli, new(impossible)).await),
            "VALIDATION_FAILED",
            "{impossible}"
        );
    }
    assert!(!format!("{:?}", new("x")).contains(PASSWORD));
}

/// T-80 in its first form: a viewer may look, an admin may do, others are asked who they are.
#[tokio::test]
async fn rights_are_denied_by_default() {
    let world = World::strict().await;
    hire(&world.app, "viewer", Role::Viewer).await;
    hire(&world.app, "admin", Role::Admin).await;
    let as_staff = async |username: &str| {
        let answer = enter(&world.app, username, PASSWORD, "203.0.113.9").await.unwrap();
        Caller::Staff(verify_staff(&world.app, &answer.access_token).await.unwrap())
    };
    let (viewer, admin) = (as_staff("viewer").await, as_staff("admin").await);
    let demand =
        |caller: &Caller, permission| caller.demand(permission, ApiScope::Admin).map_err(|e| e.code().to_owned());
    assert_eq!(demand(&viewer, Permission::ReadUsers), Ok(()));
    assert_eq!(demand(&viewer, Permission::ManageKeys), Err("FORBIDDEN".into()));
    assert_eq!(demand(&admin, Permission::ManageKeys), Ok(()));
    assert_eq!(demand(&Caller::Anonymous, Permission::ReadUsers), Err("UNAUTHORIZED".into()));
    let (visitor, _) = world.login().await;
    let visitor = world.caller(&visitor.token).await;
    assert_eq!(demand(&visitor, Permission::ReadUsers), Err("FORBIDDEN".into()), "known, and not allowed");
}
