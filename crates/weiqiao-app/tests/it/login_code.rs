//! The front end posts the code. `POST /api/wechat/auth`, `POST /auth/wechat`.

use std::collections::BTreeSet;
use std::time::Duration;

use futures_util::future::join_all;
use rstest::rstest;
use weiqiao_app::usecase::login::{Browser, CodeLogin, Flow, login_with_code};
use weiqiao_app::usecase::session::verify_session;
use weiqiao_app::{AppError, ErrorKind};
use weixin_emulator::{CodeKind, Fault, Scope};

use crate::people::count;
use crate::support::{Stage, World, open, post, stranger, strict, word};

const EXCHANGE: &str = "/sns/oauth2/access_token";

#[rstest]
#[tokio::test]
async fn a_code_becomes_a_person_and_a_session(#[values(Stage::Embedded, Stage::Services)] stage: Stage) {
    let Some(world) = World::with(stage, strict()).await else { return };
    let (answer, _) = world.login().await;
    let info = &answer.user_info;
    assert_eq!((info.nickname.as_str(), info.sex), ("小明", 0));
    assert_eq!(info.openid, world.wechat.openid("xiaoming", "official"));
    assert!(info.unionid.is_some());
    assert_eq!(answer.expires_at, info.login_time + 86_400);
    let session = verify_session(&world.app, &answer.token).await.unwrap();
    assert_eq!(session.openid.as_str(), info.openid);
    assert_eq!((count(&world).await, world.exchanges()), (1, 1));
}

/// 50 posts of one code at once from one browser, over two instances: one exchange, one person, one answer for all.
#[rstest]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fifty_posts_at_once_are_one_login(
    #[values(Stage::Embedded, Stage::Services)] stage: Stage,
    #[values(true, false)] with_state: bool,
) {
    let Some(world) = World::with(stage, if with_state { strict() } else { open() }).await else { return };
    let (started, browser) = world.started(Flow::Redirect).await;
    let state = with_state.then_some(started.state.as_str());
    let (code, instances) = (world.code(), [world.app.clone(), world.another().await]);
    let posts = (0..50).map(|number| {
        let (app, code, state, browser) = (&instances[number % 2], &code, state, &browser);
        post(app, code, state, browser)
    });
    let answers: Vec<_> = join_all(posts).await.into_iter().map(Result::unwrap).collect();
    let tokens: BTreeSet<_> = answers.iter().map(|answer| answer.token.as_str()).collect();
    assert_eq!(tokens.len(), 1, "everybody got the same session");
    assert_eq!((world.exchanges(), count(&world).await), (1, 1));
}

#[rstest]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_browsers_with_one_code_one_gets_in(#[values(Stage::Embedded, Stage::Services)] stage: Stage) {
    let Some(world) = World::with(stage, open()).await else { return };
    for (mine, theirs) in [(stranger(), stranger()), (Browser::default(), Browser::default())] {
        let code = world.code();
        let before = world.exchanges();
        let (one, two) = tokio::join!(post(&world.app, &code, None, &mine), post(&world.app, &code, None, &theirs));
        let refused: Vec<AppError> = [one, two].into_iter().filter_map(Result::err).collect();
        assert_eq!(refused.len(), 1);
        assert!(matches!(refused[0].kind(), ErrorKind::Invalid(_)));
        assert_eq!(refused[0].code(), "CODE_ALREADY_USED");
        assert_eq!(world.exchanges() - before, 1);
    }
}

#[tokio::test]
async fn the_same_browser_is_known_by_cookie_or_session_for_a_minute() {
    let world = World::open().await;
    let with_cookie = stranger();
    let code = world.code();
    let first = post(&world.app, &code, None, &with_cookie).await.unwrap();
    // A reload: the session has come, the cookie is still there or is gone.
    let session = Some(first.session_id.clone());
    let reloaded = Browser { session: session.clone(), ..with_cookie.clone() };
    let session_only = Browser { session, cookie: None };
    for browser in [&with_cookie, &reloaded, &session_only] {
        assert_eq!(post(&world.app, &code, None, browser).await.unwrap(), first);
    }
    assert_eq!(word(post(&world.app, &code, None, &stranger()).await), "CODE_ALREADY_USED");
    assert_eq!(word(post(&world.app, &code, None, &Browser::default()).await), "CODE_ALREADY_USED");
    world.advance(Duration::from_secs(61));
    for browser in [&with_cookie, &reloaded, &session_only] {
        assert_eq!(word(post(&world.app, &code, None, browser).await), "CODE_ALREADY_USED");
    }
    assert_eq!(world.exchanges(), 1);
}

