//! Signing pages. `GET /wechat/jsconfig`, `POST /wx/share`. T-70 to T-72.

use std::collections::BTreeSet;
use std::time::Duration;

use futures_util::future::join_all;
use rstest::rstest;
use serde_json::json;
use weiqiao_app::ErrorKind;
use weiqiao_app::usecase::jssdk::sign_page;
use weixin::TokenKind;
use weixin_emulator::Fault;
use weixin_proto::sign::jssdk_signature;

use crate::support::{NOW, OFFICIAL, Stage, World, open, strict, word};

const TICKET: &str = "/cgi-bin/ticket/getticket";
const TOKEN: &str = "/cgi-bin/stable_token";

#[rstest]
#[tokio::test]
async fn a_page_is_signed_with_the_ticket_and_without_its_fragment(
    #[values(Stage::Embedded, Stage::Services)] stage: Stage,
) {
    let Some(world) = World::with(stage, open()).await else { return };
    let page = "https://h5.example.com/a?b=1&c=%E4%B8%AD";
    let signed = sign_page(&world.app, None, &format!("{page}#/route")).await.unwrap();
    assert_eq!((signed.app_id.as_str(), signed.timestamp), (OFFICIAL, NOW / 1000));
    assert!(signed.nonce_str.len() == 16 && signed.nonce_str.bytes().all(|byte| byte.is_ascii_alphanumeric()));
    let account = world.app.accounts().named("official").unwrap();
    let ticket = world.app.weixin().token(&account.weixin, TokenKind::JsapiTicket).await.unwrap();
    let expected = jssdk_signature(ticket.value.expose(), &signed.nonce_str, signed.timestamp, page);
    assert_eq!(signed.signature, expected);
    let again = sign_page(&world.app, None, page).await.unwrap();
    assert_ne!(again.nonce_str, signed.nonce_str);
    assert_eq!((world.wechat.calls(TICKET), world.wechat.calls(TOKEN)), (1, 1));
}

/// T-72: however many ask at once, on however many instances, one ticket is fetched.
#[rstest]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_thousand_signatures_cost_one_ticket(#[values(Stage::Embedded, Stage::Services)] stage: Stage) {
    let Some(world) = World::with(stage, open()).await else { return };
    let instances = [world.app.clone(), world.another().await];
    let pages = (0..10_000).map(|number| {
        let app = &instances[number % 2];
        async move { sign_page(app, None, "https://h5.example.com/").await.unwrap().nonce_str }
    });
    let nonces: BTreeSet<_> = join_all(pages).await.into_iter().collect();
    assert_eq!(nonces.len(), 10_000);
    assert_eq!((world.wechat.calls(TICKET), world.wechat.calls(TOKEN)), (1, 1));
}

#[tokio::test]
async fn strict_mode_signs_only_for_our_own_host_unless_told_otherwise() {
    let world = World::strict().await;
    assert!(sign_page(&world.app, None, "https://wx.example.com/page").await.is_ok());
    let error = sign_page(&world.app, None, "https://h5.other.com/").await.unwrap_err();
    assert_eq!((error.kind(), error.code()), (&ErrorKind::Forbidden, "JS_URL_NOT_ALLOWED"));
    assert!(error.hint().unwrap().contains("JS_SAFE_DOMAINS"));
    assert!(matches!(sign_page(&world.app, None, "javascript:1").await.unwrap_err().kind(), ErrorKind::Invalid(_)));

    let mut settings = strict();
    settings.js_safe_domains = Some(vec!["other.com".into(), "shop.cn/app".into()]);
    let world = World::with(Stage::Embedded, settings).await.unwrap();
    assert!(sign_page(&world.app, None, "https://h5.other.com/").await.is_ok());
    assert_eq!(word(sign_page(&world.app, None, "https://wx.example.com/page").await), "JS_URL_NOT_ALLOWED");
    assert_eq!(word(sign_page(&world.app, None, "https://shop.cn/").await), "JS_URL_NOT_ALLOWED");
    assert_eq!(world.wechat.calls(TICKET), 1);
}

