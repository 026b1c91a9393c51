//! The full-page login: to WeChat and back to our callback. T-01 to T-16, FM-12.

use std::time::Duration;

use futures_util::future::join_all;
use rstest::rstest;
use url::Url;
use weiqiao_app::settings::AccountSettings;
use weiqiao_app::usecase::login::{
    Browser, Flow, StartLogin, WebLoginEnd, WechatReturn, complete_web_login, start_web_login,
};
use weiqiao_app::usecase::session::verify_session;
use weiqiao_app::{ErrorKind, Result};
use weiqiao_model::AccountKind;
use weixin_emulator::{AccountKind as EmulatedKind, AccountSeed, CodeKind, Fault, Scope};

use crate::support::{Stage, World, account, begin, come_back, logged_in, stranger, strict, word};

const SECOND: Duration = Duration::from_secs(1);

#[rstest]
#[tokio::test]
async fn a_login_goes_to_wechat_and_back_to_the_page_that_was_asked_for(
    #[values(Stage::Embedded, Stage::Services)] stage: Stage,
) {
    let Some(world) = World::with(stage, strict()).await else { return };
    let (started, browser) = world.started(Flow::Page).await;
    assert_eq!(started.max_age_s, 600);
    assert!(started.state.len() == 32 && started.state.bytes().all(|byte| byte.is_ascii_alphanumeric()));
    let url = Url::parse(&started.url).unwrap();
    assert!(
        started.url.starts_with(&format!("{}/connect/oauth2/authorize?appid=wx1111111111111111&", world.wechat.url()))
    );
    let query: Vec<(String, String)> = url.query_pairs().into_owned().collect();
    let of = |key: &str| query.iter().find(|(name, _)| name == key).unwrap().1.clone();
    assert_eq!(of("redirect_uri"), "https://wx.example.com/wechat/callback");
    assert_eq!((of("scope"), of("state")), ("snsapi_userinfo".into(), started.state.clone()));

    let (answer, page) = logged_in(come_back(&world.app, Some(&world.code()), Some(&started.state), &browser).await);
    assert_eq!(page, "https://wx.example.com/orders?id=1&wechat_auth=success#/a");
    assert!(answer.first_login);
    assert_eq!(answer.user_info.nickname, "小明");
    assert_eq!(answer.user_info.openid, world.wechat.openid("xiaoming", "official"));
    assert_eq!(answer.user_info.expires_at - answer.user_info.login_time, 86_400);
    let session = verify_session(&world.app, &answer.token).await.unwrap();
    assert_eq!(session.user_id, *answer.user_id);
    assert_eq!(world.exchanges(), 1);
}

/// T-01, T-02: the victim of a prepared callback address has another cookie, or none.
#[tokio::test]
async fn another_browser_cannot_finish_a_login() {
    let world = World::strict().await;
    let (started, browser) = world.started(Flow::Page).await;
    let code = world.code();
    for other in [stranger(), Browser::default()] {
        let error = come_back(&world.app, Some(&code), Some(&started.state), &other).await.unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::Invalid(_)), "{error:?}");
        assert_eq!(error.code(), "STATE_INVALID");
        assert!(error.hint().is_some());
        assert_eq!(word(come_back(&world.app, None, Some(&started.state), &other).await), "STATE_INVALID");
    }
    assert_eq!(world.exchanges(), 0);
    // Nothing was spoilt for the right one.
    logged_in(come_back(&world.app, Some(&code), Some(&started.state), &browser).await);
}

/// T-03, T-05.
#[tokio::test]
async fn a_state_lives_ten_minutes_and_answers_a_second_visit_for_one() {
    let world = World::strict().await;
    let (on_time, browser) = world.started(Flow::Page).await;
    world.advance(Duration::from_secs(599));
    let code = world.code();
    let (first, _) = logged_in(come_back(&world.app, Some(&code), Some(&on_time.state), &browser).await);
    world.advance(59 * SECOND);
    let (again, _) = logged_in(come_back(&world.app, Some(&code), Some(&on_time.state), &browser).await);
    assert_eq!(first, again);
    world.advance(2 * SECOND);
    assert_eq!(word(come_back(&world.app, Some(&code), Some(&on_time.state), &browser).await), "STATE_INVALID");
    assert_eq!(
        word(come_back(&world.app, Some(&world.code()), Some(&on_time.state), &stranger()).await),
        "STATE_INVALID"
    );
    assert_eq!(world.exchanges(), 1);

    let (late, browser) = world.started(Flow::Page).await;
    world.advance(Duration::from_secs(601));
    assert_eq!(word(come_back(&world.app, Some(&world.code()), Some(&late.state), &browser).await), "STATE_INVALID");
    assert_eq!(world.exchanges(), 1);
}

