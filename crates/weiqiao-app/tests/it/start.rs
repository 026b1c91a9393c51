//! What stops a start, and what does not.

use rstest::rstest;
use weiqiao_app::settings::AccountSettings;
use weiqiao_app::{AppSettings, SecretSettings, StartError};
use weiqiao_model::AccountKind;

use crate::support::{Engines, MASTER, Stage, World, account, strict};

const NEW_MASTER: &str = "new-master-0123456789abcdef-0123456789abc";

fn with_master(master: &str, previous: Option<&str>) -> AppSettings {
    let mut settings = strict();
    settings.secrets = SecretSettings {
        master: master.into(),
        master_previous: previous.map(Into::into).into_iter().collect(),
        ..settings.secrets
    };
    settings
}

#[rstest]
#[tokio::test]
async fn a_wrong_master_key_refuses_to_start(#[values(Stage::Embedded, Stage::Services)] stage: Stage) {
    let Some(world) = World::with(stage, strict()).await else { return };
    let World { wechat, clock, app, engines, .. } = world;
    app.store().close().await;
    drop(app);
    let refusal = engines.start(&wechat, &clock, with_master(NEW_MASTER, None)).await.unwrap_err();
    assert!(matches!(refusal, StartError::WrongMasterKey(_)), "{refusal:?}");
    assert!(refusal.to_string().contains("SESSION_SECRET") && !refusal.to_string().contains(NEW_MASTER));
}

#[rstest]
#[tokio::test]
async fn a_rotated_master_key_starts_and_reads_what_the_old_one_sealed(
    #[values(Stage::Embedded, Stage::Services)] stage: Stage,
) {
    let Some(mut world) = World::with(stage, strict()).await else { return };
    let caller = crate::people::count(&world).await;
    assert_eq!(caller, 0);
    let account = world.app.accounts().named("official").unwrap().weixin.clone();
    let before = world.app.weixin().token(&account, weixin::TokenKind::Access).await.unwrap();
    world.settings = with_master(NEW_MASTER, Some(MASTER));
    let rotated = world.another().await;
    let after = rotated.weixin().token(&account, weixin::TokenKind::Access).await.unwrap();
    assert_eq!((before.value, before.generation), (after.value, after.generation), "the row of before was read");
    // While both are configured each of them opens; the first start without the old one lets it go.
    for key in [MASTER, NEW_MASTER] {
        world.settings = with_master(key, Some(if key == MASTER { NEW_MASTER } else { MASTER }));
        world.another().await;
    }
    world.settings = with_master(NEW_MASTER, None);
    world.another().await;
    let World { wechat, clock, app, engines, .. } = world;
    let (store, coord) = (app.store().clone(), app.coord().clone());
    let refusal = crate::support::start(store, coord, &wechat, &clock, with_master(MASTER, None)).await.unwrap_err();
    assert!(matches!(refusal, StartError::WrongMasterKey(_)), "{refusal:?}");
    drop(engines);
}

#[tokio::test]
async fn settings_that_cannot_be_used_are_named_and_not_repeated() {
    let world = World::strict().await;
    let engines = Engines::new(Stage::Embedded).await.unwrap();
    let (store, coord) = engines.open(&world.clock).await;
    let second = |name, app_id| account(name, AccountKind::Official, app_id, "s");
    let cases: Vec<(&str, AppSettings)> = vec![
        ("SESSION_SECRET", with_master("short-canary", None)),
        ("SESSION_SECRET_PREVIOUS", with_master(MASTER, Some("short-canary"))),
        (
            "JWT_SECRET",
            AppSettings { secrets: SecretSettings { jwt: "short-canary".into(), ..strict().secrets }, ..strict() },
        ),
        ("OAUTH_REDIRECT_HOSTS", AppSettings { oauth_redirect_hosts: Some(vec!["*.example.com".into()]), ..strict() }),
        ("JS_SAFE_DOMAINS", AppSettings { js_safe_domains: Some(vec!["https://x".into()]), ..strict() }),
        ("PUBLIC_URL", AppSettings { public_url: "mailto:a@b.c".parse().unwrap(), ..strict() }),
        ("accounts", strict().with_account(second("official", "wx9"))),
        ("accounts", strict().with_account(AccountSettings { ..second("other", "wx1111111111111111") })),
    ];
    for (key, settings) in cases {
        let refusal = crate::support::start(store.clone(), coord.clone(), &world.wechat, &world.clock, settings)
            .await
            .unwrap_err();
        assert!(matches!(&refusal, StartError::Setting(setting) if setting.key == key), "{key}: {refusal:?}");
        assert!(!refusal.to_string().contains("canary"), "{refusal}");
    }
}

/// Whoever has to repair it is told what, where, and how; not merely that something went wrong.
#[tokio::test]
async fn a_damaged_key_of_the_audit_chain_is_named_with_the_next_step() {
    for damage in ["X'00'", "CAST(sealed_key || X'00' AS BLOB)", "zeroblob(length(sealed_key))"] {
        let World { wechat, clock, app, engines, .. } = World::strict().await;
        app.store().run(crate::support::Run(format!("UPDATE audit_head SET sealed_key = {damage}"))).await.unwrap();
        app.store().close().await;
        drop(app);
        let refusal = engines.start(&wechat, &clock, strict()).await.unwrap_err();
        assert!(matches!(refusal, StartError::AuditKey(_)), "{damage}: {refusal:?}");
        let text = refusal.to_string();
        for part in ["audit chain", "audit_head", "sealed_key", "backup", "weiqiao admin audit verify"] {
            assert!(text.contains(part), "{part}: {text}");
        }
    }
}