#[tokio::test]
async fn a_browser_without_any_cookie_is_known_by_the_session_it_got() {
    let world = World::open().await;
    let code = world.code();
    let first = post(&world.app, &code, None, &Browser::default()).await.unwrap();
    let back = Browser { session: Some(first.session_id.clone()), cookie: None };
    assert_eq!(post(&world.app, &code, None, &back).await.unwrap(), first);
    // And one that logs in anew over an old session is known by both.
    let code = world.code();
    let second = post(&world.app, &code, None, &back).await.unwrap();
    assert_ne!(second.session_id, first.session_id);
    let renewed = Browser { session: Some(second.session_id.clone()), cookie: None };
    assert_eq!(post(&world.app, &code, None, &back).await.unwrap(), second);
    assert_eq!(post(&world.app, &code, None, &renewed).await.unwrap(), second);
    assert_eq!(world.exchanges(), 2);
}

#[tokio::test]
async fn strict_mode_wants_a_state_of_ours_and_open_mode_tolerates_others() {
    let strict = World::strict().await;
    let (code, browser) = (strict.code(), stranger());
    assert_eq!(word(post(&strict.app, &code, None, &browser).await), "STATE_REQUIRED");
    assert_eq!(word(post(&strict.app, &code, Some(""), &browser).await), "STATE_REQUIRED");
    assert_eq!(word(post(&strict.app, &code, Some("made-by-the-page"), &browser).await), "STATE_INVALID");
    assert_eq!(strict.exchanges(), 0);

    let open = World::open().await;
    let browser = stranger();
    assert!(post(&open.app, &open.code(), None, &browser).await.is_ok());
    assert!(post(&open.app, &open.code(), Some("abc123-_~随机"), &browser).await.is_ok());
    assert!(matches!(
        post(&open.app, &open.code(), Some(&"a".repeat(2000)), &browser).await.unwrap_err().kind(),
        ErrorKind::Invalid(_)
    ));
}

#[tokio::test]
async fn a_state_of_ours_is_verified_in_open_mode_too() {
    let world = World::open().await;
    let (started, browser) = world.started(Flow::Redirect).await;
    let code = world.code();
    for other in [stranger(), Browser::default()] {
        assert_eq!(word(post(&world.app, &code, Some(&started.state), &other).await), "STATE_INVALID");
    }
    let (page, page_browser) = world.started(Flow::Page).await;
    assert_eq!(
        word(post(&world.app, &code, Some(&page.state), &page_browser).await),
        "STATE_INVALID",
        "the other flow"
    );
    assert_eq!(world.exchanges(), 0);
    let first = post(&world.app, &code, Some(&started.state), &browser).await.unwrap();
    assert_eq!(post(&world.app, &code, Some(&started.state), &browser).await.unwrap(), first);
    let other_code = world.code();
    assert_eq!(
        word(post(&world.app, &other_code, Some(&started.state), &browser).await),
        "STATE_INVALID",
        "one trip, one code"
    );
    world.advance(Duration::from_secs(61));
    assert_eq!(word(post(&world.app, &other_code, Some(&started.state), &browser).await), "STATE_INVALID");
    assert_eq!(world.exchanges(), 1);
}

#[tokio::test]
async fn refusals_have_their_documented_texts_and_hints_of_this_installation() {
    let world = World::open().await;
    let refused = async |code: &str, errcode: i64, errmsg: &str| {
        let error = post(&world.app, code, None, &stranger()).await.unwrap_err();
        assert_eq!(error.message(), format!("微信登录失败: wechat api error: {errcode} - {errmsg}"));
        assert_eq!(error.code(), "WECHAT_LOGIN_FAILED");
        let told = error.wechat().unwrap();
        assert_eq!((told.errcode, told.errmsg.as_deref()), (Some(errcode), Some(errmsg)));
        assert!(told.rid.is_some());
        assert!(!told.retryable);
        error.hint().unwrap().to_owned()
    };
    let hint = refused("no such code", 40029, "invalid code").await;
    assert!(hint.contains("official（公众号）"), "{hint}");
    let hint = refused(&world.mini_code(), 40029, "invalid code").await;
    assert!(hint.contains("wx.login") && hint.contains("/api/wechat/openid"), "{hint}");
    let phone = world.wechat.persona_code("xiaoming", "mini", CodeKind::Phone);
    let hint = refused(&phone, 40029, "invalid code").await;
    assert!(hint.contains("/api/wechat/phone"), "{hint}");
    let used = world.code();
    post(&world.app, &used, None, &stranger()).await.unwrap();
    assert_eq!(word(post(&world.app, &used, None, &stranger()).await), "CODE_ALREADY_USED");

    world.wechat.fault(Fault::on(EXCHANGE).errcode(40163));
    let hint = refused(&world.code(), 40163, "code been used").await;
    assert!(hint.contains("StrictMode"), "{hint}");
    world.wechat.fault(Fault::on(EXCHANGE).errcode(40125));
    let hint = refused(&world.code(), 40125, "invalid appsecret").await;
    assert!(hint.contains("WECHAT_OFFICIAL_APP_SECRET"), "{hint}");
}