/// T-04, G-13: WeChat's own browser calls back twice at once, also with two codes, also to two instances.
#[rstest]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_double_callback_is_one_login(#[values(Stage::Embedded, Stage::Services)] stage: Stage) {
    let Some(world) = World::with(stage, strict()).await else { return };
    let other = world.another().await;
    let pairs = 30;
    for number in 0..pairs {
        let (started, browser) = world.started(Flow::Page).await;
        let first_code = world.code();
        let second_code = if number % 2 == 0 { first_code.clone() } else { world.code() };
        let (one, two) = tokio::join!(
            come_back(&world.app, Some(&first_code), Some(&started.state), &browser),
            come_back(&other, Some(&second_code), Some(&started.state), &browser),
        );
        let (one, two) = (logged_in(one), logged_in(two));
        assert_eq!(one, two, "both visits end at the same page with the same session");
    }
    assert_eq!(world.exchanges(), pairs);
}

#[tokio::test]
async fn the_second_visit_finds_the_end_although_the_first_visitor_went_away() {
    let world = World::strict().await;
    let (started, browser) = world.started(Flow::Page).await;
    world.wechat.fault(Fault::on("/sns/oauth2/access_token").delay_ms(300));
    let code = world.code();
    let first = come_back(&world.app, Some(&code), Some(&started.state), &browser);
    // The connection breaks while WeChat takes its time.
    assert!(tokio::time::timeout(Duration::from_millis(100), first).await.is_err());
    logged_in(come_back(&world.app, Some(&code), Some(&started.state), &browser).await);
    assert_eq!(world.exchanges(), 1);
}

/// T-06: a state of one account, or of the other flow, is nothing to the callback of another.
#[tokio::test]
async fn states_do_not_mix_accounts_or_flows() {
    let second = "wx4444444444444444";
    let settings = strict().with_account(AccountSettings {
        group: None,
        ..account("blog", AccountKind::Official, second, &"4".repeat(32))
    });
    let world = World::with(Stage::Embedded, settings).await.unwrap();
    world.wechat.add_account(AccountSeed {
        name: "blog".into(),
        kind: EmulatedKind::Official,
        app_id: second.into(),
        app_secret: "4".repeat(32),
        ..AccountSeed::default()
    });
    let (page, browser) = world.started(Flow::Page).await;
    let code = world.wechat.persona_code("xiaoming", "blog", CodeKind::OAuth(Scope::UserInfo));
    let back = |account, code, state| WechatReturn { account, code, state, browser: &browser, user_agent: None };
    let mixed = back(Some("blog"), Some(code.as_str()), Some(page.state.as_str()));
    assert_eq!(word(complete_web_login(&world.app, mixed).await), "STATE_INVALID");
    let redirect = begin(&world.app, Flow::Redirect, &browser).await.unwrap();
    assert_eq!(word(come_back(&world.app, Some(&code), Some(&redirect.state), &browser).await), "STATE_INVALID");
    assert_eq!(world.exchanges(), 0, "no secret was shown to anybody");

    let start = StartLogin { account: Some("blog"), target: None, scope: None, flow: Flow::Page, browser: &browser };
    let named = start_web_login(&world.app, start).await.unwrap();
    assert!(named.url.contains("appid=wx4444444444444444&"), "{}", named.url);
    assert!(named.url.contains("callback%3Faccount%3Dblog&"), "{}", named.url);
    let right = back(Some("blog"), Some(code.as_str()), Some(named.state.as_str()));
    logged_in(complete_web_login(&world.app, right).await);
}

