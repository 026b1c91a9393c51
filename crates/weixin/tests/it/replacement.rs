//! A refused token is replaced: that one, once, and the call goes on.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use futures_util::future::join_all;
use weixin::api::cgi_bin::GetApiDomainIp;
use weixin::{ErrorKind, Retry, TokenKind};

use crate::support::*;
use crate::tokens::{GET_TICKET, Tokens, bench};

#[tokio::test]
async fn a_stolen_token_is_replaced_once_for_three_hundred_calls_in_flight() {
    let tokens = Tokens::new();
    let bench = bench(&tokens).await;
    bench.client.send(&bench.account, GetApiDomainIp {}).await.unwrap();
    for theft in 1..=20 {
        tokens.steal();
        let calls = (0..300).map(|_| bench.client.send(&bench.account, GetApiDomainIp {}));
        for result in join_all(calls).await {
            result.unwrap();
        }
        assert_eq!(bench.stub.token_fetches(), 1 + theft, "one fetch per theft");
    }
}

#[tokio::test]
async fn a_late_refusal_of_an_older_token_costs_no_fetch() {
    let gate = Gate::new();
    let (behind, calls, fetched) = (gate.clone(), AtomicUsize::new(0), AtomicUsize::new(0));
    let bench = Bench::new(move |request| {
        if request.is_token_fetch() {
            return token(format_args!("T{}", fetched.fetch_add(1, Ordering::SeqCst) + 1));
        }
        match (calls.fetch_add(1, Ordering::SeqCst), request.access_token().as_str()) {
            (0, "T1") => Reply::Gated(behind.clone(), Box::new(refusal(42001, "access_token expired"))),
            (_, "T1") => refusal(42001, "access_token expired"),
            _ => ip_list(),
        }
    })
    .await;
    let (client, account) = (bench.client.clone(), bench.account.clone());
    let slow = tokio::spawn(async move { client.send(&account, GetApiDomainIp {}).await });
    gate.wait_for(1).await;
    bench.client.send(&bench.account, GetApiDomainIp {}).await.unwrap();
    assert_eq!(bench.stub.token_fetches(), 2);
    gate.open();
    slow.await.unwrap().unwrap();
    assert_eq!(bench.stub.token_fetches(), 2, "the newer token was there already");
}

