//! Access tokens shared by all instances. §6, FI-05, FI-19, FM-01, FM-02, T-99, T-103, I5, I6.

use std::time::Duration;

use futures_util::future::join_all;
use rstest::rstest;
use weiqiao_app::settings::AccountSettings;
use weiqiao_app::usecase::api_key::{NewApiKey, create_api_key, verify_api_key};
use weiqiao_app::usecase::token::{CentralToken, TokenKind, read_token};
use weiqiao_app::{App, AppSettings, Caller, ErrorKind};
use weiqiao_model::ApiScope;
use weiqiao_store::facts::token::{FindToken, StoredToken};
use weiqiao_store::{Query, Read, StoreError};
use weixin::TokenMode;
use weixin::api::cgi_bin::GetCallbackIp;
use weixin_emulator::Fault;

use crate::support::{OFFICIAL, Stage, World, strict, word};

const STABLE: &str = "/cgi-bin/stable_token";
const CLASSIC: &str = "/cgi-bin/token";
const HOUR: Duration = Duration::from_secs(3_600);

fn settings(mode: TokenMode) -> AppSettings {
    let mut settings = strict();
    for account in &mut settings.accounts {
        account.token_mode = mode;
    }
    settings
}

async fn three(world: &World) -> [App; 3] {
    [world.app.clone(), world.another().await, world.another().await]
}

/// A business call that needs the token.
async fn call(app: &App) -> Result<(), weixin::Error> {
    let account = app.accounts().named("official").unwrap();
    app.weixin().send(&account.weixin, GetCallbackIp::default()).await.map(drop)
}

async fn calls_everywhere(instances: &[App], each: usize) -> usize {
    let calls = (0..each * instances.len()).map(|number| call(&instances[number % instances.len()]));
    join_all(calls).await.into_iter().filter(Result::is_err).count()
}

#[rstest]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn three_instances_fetch_one_token_per_expiry(
    #[values(Stage::Embedded, Stage::Services)] stage: Stage,
    #[values(TokenMode::Stable, TokenMode::Classic)] mode: TokenMode,
) {
    let Some(world) = World::with(stage, settings(mode)).await else { return };
    let instances = three(&world).await;
    let path = if mode == TokenMode::Classic { CLASSIC } else { STABLE };
    for expiry in 1..=5 {
        assert_eq!(calls_everywhere(&instances, 30).await, 0);
        assert_eq!(world.wechat.calls(path), expiry, "after {expiry} lives");
        world.advance(2 * HOUR + Duration::from_secs(1));
    }
    assert_eq!(world.wechat.calls(STABLE) + world.wechat.calls(CLASSIC), 5, "the other API is not used");
}

#[rstest]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stolen_token_is_replaced_once_and_no_call_fails(
    #[values(Stage::Embedded, Stage::Services)] stage: Stage,
    #[values(TokenMode::Stable, TokenMode::Classic)] mode: TokenMode,
) {
    let Some(world) = World::with(stage, settings(mode)).await else { return };
    let instances = three(&world).await;
    let path = if mode == TokenMode::Classic { CLASSIC } else { STABLE };
    assert_eq!(calls_everywhere(&instances, 5).await, 0);
    for theft in 1..=10 {
        let before = world.wechat.calls(path);
        world.wechat.steal_token("official");
        assert_eq!(calls_everywhere(&instances, 20).await, 0, "theft {theft}");
        assert_eq!(world.wechat.calls(path) - before, 1, "theft {theft}");
    }
    let stored = stored(&world).await;
    assert_eq!((stored.generation, stored.fetch_count, stored.replaced_outside), (11, 11, 10));
}

async fn stored(world: &World) -> StoredToken {
    let kind = world.app.token_source().row_name(&OFFICIAL.into(), TokenKind::Access);
    world.app.store().read(FindToken { app_id: OFFICIAL.into(), kind }).await.unwrap().unwrap()
}

