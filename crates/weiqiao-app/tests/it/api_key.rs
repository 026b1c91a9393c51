//! API keys. T-53.

use std::time::Duration;

use rstest::rstest;
use weiqiao_app::usecase::api_key::{NewApiKey, create_api_key, list_api_keys, revoke_api_key, verify_api_key};
use weiqiao_app::{ErrorKind, StartError};
use weiqiao_model::ApiScope;

use crate::support::{Engines, Stage, World, strict, word};

fn new(scopes: Vec<ApiScope>) -> NewApiKey {
    NewApiKey { name: "crm".into(), scopes, days: Some(30) }
}

#[rstest]
#[tokio::test]
async fn a_key_works_until_it_ends(#[values(Stage::Embedded, Stage::Services)] stage: Stage) {
    let Some(world) = World::with(stage, strict()).await else { return };
    let made =
        create_api_key(&world.app, weiqiao_app::Actor::Cli, new(vec![ApiScope::Token, ApiScope::Token])).await.unwrap();
    let key = verify_api_key(&world.app, made.key.expose()).await.unwrap();
    assert_eq!(
        (key.name.as_str(), key.id.as_ref(), key.scopes.as_slice()),
        ("crm", Some(&made.id), &[ApiScope::Token][..])
    );
    assert!(key.may(ApiScope::Token) && !key.may(ApiScope::Admin) && !key.may(ApiScope::UserRead));
    world.advance(Duration::from_secs(30 * 86_400));
    assert_eq!(word(verify_api_key(&world.app, made.key.expose()).await), "UNAUTHORIZED");
}

#[rstest]
#[tokio::test]
async fn a_revoked_key_ends_here_at_once_and_elsewhere_within_five_seconds(
    #[values(Stage::Embedded, Stage::Services)] stage: Stage,
) {
    let Some(world) = World::with(stage, strict()).await else { return };
    let other = world.another().await;
    let made = create_api_key(&world.app, weiqiao_app::Actor::Cli, new(vec![ApiScope::UserRead])).await.unwrap();
    assert!(verify_api_key(&other, made.key.expose()).await.is_ok());
    assert!(verify_api_key(&world.app, made.key.expose()).await.is_ok());
    revoke_api_key(&world.app, weiqiao_app::Actor::Cli, made.id.as_str()).await.unwrap();
    assert!(verify_api_key(&world.app, made.key.expose()).await.is_err());
    assert!(verify_api_key(&other, made.key.expose()).await.is_ok(), "remembered");
    world.advance(Duration::from_secs(5));
    assert!(verify_api_key(&other, made.key.expose()).await.is_err());
    assert_eq!(word(revoke_api_key(&world.app, weiqiao_app::Actor::Cli, made.id.as_str()).await), "NOT_FOUND");
    assert_eq!(word(revoke_api_key(&world.app, weiqiao_app::Actor::Cli, "nothing").await), "NOT_FOUND");
}

#[tokio::test]
async fn guessed_and_mistyped_keys_are_refused_alike() {
    let world = World::strict().await;
    let made = create_api_key(&world.app, weiqiao_app::Actor::Cli, new(vec![ApiScope::UserRead])).await.unwrap();
    let unknown = weiqiao_app::usecase::api_key::ApiKeyText::random(&weiqiao_model::OsRng);
    let cut = made.key.expose().split_at(60).0;
    for wrong in ["", "wxk_live_", unknown.expose(), cut, "Bearer x", &"x".repeat(100_000)] {
        let error = verify_api_key(&world.app, wrong).await.unwrap_err();
        assert_eq!((error.kind(), error.message()), (&ErrorKind::Unauthorized, "API Key 无效"));
    }
}

#[tokio::test]
async fn the_list_shows_no_secret() {
    let world = World::strict().await;
    let made = create_api_key(&world.app, weiqiao_app::Actor::Cli, new(vec![ApiScope::Admin])).await.unwrap();
    world.advance(Duration::from_secs(60));
    let second =
        create_api_key(&world.app, weiqiao_app::Actor::Cli, NewApiKey { days: None, ..new(vec![ApiScope::Token]) })
            .await
            .unwrap();
    revoke_api_key(&world.app, weiqiao_app::Actor::Cli, made.id.as_str()).await.unwrap();
    let listed = list_api_keys(&world.app, 0, 50).await.unwrap();
    assert_eq!(listed.iter().map(|key| key.active).collect::<Vec<_>>(), [true, false]);
    assert_eq!(listed[0].id, second.id.as_str());
    assert_eq!(listed[0].expires_at.unwrap() - listed[0].created_at, 365 * 86_400);
    let shown = serde_json::to_string(&listed).unwrap();
    let secret = made.key.expose().split('_').nth(3).unwrap();
    assert!(shown.contains(made.key.prefix()) && !shown.contains(secret));
}

#[tokio::test]
async fn an_impossible_key_is_not_made() {
    let world = World::strict().await;
    for impossible in [
        NewApiKey { name: " ".into(), ..new(vec![ApiScope::Token]) },
        NewApiKey { name: "x".repeat(101), ..new(vec![ApiScope::Token]) },
        new(Vec::new()),
        NewApiKey { days: Some(0), ..new(vec![ApiScope::Token]) },
        NewApiKey { days: Some(3_651), ..new(vec![ApiScope::Token]) },
    ] {
        assert_eq!(word(create_api_key(&world.app, weiqiao_app::Actor::Cli, impossible).await), "VALIDATION_FAILED");
    }
}

#[tokio::test]
async fn the_bootstrap_key_has_all_scopes() {
    let mut settings = strict();
    settings.bootstrap_api_key = Some("a-bootstrap-key-from-the-settings".into());
    let world = World::with(Stage::Embedded, settings.clone()).await.unwrap();
    let key = verify_api_key(&world.app, "a-bootstrap-key-from-the-settings").await.unwrap();
    assert!(ApiScope::ALL.into_iter().all(|scope| key.may(scope)));
    assert!(key.id.is_none());
    assert!(verify_api_key(&world.app, "a-bootstrap-key-from-the-setting").await.is_err());

    settings.bootstrap_api_key = Some("short".into());
    let engines = Engines::new(Stage::Embedded).await.unwrap();
    let refusal = engines.start(&world.wechat, &world.clock, settings).await.unwrap_err();
    assert!(matches!(&refusal, StartError::Setting(setting) if setting.key == "API_KEY"), "{refusal}");
    assert!(!refusal.to_string().contains("short"));
}

#[tokio::test]
async fn a_name_is_one_line_that_people_can_read() {
    let world = World::strict().await;
    for (name, rule) in [("", "length"), ("\u{200b}", "length"), ("crm\u{1b}[2J", "format"), ("c\nrm", "format")] {
        let asked = NewApiKey { name: name.to_owned(), ..new(vec![ApiScope::Token]) };
        let refused = create_api_key(&world.app, weiqiao_app::Actor::Cli, asked).await.unwrap_err();
        let ErrorKind::Invalid(problems) = refused.kind() else { panic!("{refused:?}") };
        assert_eq!((problems[0].field.as_ref(), problems[0].rule), ("name", rule), "{name:?}");
    }
    let asked = NewApiKey { name: " 会员系统\n".to_owned(), ..new(vec![ApiScope::Token]) };
    create_api_key(&world.app, weiqiao_app::Actor::Cli, asked).await.unwrap();
    assert_eq!(list_api_keys(&world.app, 0, 10).await.unwrap()[0].name, "会员系统");
}
