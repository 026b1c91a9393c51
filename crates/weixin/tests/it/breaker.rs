//! While WeChat does not answer, calls fail at once and one in five seconds tries. §6.6, FI-04.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use weixin::api::cgi_bin::GetApiDomainIp;
use weixin::{Account, AppId, AppSecret, ErrorKind, Instead, Retry, SystemClock};

use crate::support::*;

/// A client with a token, and a WeChat that answers no more until it is told to.
async fn gone(reply: fn() -> Reply) -> (Bench, Arc<AtomicBool>) {
    let well = Arc::new(AtomicBool::new(true));
    let is_well = well.clone();
    let bench = Bench::new(move |request| match is_well.load(Ordering::SeqCst) {
        true if request.is_token_fetch() => token("T1"),
        true => ip_list(),
        false => reply(),
    })
    .await;
    bench.client.send(&bench.account, GetApiDomainIp {}).await.unwrap();
    // What was answered does not count any more.
    bench.clock.advance(Duration::from_secs(10));
    well.store(false, Ordering::SeqCst);
    while bench.client.reachability().rests.is_none() {
        bench.client.send(&bench.account, clear_quota()).await.unwrap_err();
    }
    (bench, well)
}

#[tokio::test]
async fn after_ten_failures_calls_stay_here_and_the_first_answer_lets_them_out() {
    let failures: [fn() -> Reply; 4] = [
        || Reply::Reset,
        || Reply::Status(502, "<html>502 Bad Gateway</html>"),
        || Reply::Status(200, "<html>please log in</html>"),
        || Reply::Status(503, ""),
    ];
    for failure in failures {
        let (bench, well) = gone(failure).await;
        let sent = bench.stub.business_calls();
        assert_eq!(sent, 11, "one that was answered and ten that were not");
        let other = Account::new(AppId::new("wx2222222222222222"), AppSecret::new("other"));
        for account in [&bench.account, &other] {
            let error = bench.client.send(account, GetApiDomainIp {}).await.unwrap_err();
            assert!(matches!(error.kind(), ErrorKind::NotSent(_)), "{error:?}");
            assert_eq!(error.instead(), Some(Instead::Resting));
            assert_eq!(error.retry(), Retry::After(Duration::from_secs(5)));
        }
        assert_eq!((bench.stub.business_calls(), bench.pauses().len()), (sent, 0), "not even a try");

        bench.clock.advance(Duration::from_secs(5));
        join_all((0..50).map(|_| bench.client.send(&bench.account, clear_quota()))).await;
        assert_eq!(bench.stub.business_calls(), sent + 1, "one probe");
        well.store(true, Ordering::SeqCst);
        bench.client.send(&bench.account, GetApiDomainIp {}).await.unwrap_err();
        bench.clock.advance(Duration::from_secs(5));
        bench.client.send(&bench.account, GetApiDomainIp {}).await.unwrap();
        let all = join_all((0..50).map(|_| bench.client.send(&bench.account, GetApiDomainIp {}))).await;
        assert!(all.iter().all(Result::is_ok));
        assert_eq!(bench.client.reachability().rests, None);
    }
}

#[tokio::test]
async fn ten_minutes_without_an_answer_are_a_probe_every_five_seconds() {
    let (bench, _) = gone(|| Reply::Reset).await;
    let before = bench.stub.business_calls();
    for _ in 0..6_000 {
        bench.client.send(&bench.account, GetApiDomainIp {}).await.unwrap_err();
        bench.clock.advance(Duration::from_millis(100));
    }
    let probes = bench.stub.business_calls() - before;
    assert!((118..=120).contains(&probes), "{probes} probes in 600 s");
}

#[tokio::test]
async fn refusals_are_answers() {
    let bench = Bench::new(|request| match request.is_token_fetch() {
        true => token("T1"),
        false => refusal(40003, "invalid openid"),
    })
    .await;
    for _ in 0..100 {
        let error = bench.client.send(&bench.account, clear_quota()).await.unwrap_err();
        assert_eq!(error.errcode().unwrap().get(), 40003);
    }
    assert_eq!(bench.client.reachability().failures, 0);
}

/// FM-29: somebody waits at most as long as was said, all tries together.
#[tokio::test]
async fn a_call_within_a_limit_ends_with_it() {
    let stub = Stub::start(|request| if request.is_token_fetch() { token("T1") } else { Reply::Silence }).await;
    let bench = Bench::with(stub, |builder| builder.clock(Arc::new(SystemClock)));
    let began = Instant::now();
    let error =
        bench.client.within(Duration::from_millis(300)).send(&bench.account, GetApiDomainIp {}).await.unwrap_err();
    assert_eq!(error.instead(), Some(Instead::Silence), "{error:?}");
    assert!((250..2_500).contains(&began.elapsed().as_millis()), "{:?}", began.elapsed());
}