/// T-09: one code with two valid states is one session; the second is refused, also in the same browser.
#[tokio::test]
async fn a_stolen_code_does_not_fit_another_state() {
    let world = World::strict().await;
    let (victim, theirs) = world.started(Flow::Page).await;
    let (attacker, mine) = world.started(Flow::Page).await;
    let second_tab = begin(&world.app, Flow::Page, &theirs).await.unwrap();
    let code = world.code();
    logged_in(come_back(&world.app, Some(&code), Some(&victim.state), &theirs).await);
    assert_eq!(word(come_back(&world.app, Some(&code), Some(&attacker.state), &mine).await), "CODE_ALREADY_USED");
    assert_eq!(word(come_back(&world.app, Some(&code), Some(&second_tab.state), &theirs).await), "CODE_ALREADY_USED");
    assert_eq!(world.exchanges(), 1);
}

#[rstest]
#[tokio::test]
async fn a_declined_consent_goes_back_and_ends_the_login(#[values(Stage::Embedded, Stage::Services)] stage: Stage) {
    let Some(world) = World::with(stage, strict()).await else { return };
    let other = world.another().await;
    let (started, browser) = world.started(Flow::Page).await;
    let declined = async |app: &weiqiao_app::App| match come_back(app, None, Some(&started.state), &browser).await {
        Ok(WebLoginEnd::Denied { redirect }) => redirect.to_string(),
        other => panic!("nobody agreed: {other:?}"),
    };
    let visits = tokio::join!(declined(&world.app), declined(&other), declined(&world.app));
    for page in [visits.0, visits.1, visits.2] {
        assert!(page.ends_with("/orders?id=1&wechat_auth=denied#/a"), "{page}");
    }
    world.advance(59 * SECOND);
    declined(&other).await;
    for code in [Some(world.code()), None] {
        let again = come_back(&world.app, code.as_deref(), Some(&started.state), &stranger()).await;
        assert_eq!(word(again), "STATE_INVALID");
    }
    let code = world.code();
    assert_eq!(word(come_back(&world.app, Some(&code), Some(&started.state), &browser).await), "STATE_INVALID");
    world.advance(2 * SECOND);
    for code in [Some(code.as_str()), None] {
        assert_eq!(word(come_back(&world.app, code, Some(&started.state), &browser).await), "STATE_INVALID");
    }
    assert_eq!(world.exchanges(), 0);
    // The code was not touched: a login begun anew takes it.
    let anew = begin(&world.app, Flow::Page, &browser).await.unwrap();
    logged_in(come_back(&world.app, Some(&code), Some(&anew.state), &browser).await);
}

/// Whoever comes by without a code while, or after, the code is exchanged hears what came of that.
#[tokio::test]
async fn without_a_code_a_login_under_way_ends_as_it_ends() {
    let world = World::open().await;
    let (started, browser) = world.started(Flow::Page).await;
    world.wechat.fault(Fault::on("/sns/oauth2/access_token").errcode(40029).delay_ms(100));
    let code = world.code();
    let first = come_back(&world.app, Some(&code), Some(&started.state), &browser);
    let second = async {
        while world.exchanges() == 0 {
            tokio::task::yield_now().await;
        }
        come_back(&world.app, None, Some(&started.state), &browser).await
    };
    let (first, second) = tokio::join!(first, second);
    assert_eq!((word(first), word(second)), ("WECHAT_LOGIN_FAILED".to_owned(), "WECHAT_LOGIN_FAILED".to_owned()));
}

#[tokio::test]
async fn a_callback_without_code_or_state_is_refused() {
    let world = World::open().await;
    let browser = stranger();
    assert_eq!(word(come_back(&world.app, None, None, &browser).await), "VALIDATION_FAILED");
    assert_eq!(word(come_back(&world.app, Some(""), Some(""), &browser).await), "VALIDATION_FAILED");
    let code = world.code();
    assert_eq!(word(come_back(&world.app, Some(&code), None, &browser).await), "STATE_INVALID");
    for foreign in ["x", &"a".repeat(32), "<script>", "' OR 1=1", "\u{0}"] {
        assert_eq!(
            word(come_back(&world.app, Some(&code), Some(foreign), &browser).await),
            "STATE_INVALID",
            "{foreign}"
        );
        assert_eq!(word(come_back(&world.app, None, Some(foreign), &browser).await), "STATE_INVALID", "{foreign}");
    }
    assert_eq!(world.exchanges(), 0);
}

