//! A secret or a token that is simply wrong does not become a storm.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use weixin::api::cgi_bin::GetApiDomainIp;
use weixin::{Account, AppId, AppSecret, ErrorKind, Retry, TokenKind};

use crate::support::*;

/// A call every second for ten minutes; gives the most fetches seen in any of the windows that begin with one.
async fn ten_minutes(bench: &Bench, account: &Account) -> usize {
    let before = bench.stub.token_fetches();
    for _ in 0..600 {
        bench.client.send(account, GetApiDomainIp {}).await.unwrap_err();
        bench.clock.advance(Duration::from_secs(1));
    }
    bench.stub.token_fetches() - before
}

#[tokio::test]
async fn a_wrong_secret_makes_at_most_three_fetches_in_ten_minutes() {
    for code in [40001, 40125, 40164, 40243, 50007] {
        let bench = Bench::new(move |_| refusal(code, "refused")).await;
        for _ in 0..3 {
            let fetches = ten_minutes(&bench, &bench.account).await;
            assert!((1..=3).contains(&fetches), "{code}: {fetches} fetches");
        }
        assert_eq!(bench.stub.business_calls(), 0);
    }
}

#[tokio::test]
async fn the_remembered_refusal_says_what_is_wrong_and_when_to_come_back() {
    let bench = Bench::new(|_| refusal(40125, "invalid appsecret")).await;
    for elapsed in [0, 20] {
        bench.clock.advance(Duration::from_secs(elapsed));
        let error = bench.client.send(&bench.account, GetApiDomainIp {}).await.unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::TokenRefused(_)), "{error:?}");
        assert_eq!((error.errcode().unwrap().get(), error.errmsg()), (40125, Some("invalid appsecret")));
        assert_eq!(error.rid(), Some("6aac005a-01bfdbee-79769285"));
        assert_eq!(error.endpoint(), "/cgi-bin/get_api_domain_ip");
        assert_eq!(error.retry(), Retry::After(Duration::from_secs(60 - elapsed)));
    }
    assert_eq!(bench.stub.token_fetches(), 1);
}

#[tokio::test]
async fn a_corrected_secret_is_tried_at_once() {
    let bench = Bench::new(|request| match request.is_token_fetch() {
        true if request.body.contains("CANARYSECRET") => refusal(40125, "invalid appsecret"),
        true => token("T1"),
        false => ip_list(),
    })
    .await;
    bench.client.send(&bench.account, GetApiDomainIp {}).await.unwrap_err();
    let corrected = Account::new(AppId::new("wx1111111111111111"), AppSecret::new("right"));
    bench.client.send(&corrected, GetApiDomainIp {}).await.unwrap();
}

#[tokio::test]
async fn an_address_that_was_let_in_is_noticed_after_the_rest() {
    let listed = Arc::new(AtomicBool::new(false));
    let is_listed = listed.clone();
    let bench = Bench::new(move |request| match request.is_token_fetch() {
        true if !is_listed.load(Ordering::SeqCst) => refusal(40164, "invalid ip 1.2.3.4, not in whitelist"),
        true => token("T1"),
        false => ip_list(),
    })
    .await;
    bench.client.send(&bench.account, GetApiDomainIp {}).await.unwrap_err();
    listed.store(true, Ordering::SeqCst);
    bench.client.send(&bench.account, GetApiDomainIp {}).await.unwrap_err();
    bench.clock.advance(Duration::from_secs(60));
    bench.client.send(&bench.account, GetApiDomainIp {}).await.unwrap();
}

#[tokio::test]
async fn a_busy_wechat_is_no_reason_to_rest() {
    let fetched = AtomicUsize::new(0);
    let bench = Bench::new(move |request| match request.is_token_fetch() {
        true if fetched.fetch_add(1, Ordering::SeqCst) < 3 => refusal(-1, "system error"),
        true => token("T1"),
        false => ip_list(),
    })
    .await;
    bench.client.send(&bench.account, GetApiDomainIp {}).await.unwrap_err();
    assert_eq!(bench.stub.token_fetches(), 3);
    bench.client.send(&bench.account, GetApiDomainIp {}).await.unwrap();
}

#[tokio::test]
async fn tokens_that_are_always_refused_make_at_most_three_fetches_in_ten_minutes() {
    let fetched = AtomicUsize::new(0);
    let bench = Bench::new(move |request| match request.is_token_fetch() {
        true => token(format_args!("T{}", fetched.fetch_add(1, Ordering::SeqCst))),
        false => refusal(40001, "invalid credential"),
    })
    .await;
    for _ in 0..3 {
        let fetches = ten_minutes(&bench, &bench.account).await;
        assert!((1..=3).contains(&fetches), "{fetches} fetches");
    }
}

#[tokio::test]
async fn a_ticket_the_account_may_not_have_is_not_asked_for_again_and_again() {
    let bench = Bench::new(|request| match request.is_token_fetch() {
        true => token("T1"),
        false => refusal(48001, "api unauthorized"),
    })
    .await;
    for _ in 0..600 {
        let error = bench.client.token(&bench.account, TokenKind::JsapiTicket).await.unwrap_err();
        assert_eq!(error.errcode().unwrap().get(), 48001);
        bench.clock.advance(Duration::from_secs(1));
    }
    assert!(bench.stub.business_calls() <= 3, "{}", bench.stub.business_calls());
    assert_eq!(bench.stub.token_fetches(), 1, "the access token is another matter");
}

/// FM-27, and FM-02 by way of a ticket.
#[tokio::test]
async fn a_ticket_that_is_always_refused_with_a_stale_token_makes_at_most_three_fetches_in_ten_minutes() {
    let fetched = AtomicUsize::new(0);
    let bench = Bench::new(move |request| match request.is_token_fetch() {
        true => token(format_args!("T{}", fetched.fetch_add(1, Ordering::SeqCst))),
        false => refusal(40001, "invalid credential"),
    })
    .await;
    for _ in 0..600 {
        let error = bench.client.token(&bench.account, TokenKind::JsapiTicket).await.unwrap_err();
        assert_eq!(error.errcode().unwrap().get(), 40001);
        bench.clock.advance(Duration::from_secs(1));
    }
    assert!((1..=3).contains(&bench.stub.token_fetches()), "{} fetches", bench.stub.token_fetches());
}