/// G-07, FI-19: three fetches in ten minutes, over all instances, whatever is asked.
#[rstest]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_wrong_secret_never_storms(#[values(Stage::Embedded, Stage::Services)] stage: Stage) {
    let mut wrong = settings(TokenMode::Stable);
    wrong.accounts[0] = AccountSettings { app_secret: "wrong".repeat(6).as_str().into(), ..wrong.accounts[0].clone() };
    let Some(world) = World::with(stage, wrong).await else { return };
    let instances = three(&world).await;
    for _ in 0..60 {
        assert_eq!(calls_everywhere(&instances, 3).await, 9);
        world.advance(Duration::from_secs(10));
    }
    assert!((2..=3).contains(&world.wechat.calls(STABLE)), "{} fetches in ten minutes", world.wechat.calls(STABLE));
    for app in &instances {
        let error = call(app).await.unwrap_err();
        assert_eq!(error.errcode().map(|code| code.get()), Some(40125), "the cause is said on every instance: {error}");
    }
}

/// FM-02: a WeChat that refuses every token it has just given. The store is what makes all instances rest.
#[rstest]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tokens_that_are_always_refused_never_storm(#[values(Stage::Embedded, Stage::Services)] stage: Stage) {
    let Some(world) = World::with(stage, settings(TokenMode::Classic)).await else { return };
    let instances = three(&world).await;
    world.wechat.fault(Fault::on("/cgi-bin/getcallbackip").errcode(40001).probability(1.0));
    for round in 0..3 {
        let before = world.wechat.calls(CLASSIC);
        for _ in 0..60 {
            assert_eq!(calls_everywhere(&instances, 3).await, 9);
            world.advance(Duration::from_secs(10));
        }
        let fetches = world.wechat.calls(CLASSIC) - before;
        assert!((1..=3).contains(&fetches), "round {round}: {fetches} fetches in ten minutes");
    }
    for app in &instances {
        let error = call(app).await.unwrap_err();
        assert_eq!(error.errcode().map(|code| code.get()), Some(40001), "{error}");
    }
    // An instance that starts now has not seen anything, and rests with the others.
    let (started, before) = (world.another().await, world.wechat.calls(CLASSIC));
    for _ in 0..5 {
        call(&started).await.unwrap_err();
    }
    assert_eq!(world.wechat.calls(CLASSIC), before);
    world.wechat.clear_faults();
    world.advance(Duration::from_secs(601));
    assert_eq!(calls_everywhere(&instances, 3).await, 0);
}

/// Whoever corrects the secret and starts again does not have to wait for the cool-down of the wrong one.
#[rstest]
#[tokio::test]
async fn a_corrected_secret_works_at_once(#[values(Stage::Embedded, Stage::Services)] stage: Stage) {
    let mut wrong = settings(TokenMode::Stable);
    wrong.accounts[0] = AccountSettings { app_secret: "wrong".repeat(6).as_str().into(), ..wrong.accounts[0].clone() };
    let Some(mut world) = World::with(stage, wrong).await else { return };
    assert!(call(&world.app).await.is_err());
    world.settings = settings(TokenMode::Stable);
    let corrected = world.another().await;
    call(&corrected).await.unwrap();
}

#[rstest]
#[tokio::test]
async fn a_restart_finds_the_token_of_before(#[values(Stage::Embedded, Stage::Services)] stage: Stage) {
    let Some(world) = World::with(stage, settings(TokenMode::Classic)).await else { return };
    call(&world.app).await.unwrap();
    world.advance(HOUR);
    let restarted = world.another().await;
    call(&restarted).await.unwrap();
    assert_eq!(world.wechat.calls(CLASSIC), 1);
}