/// T-11.
#[tokio::test]
async fn a_snapshot_page_makes_nobody() {
    let world = World::strict().await;
    let snapshot =
        weixin_emulator::PersonaSeed { id: Some("xiaoming".into()), snapshot: Some(true), ..Default::default() };
    world.wechat.engine().put_persona(snapshot).unwrap();
    let (started, browser) = world.started(Flow::Page).await;
    let error = come_back(&world.app, Some(&world.code()), Some(&started.state), &browser).await.unwrap_err();
    assert_eq!((error.kind(), error.code()), (&ErrorKind::Forbidden, "SNAPSHOT_USER"));
    assert!(error.message().contains("使用完整服务") && error.hint().is_some());
    assert_eq!(crate::people::count(&world).await, 0);
}

#[tokio::test]
async fn the_page_to_return_to_is_checked_before_anything_else() {
    let world = World::strict().await;
    let start = |target, scope| {
        let browser = stranger();
        let app = world.app.clone();
        async move {
            let start = StartLogin { account: None, target, scope, flow: Flow::Page, browser: &browser };
            start_web_login(&app, start).await
        }
    };
    for evil in ["https://evil.example", "//evil.example", "javascript:alert(1)", "https://wx.example.com@evil.example"]
    {
        let error = start(Some(evil), None).await.unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::Invalid(_)));
        assert_eq!(error.code(), "REDIRECT_NOT_ALLOWED", "{evil}");
    }
    assert_eq!(word(start(None, Some("snsapi_privateinfo")).await), "VALIDATION_FAILED");
    assert!(start(None, Some("snsapi_base")).await.unwrap().url.contains("&scope=snsapi_base&"));
}

#[tokio::test]
async fn business_parameters_survive_and_an_old_result_is_replaced() {
    let world = World::strict().await;
    let browser = stranger();
    let finish = async |target: &str| {
        let start =
            StartLogin { account: None, target: Some(target), scope: None, flow: Flow::Page, browser: &browser };
        let started = start_web_login(&world.app, start).await.unwrap();
        logged_in(come_back(&world.app, Some(&world.code()), Some(&started.state), &browser).await).1
    };
    assert_eq!(
        finish("/p?a=%E4%B8%AD&b=1+2&c").await,
        "https://wx.example.com/p?a=%E4%B8%AD&b=1+2&c&wechat_auth=success"
    );
    assert_eq!(finish("/p?wechat_auth=denied&a=1").await, "https://wx.example.com/p?a=1&wechat_auth=success");
    assert_eq!(finish("/").await, "https://wx.example.com/?wechat_auth=success");
}

/// T-15: a browser that starts over and over keeps its five newest states.
#[tokio::test]
async fn a_browser_has_at_most_five_logins_under_way() {
    let world = World::strict().await;
    let browser = stranger();
    let mut states = Vec::new();
    for _ in 0..8 {
        world.advance(SECOND);
        let started = begin(&world.app, Flow::Page, &browser).await.unwrap();
        assert_eq!(Some(started.cookie), browser.cookie, "the browser keeps its cookie");
        states.push(started.state);
    }
    let ends: Vec<Result<WebLoginEnd>> =
        join_all(states.iter().map(|state| come_back(&world.app, None, Some(state), &browser))).await;
    let good: Vec<bool> = ends.iter().map(Result::is_ok).collect();
    assert_eq!(good, [false, false, false, true, true, true, true, true]);
}

#[tokio::test]
async fn a_refusal_of_wechat_is_told_to_both_visits() {
    let world = World::strict().await;
    let (started, browser) = world.started(Flow::Page).await;
    for _ in 0..2 {
        let error = come_back(&world.app, Some("junk-code"), Some(&started.state), &browser).await.unwrap_err();
        assert_eq!(error.message(), "微信登录失败: wechat api error: 40029 - invalid code");
        assert_eq!(error.wechat().unwrap().errcode, Some(40029));
    }
    assert_eq!(world.exchanges(), 1);
}