#[tokio::test]
async fn a_ticket_is_renewed_before_it_ends_and_the_old_one_serves_meanwhile() {
    let world = World::open().await;
    sign_page(&world.app, None, "https://h5.example.com/").await.unwrap();
    world.advance(Duration::from_secs(7_200 - 60));
    world.wechat.fault(Fault::on(TICKET).errcode(-1).times(100));
    for _ in 0..20 {
        assert!(
            sign_page(&world.app, None, "https://h5.example.com/").await.is_ok(),
            "the old ticket is good for a minute"
        );
    }
    world.wechat.clear_faults();
    world.advance(Duration::from_secs(61));
    assert!(sign_page(&world.app, None, "https://h5.example.com/").await.is_ok());
}

#[tokio::test]
async fn no_ticket_is_told_with_cause_and_next_step() {
    let world = World::open().await;
    world.wechat.fault(Fault::on(TICKET).errcode(48001).times(9));
    let error = sign_page(&world.app, None, "https://h5.example.com/").await.unwrap_err();
    assert_eq!(error.message(), "获取 JS-SDK 签名失败: wechat api error: 48001 - api unauthorized");
    assert_eq!(error.code(), "WECHAT_API_FAILED");
    assert!(error.hint().unwrap().contains("JS-SDK"));
}

/// What only time or a person cures is not told as worth another try, and nothing is said about logging in.
#[tokio::test]
async fn a_failed_signature_speaks_of_tickets_and_not_of_logins() {
    for (path, errcode, retryable) in
        [(TICKET, 45009, false), (TOKEN, 40164, false), (TOKEN, 45009, false), (TICKET, -1, true), (TOKEN, 45011, true)]
    {
        let world = World::open().await;
        world.wechat.fault(Fault::on(path).errcode(errcode).times(20));
        for _ in 0..2 {
            let error = sign_page(&world.app, None, "https://h5.example.com/").await.unwrap_err();
            let told = error.wechat().unwrap();
            assert_eq!((told.errcode.unwrap_or(errcode), told.retryable), (errcode, retryable), "{path}: {error:?}");
            let hint = error.hint().unwrap();
            assert!(!hint.contains("重新发起授权") && !hint.contains("登录"), "{errcode}: {hint}");
        }
    }
    for fault in [Fault::on(TICKET).status(502).body("<html>"), Fault::on(TICKET).reset(), Fault::on(TOKEN).body("")] {
        let world = World::open().await;
        world.wechat.fault(fault.times(20));
        let error = sign_page(&world.app, None, "https://h5.example.com/").await.unwrap_err();
        let told = error.wechat().unwrap();
        assert_eq!((told.errcode, &told.errmsg, told.retryable), (None, &None, true), "{error:?}");
        assert!(!error.message().contains("没有及时响应"), "{error:?}");
        let hint = error.hint().unwrap();
        assert!(hint.contains("稍后重试") && !hint.contains("授权"), "{hint}");
        // While nothing is fetched, the same is said again.
        let again = sign_page(&world.app, None, "https://h5.example.com/").await.unwrap_err();
        assert_eq!((again.message(), again.wechat()), (error.message(), error.wechat()));
        assert!(error.retry_after().is_some() && again.retry_after().is_some(), "{again:?}");
    }
}

/// Whoever asks while nothing is fetched hears what was wrong, not that something was.
#[tokio::test]
async fn an_empty_ticket_is_told_to_everybody_who_asks() {
    let world = World::open().await;
    world.wechat.fault(Fault::on(TICKET).patch(json!({ "ticket": "" })).times(20));
    let first = sign_page(&world.app, None, "https://h5.example.com/").await.unwrap_err();
    let again = sign_page(&world.app, None, "https://h5.example.com/").await.unwrap_err();
    assert_eq!(world.wechat.calls(TICKET), 1);
    assert_eq!((again.message(), again.wechat()), (first.message(), first.wechat()));
    assert!(again.message().contains("与文档不符"), "{again:?}");
}