/// The first token is `T1`; the fetch after it waits at the gate and then gives `later`. The first business call is
/// refused for its token, the others are not.
async fn with_a_replacement_at_the_gate(later: fn() -> Reply) -> (Bench, Gate) {
    let gate = Gate::new();
    let (behind, fetched, called) = (gate.clone(), AtomicUsize::new(0), AtomicUsize::new(0));
    let stub = Stub::start(move |request| match request.is_token_fetch() {
        true if fetched.fetch_add(1, Ordering::SeqCst) == 0 => token("T1"),
        true => Reply::Gated(behind.clone(), Box::new(later())),
        false if called.fetch_add(1, Ordering::SeqCst) == 0 => refusal(40001, "not latest"),
        false if request.path() == "/a/round/trip" => text(r#"{"errcode":0}"#),
        false => ip_list(),
    })
    .await;
    (Bench::with(stub, |builder| builder.retries(weixin::RetryPolicy::never())), gate)
}

#[tokio::test]
async fn who_comes_during_a_replacement_waits_for_it() {
    let (bench, gate) = with_a_replacement_at_the_gate(|| token("T2")).await;
    let opener = async {
        gate.wait_for(1).await;
        let late = bench.client.send(&bench.account, GetApiDomainIp {});
        let open = async {
            bench.client.raw(&bench.account).without_token().get("/a/round/trip", &[]).await.unwrap();
            gate.open();
        };
        tokio::join!(late, open).0
    };
    let (first, late) = tokio::join!(bench.client.send(&bench.account, GetApiDomainIp {}), opener);
    first.unwrap();
    late.unwrap();
    let used: Vec<_> = bench.stub.seen().iter().map(Request::access_token).filter(|token| !token.is_empty()).collect();
    assert_eq!(used, ["T1", "T2", "T2"], "the dead token went out once");
    assert_eq!(bench.stub.token_fetches(), 2);
}

#[tokio::test]
async fn a_token_in_doubt_is_used_when_its_replacement_fails() {
    let (bench, gate) = with_a_replacement_at_the_gate(|| Reply::Status(502, "<html>")).await;
    let opener = async {
        gate.wait_for(1).await;
        let late = bench.client.send(&bench.account, GetApiDomainIp {});
        tokio::join!(late, async { gate.open() }).0
    };
    let (first, late) = tokio::join!(bench.client.send(&bench.account, GetApiDomainIp {}), opener);
    assert!(matches!(first.unwrap_err().kind(), ErrorKind::NotSent(_)));
    late.unwrap();
}

#[tokio::test]
async fn an_early_renewal_that_brings_the_refused_token_again_is_followed_by_a_replacement() {
    let gate = Gate::new();
    let (behind, fetched) = (gate.clone(), AtomicUsize::new(0));
    let bench = Bench::new(move |request| match request.is_token_fetch() {
        true => match fetched.fetch_add(1, Ordering::SeqCst) {
            0 => token("T1"),
            1 => Reply::Gated(behind.clone(), Box::new(token("T1"))),
            _ => token("T2"),
        },
        false if request.access_token() == "T2" => ip_list(),
        false => refusal(40001, "not latest"),
    })
    .await;
    let account = classic();
    bench.client.token(&account, TokenKind::Access).await.unwrap();
    bench.clock.advance(Duration::from_secs(7200 * 91 / 100));
    let (result, ()) = tokio::join!(bench.client.send(&account, GetApiDomainIp {}), async {
        gate.wait_for(1).await;
        until(|| async { bench.stub.business_calls() == 1 }).await;
        gate.open();
    });
    result.unwrap();
    assert_eq!(bench.stub.token_fetches(), 3);
}

#[tokio::test]
async fn all_three_codes_for_a_stale_token_are_cured() {
    for code in [40001, 40014, 42001] {
        let stub = Stub::scripted([refusal(code, "stale"), ip_list()]).await;
        let bench = Bench::with(stub, |builder| builder);
        bench.client.send(&bench.account, GetApiDomainIp {}).await.unwrap();
        let used: Vec<_> =
            bench.stub.seen().iter().filter(|request| !request.is_token_fetch()).map(Request::access_token).collect();
        assert_eq!(used, ["T1", "T2"], "{code}");
    }
}

#[tokio::test]
async fn a_call_with_an_effect_is_sent_again_too_because_the_refusal_is_certain() {
    let bench = Bench::with(Stub::scripted([refusal(42001, "stale"), text(r#"{"errcode":0}"#)]).await, |b| b);
    bench.client.send(&bench.account, clear_quota()).await.unwrap();
    assert_eq!(bench.stub.business_calls(), 2);
}

#[tokio::test]
async fn a_second_refusal_ends_the_call() {
    let bench = Bench::with(Stub::scripted([refusal(40001, "no"), refusal(40001, "still no")]).await, |b| b);
    let error = bench.client.send(&bench.account, GetApiDomainIp {}).await.unwrap_err();
    let ErrorKind::TokenRefused(refusal) = error.kind() else { panic!("{error:?}") };
    assert_eq!((refusal.errcode.get(), refusal.errmsg.as_str()), (40001, "still no"));
    assert_eq!(error.retry(), Retry::After(Duration::from_secs(60)));
    assert_eq!(error.endpoint(), "/cgi-bin/get_api_domain_ip");
    assert_eq!((bench.stub.business_calls(), bench.stub.token_fetches()), (2, 2));
}

#[tokio::test]
async fn missing_token_and_wrong_appid_are_our_fault_and_fetch_nothing() {
    for code in [41001, 40013] {
        let bench = Bench::with(Stub::scripted([refusal(code, "wrong")]).await, |b| b);
        let error = bench.client.send(&bench.account, GetApiDomainIp {}).await.unwrap_err();
        assert_eq!((error.errcode().unwrap().get(), error.retry()), (code, Retry::Never));
        assert_eq!((bench.stub.business_calls(), bench.stub.token_fetches()), (1, 1));
    }
}

#[tokio::test]
async fn a_persons_stale_token_never_touches_the_accounts() {
    let bench = Bench::new(|_| refusal(42001, "access_token expired")).await;
    let request = weixin::api::sns::CheckOAuthToken { access_token: "persons".into(), openid: "o".into() };
    let error = bench.client.send(&bench.account, request).await.unwrap_err();
    assert_eq!(error.retry(), Retry::RefreshToken);
    assert_eq!((bench.stub.business_calls(), bench.stub.token_fetches()), (1, 0));
}

#[tokio::test]
async fn a_ticket_refused_for_its_access_token_replaces_that_token_and_comes_anyway() {
    let tokens = Tokens::new();
    let bench = bench(&tokens).await;
    bench.client.token(&bench.account, TokenKind::Access).await.unwrap();
    tokens.steal();
    let calls = (0..100).map(|_| bench.client.token(&bench.account, TokenKind::JsapiTicket));
    for ticket in join_all(calls).await {
        ticket.unwrap();
    }
    assert_eq!((bench.stub.calls(GET_TICKET), bench.stub.token_fetches()), (2, 2));
}

#[tokio::test]
async fn a_ticket_seen_dead_in_a_browser_is_replaced_by_compare_and_set() {
    let count = AtomicUsize::new(0);
    let bench = Bench::new(move |request| match request.path() {
        GET_TICKET => {
            let ticket = count.fetch_add(1, Ordering::SeqCst);
            text(format!(r#"{{"errcode":0,"errmsg":"ok","ticket":"K{ticket}","expires_in":7200}}"#))
        }
        _ => token("T"),
    })
    .await;
    let dead = bench.client.token(&bench.account, TokenKind::JsapiTicket).await.unwrap();
    let calls = (0..50).map(|_| bench.client.replace_token(&bench.account, TokenKind::JsapiTicket, &dead));
    let newer: BTreeSet<_> =
        join_all(calls).await.into_iter().map(|token| token.unwrap().value.expose().to_owned()).collect();
    assert_eq!(newer, BTreeSet::from(["K1".to_owned()]));
    assert_eq!(bench.stub.calls(GET_TICKET), 2);
}

#[tokio::test]
async fn a_replacement_that_brings_the_same_token_is_not_fetched_again_for_each_caller() {
    let bench = Bench::new(|_| token("SAME")).await;
    let dead = bench.client.token(&bench.account, TokenKind::Access).await.unwrap();
    for _ in 0..10 {
        let newer = bench.client.replace_token(&bench.account, TokenKind::Access, &dead).await.unwrap();
        assert_eq!((newer.value, newer.generation), (dead.value.clone(), 2));
    }
    assert_eq!(bench.stub.token_fetches(), 2);
}