/// The early renewal is one fetch too, and callers do not wait for it.
#[rstest]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_token_near_its_end_is_renewed_beside_the_calls(#[values(Stage::Embedded, Stage::Services)] stage: Stage) {
    let Some(world) = World::with(stage, settings(TokenMode::Classic)).await else { return };
    let instances = three(&world).await;
    assert_eq!(calls_everywhere(&instances, 2).await, 0);
    world.advance(Duration::from_secs(7_200 * 91 / 100));
    // The fetch hangs; the calls go on with the old token.
    world.wechat.fault(Fault::on(CLASSIC).delay_ms(400));
    let began = std::time::Instant::now();
    assert_eq!(calls_everywhere(&instances, 10).await, 0);
    assert!(began.elapsed() < Duration::from_millis(350), "they waited: {:?}", began.elapsed());
    while stored(&world).await.generation < 2 {
        tokio::task::yield_now().await;
    }
    assert_eq!(calls_everywhere(&instances, 10).await, 0);
    assert_eq!(world.wechat.calls(CLASSIC), 2);
    // And so in every life: nobody ever waits for the renewal before.
    for generation in 3..=5 {
        world.advance(Duration::from_secs(7_200 * 91 / 100));
        assert_eq!(calls_everywhere(&instances, 2).await, 0);
        // Whoever calls while the renewal before is still being put away starts none: the next call does.
        let renewed = async {
            while stored(&world).await.generation < generation {
                assert_eq!(calls_everywhere(&instances, 1).await, 0);
            }
        };
        tokio::time::timeout(Duration::from_secs(30), renewed).await.expect("a renewal beside the calls");
    }
}

/// How many leases to fetch were ever given for the access token.
struct Fence(String);

impl Query for Fence {
    const NAME: &'static str = "test.fence";
    type Output = i64;

    async fn run<R: Read>(&self, db: &mut R) -> Result<i64, StoreError> {
        let row = db.query_opt("SELECT fence FROM account_token WHERE kind = $1", vec![self.0.as_str().into()]).await?;
        row.map_or(Ok(0), |mut row| row.integer())
    }
}

/// I5: a process that was stopped past its lease does not overwrite what another stored meanwhile.
#[rstest]
#[tokio::test]
async fn a_fetch_that_lost_its_lease_is_thrown_away(#[values(Stage::Embedded, Stage::Services)] stage: Stage) {
    let Some(world) = World::with(stage, settings(TokenMode::Classic)).await else { return };
    let other = world.another().await;
    world.wechat.fault(Fault::on(CLASSIC).delay_ms(500).deliver());
    let app = world.app.clone();
    let stopped = tokio::spawn(async move { call(&app).await });
    let row = world.app.token_source().row_name(&OFFICIAL.into(), TokenKind::Access);
    while world.app.store().read(Fence(row.clone())).await.unwrap() == 0 {
        tokio::task::yield_now().await;
    }
    world.advance(Duration::from_secs(60));
    call(&other).await.unwrap();
    assert_eq!(stored(&world).await.generation, 1);
    stopped.await.unwrap().unwrap();
    call(&world.app).await.unwrap();
    assert_eq!((stored(&world).await.generation, world.wechat.calls(CLASSIC)), (1, 2));
}

async fn key(app: &App, scopes: Vec<ApiScope>) -> Caller {
    let key =
        create_api_key(app, weiqiao_app::Actor::Cli, NewApiKey { name: "other program".into(), scopes, days: None })
            .await
            .unwrap();
    Caller::ApiKey(verify_api_key(app, key.key.expose()).await.unwrap())
}

/// §6: what is given out is good for five minutes at least.
#[rstest]
#[tokio::test]
async fn the_token_centre_gives_tokens_that_last(#[values(TokenMode::Stable, TokenMode::Classic)] mode: TokenMode) {
    let world = World::with(Stage::Embedded, settings(mode)).await.unwrap();
    let caller = key(&world.app, vec![ApiScope::Token]).await;
    for _ in 0..200 {
        let token = read_token(&world.app, &caller, "official", TokenKind::Access).await.unwrap();
        let left = token.expires_at - world.app.now_ms() / 1000;
        assert!((299..=7_200).contains(&left), "{left} s left");
        assert!(!token.value.is_empty());
        world.advance(Duration::from_secs(97));
    }
    let (fetches, lives) = (world.wechat.calls(STABLE) + world.wechat.calls(CLASSIC), 200 * 97 / 7_200);
    assert!((lives..=lives * 2 + 2).contains(&fetches), "{fetches} fetches in {lives} lives");
}

/// What every instance gives to other programs.
async fn given(instances: &[App], kind: TokenKind) -> Vec<CentralToken> {
    let caller = key(&instances[0], vec![ApiScope::Token]).await;
    let reads = instances.iter().map(|app| read_token(app, &caller, "official", kind));
    join_all(reads).await.into_iter().map(Result::unwrap).collect()
}