/// T-20: what WeChat refused for good is not asked again, and told to everybody alike.
#[tokio::test]
async fn a_junk_code_costs_one_call() {
    let world = World::open().await;
    for _ in 0..5 {
        let error = post(&world.app, "junk", None, &Browser::default()).await.unwrap_err();
        assert_eq!(error.message(), "微信登录失败: wechat api error: 40029 - invalid code");
        assert!(error.hint().is_some());
    }
    assert_eq!(world.exchanges(), 1);
}

#[tokio::test]
async fn a_busy_wechat_is_told_as_passing_and_may_be_asked_again() {
    let world = World::open().await;
    let (code, browser) = (world.code(), stranger());
    world.wechat.fault(Fault::on(EXCHANGE).errcode(-1));
    let error = post(&world.app, &code, None, &browser).await.unwrap_err();
    assert_eq!(error.message(), "微信登录失败: wechat api error: -1 - system error");
    assert!(error.wechat().unwrap().retryable);
    assert!(post(&world.app, &code, None, &browser).await.is_ok());
    // The same with a state of ours.
    let (started, browser) = world.started(Flow::Redirect).await;
    let code = world.code();
    world.wechat.fault(Fault::on(EXCHANGE).errcode(-1));
    assert!(post(&world.app, &code, Some(&started.state), &browser).await.is_err());
    let answer = post(&world.app, &code, Some(&started.state), &browser).await.unwrap();
    assert_eq!(post(&world.app, &code, Some(&started.state), &browser).await.unwrap(), answer);
}

#[tokio::test]
async fn those_who_wait_for_a_busy_wechat_hear_the_same_and_do_not_ask_in_turn() {
    let world = World::open().await;
    let (code, browser) = (world.code(), stranger());
    world.wechat.fault(Fault::on(EXCHANGE).errcode(-1).delay_ms(200));
    let answers = join_all((0..20).map(|_| post(&world.app, &code, None, &browser))).await;
    for answer in answers {
        assert_eq!(answer.unwrap_err().message(), "微信登录失败: wechat api error: -1 - system error");
    }
    assert_eq!(world.exchanges(), 1);
}

/// A session that ended on another instance is not given again here, whatever this instance remembers.
#[rstest]
#[tokio::test]
async fn a_log_out_elsewhere_ends_the_repetition_here(#[values(Stage::Embedded, Stage::Services)] stage: Stage) {
    let Some(world) = World::with(stage, open()).await else { return };
    let other = world.another().await;
    for with_state in [true, false] {
        let (started, browser) = world.started(Flow::Redirect).await;
        let (code, state) = (world.code(), with_state.then_some(started.state.as_str()));
        let first = post(&world.app, &code, state, &browser).await.unwrap();
        assert!(verify_session(&world.app, &first.token).await.is_ok());
        assert_eq!(post(&other, &code, state, &browser).await.unwrap(), first);
        weiqiao_app::usecase::session::logout(&other, &first.session_id).await.unwrap();
        let word = word(post(&world.app, &code, state, &browser).await);
        assert_eq!(word, if with_state { "STATE_INVALID" } else { "CODE_ALREADY_USED" });
    }
}

#[tokio::test]
async fn refused_user_info_is_told_as_such_and_leaves_nobody_behind() {
    let world = World::open().await;
    let (code, browser) = (world.code(), stranger());
    world.wechat.fault(Fault::on("/sns/userinfo").errcode(48001));
    for _ in 0..2 {
        let error = post(&world.app, &code, None, &browser).await.unwrap_err();
        assert_eq!(error.message(), "获取用户信息失败: wechat api error: 48001 - api unauthorized");
        assert_eq!(error.code(), "GET_USER_INFO_FAILED");
        assert!(error.hint().unwrap().contains("snsapi_userinfo"));
    }
    assert_eq!((world.exchanges(), count(&world).await), (1, 0));
}

