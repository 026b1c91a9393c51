//! One token for all, fetched once and renewed before its end.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::future::join_all;
use weixin::api::cgi_bin::GetApiDomainIp;
use weixin::{Account, AppId, AppSecret, ErrorKind, Retry, TokenKind};

use crate::support::*;

pub(crate) const GET_TICKET: &str = "/cgi-bin/ticket/getticket";
const HOUR: Duration = Duration::from_secs(3600);

/// Gives out `T1`, `T2`, …; a business call is accepted with the newest only.
pub(crate) struct Tokens {
    newest: AtomicUsize,
}

impl Tokens {
    pub(crate) fn new() -> Arc<Self> {
        Arc::new(Self { newest: AtomicUsize::new(0) })
    }

    /// What another program that fetches a token does to ours.
    pub(crate) fn steal(&self) {
        self.newest.fetch_add(1, Ordering::SeqCst);
    }

    fn answer(&self, request: &Request) -> Reply {
        if request.is_token_fetch() {
            return token(format_args!("T{}", self.newest.fetch_add(1, Ordering::SeqCst) + 1));
        }
        if request.access_token() == format!("T{}", self.newest.load(Ordering::SeqCst)) {
            return match request.path() {
                GET_TICKET => text(r#"{"errcode":0,"errmsg":"ok","ticket":"TICKET","expires_in":7200}"#),
                _ => ip_list(),
            };
        }
        refusal(40001, "invalid credential, access_token is invalid or not latest")
    }
}

pub(crate) async fn bench(tokens: &Arc<Tokens>) -> Bench {
    let tokens = Arc::clone(tokens);
    Bench::new(move |request| tokens.answer(&request)).await
}

#[tokio::test]
async fn a_hundred_callers_share_one_fetch_at_the_start_and_at_every_expiry() {
    let bench = bench(&Tokens::new()).await;
    for expiry in 1..=5 {
        let calls = (0..100).map(|_| bench.client.send(&bench.account, GetApiDomainIp {}));
        for result in join_all(calls).await {
            result.unwrap();
        }
        assert_eq!(bench.stub.token_fetches(), expiry);
        bench.clock.advance(2 * HOUR);
    }
}

#[tokio::test]
async fn accounts_do_not_share_tokens() {
    let bench = bench(&Tokens::new()).await;
    let other = Account::new(AppId::new("wx2222222222222222"), AppSecret::new("other"));
    let first = bench.client.token(&bench.account, TokenKind::Access).await.unwrap();
    let second = bench.client.token(&other, TokenKind::Access).await.unwrap();
    assert_ne!(first.value, second.value);
    assert_eq!(bench.stub.token_fetches(), 2);
    assert_eq!(bench.client.token(&bench.account, TokenKind::Access).await.unwrap().value, first.value);
}

#[tokio::test]
async fn a_fetch_outlives_the_caller_who_began_it() {
    let gate = Gate::new();
    let behind = gate.clone();
    let bench = Bench::new(move |request| match request.is_token_fetch() {
        true => Reply::Gated(behind.clone(), Box::new(token("T1"))),
        false => ip_list(),
    })
    .await;
    let (client, account) = (bench.client.clone(), bench.account.clone());
    let leader = tokio::spawn(async move { client.send(&account, GetApiDomainIp {}).await });
    gate.wait_for(1).await;
    let followers = (0..10).map(|_| bench.client.send(&bench.account, GetApiDomainIp {}));
    let followers = tokio::join!(join_all(followers), async {
        leader.abort();
        assert!(leader.await.unwrap_err().is_cancelled());
        gate.open();
    });
    for result in followers.0 {
        result.unwrap();
    }
    assert_eq!(bench.stub.token_fetches(), 1);
}

#[tokio::test]
async fn a_token_is_renewed_in_the_background_while_the_old_one_is_served() {
    let gate = Gate::new();
    let (behind, fetched) = (gate.clone(), AtomicUsize::new(0));
    let bench = Bench::new(move |request| match request.is_token_fetch() {
        true if fetched.fetch_add(1, Ordering::SeqCst) == 0 => token("T1"),
        true => Reply::Gated(behind.clone(), Box::new(token("T2"))),
        false => ip_list(),
    })
    .await;
    let account = classic();
    bench.client.send(&account, GetApiDomainIp {}).await.unwrap();
    bench.clock.advance(Duration::from_secs(7200 * 79 / 100));
    bench.client.send(&account, GetApiDomainIp {}).await.unwrap();
    assert_eq!(bench.stub.token_fetches(), 1, "79 % of its life is too early for anyone");
    bench.clock.advance(Duration::from_secs(7200 * 12 / 100));
    for _ in 0..20 {
        bench.client.send(&account, GetApiDomainIp {}).await.unwrap();
    }
    gate.wait_for(1).await;
    assert_eq!(bench.stub.token_fetches(), 2, "91 %: one renewal, and nobody waited for it");
    assert_eq!(bench.stub.seen().last().unwrap().access_token(), "T1");
    gate.open();
    until(|| async { bench.client.token(&account, TokenKind::Access).await.unwrap().generation == 2 }).await;
    bench.client.send(&account, GetApiDomainIp {}).await.unwrap();
    assert_eq!(bench.stub.seen().last().unwrap().access_token(), "T2");
}

#[tokio::test]
async fn a_stable_token_is_renewed_in_its_last_five_minutes_only() {
    let bench = bench(&Tokens::new()).await;
    bench.client.send(&bench.account, GetApiDomainIp {}).await.unwrap();
    bench.clock.advance(Duration::from_secs(6900));
    bench.client.send(&bench.account, GetApiDomainIp {}).await.unwrap();
    assert_eq!(bench.stub.calls("/cgi-bin/stable_token"), 1, "until now WeChat would give the same token again");
    bench.clock.advance(Duration::from_secs(100));
    bench.client.token(&bench.account, TokenKind::Access).await.unwrap();
    until(|| async { bench.stub.calls("/cgi-bin/stable_token") == 2 }).await;
}

#[tokio::test]
async fn a_renewal_that_brings_the_same_token_is_no_new_generation() {
    let bench = Bench::new(|_| text(r#"{"access_token":"SAME","expires_in":345}"#)).await;
    let before = bench.client.token(&bench.account, TokenKind::Access).await.unwrap();
    bench.clock.advance(Duration::from_secs(340));
    bench.client.token(&bench.account, TokenKind::Access).await.unwrap();
    until(|| async {
        bench.client.token(&bench.account, TokenKind::Access).await.unwrap().expires_at_ms > before.expires_at_ms
    })
    .await;
    assert_eq!(bench.client.token(&bench.account, TokenKind::Access).await.unwrap().generation, 1);
}

#[tokio::test]
async fn a_failed_renewal_leaves_the_old_token_in_use_and_rests() {
    let down = Arc::new(AtomicBool::new(false));
    let is_down = down.clone();
    let bench = Bench::with(
        Stub::start(move |request| match request.is_token_fetch() {
            true if is_down.load(Ordering::SeqCst) => Reply::Status(502, "<html>bad gateway</html>"),
            true => token("T1"),
            false => ip_list(),
        })
        .await,
        |builder| builder.retries(weixin::RetryPolicy::never()),
    );
    let account = classic();
    bench.client.send(&account, GetApiDomainIp {}).await.unwrap();
    down.store(true, Ordering::SeqCst);
    bench.clock.advance(Duration::from_secs(7200 * 91 / 100));
    let (client, stub) = (&bench.client, &bench.stub);
    client.send(&account, GetApiDomainIp {}).await.unwrap();
    until(|| async { stub.token_fetches() == 2 }).await;
    // The failure is noted a moment after the stub has answered: give the task its turns.
    for _ in 0..50 {
        client.send(&account, GetApiDomainIp {}).await.unwrap();
    }
    let fetches = stub.token_fetches();
    for _ in 0..50 {
        client.send(&account, GetApiDomainIp {}).await.unwrap();
    }
    assert_eq!(stub.token_fetches(), fetches, "no renewal for ten seconds");
    bench.clock.advance(Duration::from_secs(10));
    client.send(&account, GetApiDomainIp {}).await.unwrap();
    until(|| async { stub.token_fetches() > fetches }).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn threads_share_one_fetch_too() {
    let tokens = Tokens::new();
    let bench = bench(&tokens).await;
    for round in 1..=30 {
        let calls: Vec<_> = (0..64)
            .map(|_| {
                let (client, account) = (bench.client.clone(), bench.account.clone());
                tokio::spawn(async move { client.send(&account, GetApiDomainIp {}).await.map(|_| ()) })
            })
            .collect();
        for call in calls {
            call.await.unwrap().unwrap();
        }
        assert_eq!(bench.stub.token_fetches(), round);
        match round % 2 {
            0 => tokens.steal(),
            _ => bench.clock.advance(2 * HOUR),
        }
    }
}

#[tokio::test]
async fn a_ticket_is_fetched_once_for_all_and_renewed_like_a_token() {
    let tokens = Tokens::new();
    let bench = bench(&tokens).await;
    for hours in 1..=3 {
        let calls = (0..100).map(|_| bench.client.token(&bench.account, TokenKind::JsapiTicket));
        for ticket in join_all(calls).await {
            assert_eq!(ticket.unwrap().value.expose(), "TICKET");
        }
        assert_eq!(bench.stub.calls(GET_TICKET), hours);
        bench.clock.advance(2 * HOUR);
    }
}

#[tokio::test]
async fn a_strange_life_is_brought_within_bounds() {
    for (said, seconds) in [
        (r#","expires_in":0"#, 30),
        (r#","expires_in":-5"#, 30),
        (r#","expires_in":10"#, 30),
        (r#","expires_in":1000000000"#, 7200),
        (r#","expires_in":"345""#, 345),
        (r#","expires_in":null"#, 6900),
        ("", 6900),
    ] {
        let bench = Bench::new(move |_| text(format!(r#"{{"access_token":"T"{said}}}"#))).await;
        let token = bench.client.token(&bench.account, TokenKind::Access).await.unwrap();
        assert_eq!(token.expires_at_ms - START_MS, seconds * 1000, "{said}");
    }
}

#[tokio::test]
async fn the_two_modes_use_their_own_interface() {
    let bench = bench(&Tokens::new()).await;
    bench.client.token(&bench.account, TokenKind::Access).await.unwrap();
    let seen = bench.stub.seen();
    assert_eq!((seen[0].method.as_str(), seen[0].target.as_str()), ("POST", "/cgi-bin/stable_token"));
    assert!(seen[0].body.contains("CANARYSECRET") && seen[0].body.contains(r#""force_refresh":false"#));
    bench.clock.advance(2 * HOUR);
    bench.client.token(&classic(), TokenKind::Access).await.unwrap();
    let seen = bench.stub.seen();
    assert_eq!((seen[1].method.as_str(), seen[1].path()), ("GET", "/cgi-bin/token"));
}

#[tokio::test]
async fn a_call_without_a_token_was_certainly_not_sent() {
    let seen = Arc::new(Mutex::new(0));
    let counter = seen.clone();
    let bench = Bench::new(move |request| {
        if !request.is_token_fetch() {
            *counter.lock().unwrap() += 1;
        }
        Reply::Reset
    })
    .await;
    let error = bench.client.send(&bench.account, clear_quota()).await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::NotSent(_)), "{error:?}");
    assert!(matches!(error.retry(), Retry::After(_)));
    assert_eq!(error.endpoint(), "/cgi-bin/clear_quota");
    let cause = std::error::Error::source(&error).unwrap().to_string();
    assert!(cause.starts_with("/cgi-bin/stable_token: no answer"), "{cause}");
    assert_eq!(*seen.lock().unwrap(), 0);
}