/// I5: one of three instances meets the theft. The others were refused nothing, and still give nobody the dead token.
#[rstest]
#[tokio::test]
async fn the_token_centre_of_every_instance_gives_the_newest_token(
    #[values(Stage::Embedded, Stage::Services)] stage: Stage,
    #[values(TokenMode::Stable, TokenMode::Classic)] mode: TokenMode,
) {
    let Some(world) = World::with(stage, settings(mode)).await else { return };
    let instances = three(&world).await;
    let path = if mode == TokenMode::Classic { CLASSIC } else { STABLE };
    for theft in 1..=3 {
        let old = given(&instances, TokenKind::Access).await;
        assert!(old.iter().all(|token| token.value == old[0].value), "theft {theft}");
        world.wechat.steal_token("official");
        call(&instances[0]).await.unwrap();
        assert_eq!(stored(&world).await.generation, theft + 1);

        let before = (world.wechat.calls(path), world.wechat.calls("/cgi-bin/getcallbackip"));
        let new = given(&instances, TokenKind::Access).await;
        assert!(new.iter().all(|token| token.value == new[0].value && token.value != old[0].value), "theft {theft}");
        // They use it themselves from now on: nothing is refused any more.
        assert_eq!(calls_everywhere(&instances, 1).await, 0);
        let after = (world.wechat.calls(path), world.wechat.calls("/cgi-bin/getcallbackip"));
        assert_eq!((after.0 - before.0, after.1 - before.1), (0, 3), "theft {theft}");
    }
}

/// WeChat refuses the token, and then to give another: nobody is given the dead one, neither by an instance that was refused nothing
/// nor by one that starts now.
#[rstest]
#[tokio::test]
async fn a_dead_token_is_given_to_nobody_while_there_is_no_other(
    #[values(Stage::Embedded, Stage::Services)] stage: Stage,
) {
    let Some(world) = World::with(stage, settings(TokenMode::Stable)).await else { return };
    let instances = three(&world).await;
    let old = given(&instances, TokenKind::Access).await;
    world.wechat.steal_token("official");
    world.wechat.fault(Fault::on(STABLE).errcode(40164).probability(1.0));
    call(&instances[0]).await.unwrap_err();
    let started = world.another().await;
    let caller = key(&world.app, vec![ApiScope::Token]).await;
    for app in instances.iter().chain([&started]) {
        let refusal = read_token(app, &caller, "official", TokenKind::Access).await.unwrap_err();
        assert_eq!(refusal.code(), "WECHAT_API_FAILED", "{refusal}");
    }
    world.wechat.clear_faults();
    world.advance(HOUR);
    let new = given(&instances, TokenKind::Access).await;
    assert!(new.iter().all(|token| token.value == new[0].value && token.value != old[0].value));
}

/// An instance that is refused what another has replaced finds that one: it neither fetches nor takes the right to.
#[rstest]
#[tokio::test]
async fn an_instance_that_is_refused_takes_what_another_fetched(
    #[values(Stage::Embedded, Stage::Services)] stage: Stage,
) {
    let Some(world) = World::with(stage, settings(TokenMode::Classic)).await else { return };
    let instances = three(&world).await;
    assert_eq!(calls_everywhere(&instances, 1).await, 0);
    world.wechat.steal_token("official");
    call(&instances[0]).await.unwrap();
    let row = world.app.token_source().row_name(&OFFICIAL.into(), TokenKind::Access);
    assert_eq!((world.wechat.calls(CLASSIC), world.app.store().read(Fence(row.clone())).await.unwrap()), (2, 2));
    assert_eq!(calls_everywhere(&instances, 2).await, 0);
    assert_eq!((world.wechat.calls(CLASSIC), world.app.store().read(Fence(row)).await.unwrap()), (2, 2));
}