#[tokio::test]
async fn snsapi_base_is_openid_only_and_keeps_an_earlier_profile() {
    let world = World::open().await;
    let base = || world.wechat.persona_code("xiaohong", "official", CodeKind::OAuth(Scope::Base));
    let answer = post(&world.app, &base(), None, &stranger()).await.unwrap();
    assert_eq!(answer.user_info.openid, world.wechat.openid("xiaohong", "official"));
    assert_eq!((answer.user_info.nickname.as_str(), answer.user_info.privilege.len()), ("", 0));
    assert_eq!(world.wechat.calls("/sns/userinfo"), 0);
    let full = world.wechat.persona_code("xiaohong", "official", CodeKind::OAuth(Scope::UserInfo));
    let full = post(&world.app, &full, None, &stranger()).await.unwrap();
    assert_eq!((full.user_id.as_str(), full.first_login), (answer.user_id.as_str(), false));
    post(&world.app, &base(), None, &stranger()).await.unwrap();
    let known = weiqiao_app::usecase::user::me(&world.app, &verify_session(&world.app, &full.token).await.unwrap())
        .await
        .unwrap();
    assert_eq!(known.user_info.nickname, "小红");
}

/// FM-19 to FM-21, T-13: whatever a nickname holds, it is text of an ordinary user.
#[tokio::test]
async fn difficult_people_log_in() {
    let world = World::open().await;
    for persona in ["emoji", "script"] {
        let code = world.wechat.persona_code(persona, "official", CodeKind::OAuth(Scope::UserInfo));
        let answer = post(&world.app, &code, None, &stranger()).await.unwrap();
        assert!(!answer.user_info.nickname.is_empty());
        assert!(!answer.user_info.nickname.chars().any(char::is_control), "{:?}", answer.user_info.nickname);
    }
    let hostile = weixin_emulator::PersonaSeed {
        id: Some("xiaoming".into()),
        nickname: Some(format!("admin\u{0}\u{7}\u{1b}[31m{}", "长".repeat(5000))),
        headimgurl: Some("javascript:alert(1)".into()),
        ..Default::default()
    };
    world.wechat.engine().put_persona(hostile).unwrap();
    let answer = post(&world.app, &world.code(), None, &stranger()).await.unwrap();
    assert!(answer.user_info.nickname.starts_with("admin") && answer.user_info.nickname.chars().count() <= 64);
    assert!(!answer.user_info.nickname.chars().any(char::is_control));
    assert_eq!(answer.user_info.headimgurl, "");
}

#[rstest]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn first_logins_at_once_make_one_person(#[values(Stage::Embedded, Stage::Services)] stage: Stage) {
    let Some(world) = World::with(stage, open()).await else { return };
    let other = world.another().await;
    let codes: Vec<String> = (0..20).map(|_| world.code()).collect();
    let logins = codes.iter().enumerate().map(|(number, code)| {
        let app = if number % 2 == 0 { &world.app } else { &other };
        async move { post(app, code, None, &stranger()).await.unwrap() }
    });
    let answers = join_all(logins).await;
    let users: BTreeSet<_> = answers.iter().map(|answer| answer.user_id.as_str()).collect();
    let sessions: BTreeSet<_> = answers.iter().map(|answer| answer.session_id.as_str()).collect();
    assert_eq!((users.len(), sessions.len()), (1, 20));
    assert_eq!(answers.iter().filter(|answer| answer.first_login).count(), 1);
    assert_eq!(count(&world).await, 1);
}

/// T-12: one person in two accounts of one group is one user.
#[tokio::test]
async fn a_person_of_both_accounts_is_one_user() {
    let world = World::open().await;
    let web = post(&world.app, &world.code(), None, &stranger()).await.unwrap();
    let mini = crate::mini::login(&world, &world.mini_code()).await.unwrap();
    assert_eq!(web.user_id, mini.user_id);
    assert_ne!(web.user_info.openid, mini.openid);
}

#[tokio::test]
async fn an_impossible_code_never_reaches_wechat() {
    let world = World::open().await;
    let browser = stranger();
    for code in ["", "a\u{0}b", "a\r\nb", &"a".repeat(513)] {
        let error = post(&world.app, code, None, &browser).await.unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::Invalid(fields) if fields[0].field == "code"), "{error:?}");
    }
    assert_eq!(world.exchanges(), 0);
    // What only looks odd is WeChat's to judge, encoded.
    assert_eq!(word(post(&world.app, "a&secret=x#y z", None, &browser).await), "WECHAT_LOGIN_FAILED");
    assert_eq!(world.wechat.ledger(EXCHANGE)[0].query["code"], "a&secret=x#y z");
}

#[tokio::test]
async fn an_unknown_account_is_said_to_be_unknown() {
    let world = World::open().await;
    let browser = stranger();
    for name in ["nobody", "mini"] {
        let account = Some(name);
        let login =
            CodeLogin { account, code: "x", state: None, browser: &browser, user_agent: None, ip: None, key: None };
        assert_eq!(word(login_with_code(&world.app, login).await), "ACCOUNT_UNKNOWN");
    }
}