/// WeChat gives a new ticket each time here, so whoever holds the one before holds another.
#[rstest]
#[tokio::test]
async fn the_token_centre_of_every_instance_gives_the_newest_ticket(
    #[values(Stage::Embedded, Stage::Services)] stage: Stage,
    #[values(TokenKind::JsapiTicket, TokenKind::CardTicket)] kind: TokenKind,
) {
    let Some(world) = World::with(stage, settings(TokenMode::Stable)).await else { return };
    world.wechat.engine().change_settings(&serde_json::json!({ "ticket_repeat": "new" })).unwrap();
    let instances = three(&world).await;
    let old = given(&instances, kind).await;
    assert!(old.iter().all(|ticket| ticket.value == old[0].value));
    world.advance(HOUR / 2);
    instances[1].token_source().demand_life(&OFFICIAL.into(), kind, 7_200_000);
    let renewed = given(&instances[1..2], kind).await;
    assert_ne!(renewed[0].value, old[0].value);
    let new = given(&instances, kind).await;
    assert!(new.iter().all(|ticket| ticket.value == renewed[0].value && ticket.expires_at == renewed[0].expires_at));
    assert_eq!(world.wechat.calls("/cgi-bin/ticket/getticket"), 2);
}

/// §6 for an instance that knew nothing: what it finds is nearly over, and nobody asked for the early renewal.
#[rstest]
#[tokio::test]
async fn a_token_that_an_instance_finds_is_renewed_before_it_is_given(
    #[values(Stage::Embedded, Stage::Services)] stage: Stage,
    #[values(TokenMode::Stable, TokenMode::Classic)] mode: TokenMode,
) {
    let Some(world) = World::with(stage, settings(mode)).await else { return };
    call(&world.app).await.unwrap();
    world.advance(2 * HOUR - Duration::from_secs(120));
    let started = [world.another().await];
    let token = given(&started, TokenKind::Access).await;
    assert!(token[0].expires_at - world.app.now_ms() / 1000 >= 300);
}

/// WeChat repeats a ticket to its very end. Then there is none that lasts longer, and asking every second does not help.
#[tokio::test]
async fn a_ticket_that_wechat_repeats_is_not_asked_for_with_every_read() {
    let world = World::strict().await;
    let caller = key(&world.app, vec![ApiScope::Token]).await;
    for second in 0..7_200 {
        let ticket = read_token(&world.app, &caller, "official", TokenKind::JsapiTicket).await.unwrap();
        assert!(ticket.expires_at > world.app.now_ms() / 1000, "over at second {second}");
        world.advance(Duration::from_secs(1));
    }
    let fetches = world.wechat.calls("/cgi-bin/ticket/getticket");
    assert!(fetches <= 70, "{fetches} fetches in one life");
}

#[tokio::test]
async fn the_token_centre_is_for_keys_with_that_scope() {
    let world = World::strict().await;
    let admin = key(&world.app, vec![ApiScope::Admin]).await;
    assert_eq!(word(read_token(&world.app, &admin, "official", TokenKind::Access).await), "SCOPE_MISSING");
    let (answer, _) = world.login().await;
    let person = world.caller(&answer.token).await;
    for (caller, refusal) in [(Caller::Anonymous, "UNAUTHORIZED"), (person, "FORBIDDEN")] {
        assert_eq!(word(read_token(&world.app, &caller, "official", TokenKind::Access).await), refusal);
    }
    let reader = key(&world.app, vec![ApiScope::Token]).await;
    assert_eq!(word(read_token(&world.app, &reader, "nobody", TokenKind::Access).await), "ACCOUNT_UNKNOWN");
    world.wechat.fault(Fault::on(STABLE).errcode(40164).times(9));
    let error = read_token(&world.app, &reader, "official", TokenKind::Access).await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::WeChat(refusal) if refusal.errcode == Some(40164)), "{error:?}");
    assert!(error.hint().unwrap().contains("白名单"), "{:?}", error.hint());
}

/// T-103: the token of one account is never used for another.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn accounts_never_mix() {
    let world = World::strict().await;
    let calls = (0..400).map(|number| {
        let app = world.app.clone();
        async move {
            let account = app.accounts().named(["official", "mini"][number % 2]).unwrap();
            app.weixin().token(&account.weixin, TokenKind::Access).await.unwrap().value
        }
    });
    let tokens = join_all(calls).await;
    assert!(tokens.iter().step_by(2).all(|token| *token == tokens[0]));
    assert!(tokens.iter().skip(1).step_by(2).all(|token| *token == tokens[1]));
    assert_ne!(tokens[0], tokens[1]);
    assert_eq!(world.wechat.calls(STABLE), 2);
}
