//! What is tried again, how often, and what never is.

use std::time::Duration;

use weixin::api::cgi_bin::GetApiDomainIp;
use weixin::{ErrorKind, Retry, RetryPolicy};

use crate::support::*;

/// A client that has its token already, so that only business calls are counted.
async fn with_token(replies: Vec<Reply>) -> Bench {
    let mut script = vec![ip_list()];
    script.extend(replies);
    let bench = Bench::with(Stub::scripted(script).await, |builder| builder);
    bench.client.send(&bench.account, GetApiDomainIp {}).await.unwrap();
    bench
}

#[tokio::test]
async fn a_read_survives_two_busy_answers() {
    let bench = with_token(vec![refusal(-1, "system error"), refusal(-1, "system error"), ip_list()]).await;
    bench.client.send(&bench.account, GetApiDomainIp {}).await.unwrap();
    let pauses = bench.pauses();
    assert_eq!(pauses.len(), 2);
    assert!(pauses[0] <= Duration::from_millis(100) && pauses[1] <= Duration::from_millis(200), "{pauses:?}");
    assert!(pauses[0] > Duration::from_millis(45), "half of the bound, as the generator says: {pauses:?}");
}

#[tokio::test]
async fn a_read_gives_up_after_three_tries() {
    let busy = || refusal(-1, "system error");
    let bench = with_token(vec![busy(), busy(), busy()]).await;
    let error = bench.client.send(&bench.account, GetApiDomainIp {}).await.unwrap_err();
    assert_eq!((error.errcode().unwrap().get(), error.retry()), (-1, Retry::After(Duration::from_secs(1))));
    assert_eq!(bench.stub.business_calls(), 4);
}

#[tokio::test]
async fn a_busy_answer_to_a_call_with_an_effect_is_left_to_the_caller() {
    let bench = with_token(vec![refusal(-1, "system error")]).await;
    let error = bench.client.send(&bench.account, clear_quota()).await.unwrap_err();
    assert_eq!((error.errcode().unwrap().get(), error.retry()), (-1, Retry::Maybe));
    assert_eq!((bench.stub.business_calls(), bench.pauses().len()), (2, 0));
}

#[tokio::test]
async fn limits_are_not_tried_against() {
    let bench = with_token(vec![
        refusal(45011, "api minute-quota reach limit"),
        refusal(45009, "reach max api daily quota limit"),
    ])
    .await;
    let error = bench.client.send(&bench.account, GetApiDomainIp {}).await.unwrap_err();
    assert_eq!(error.retry(), Retry::After(Duration::from_secs(60)));
    bench.clock.advance(Duration::from_secs(23 * 3600 + 59 * 60));
    let error = bench.client.send(&bench.account, GetApiDomainIp {}).await;
    // A day has passed, so there was a new token; the next day begins in a minute.
    assert_eq!(error.unwrap_err().retry(), Retry::After(Duration::from_secs(60)));
    assert!(bench.pauses().is_empty());
}

#[tokio::test]
async fn other_refusals_are_final() {
    let bench = with_token(vec![refusal(40003, "invalid openid"), refusal(999_999, "a code nobody knows")]).await;
    for code in [40003, 999_999] {
        let error = bench.client.send(&bench.account, GetApiDomainIp {}).await.unwrap_err();
        assert_eq!((error.errcode().unwrap().get(), error.retry()), (code, Retry::Never));
    }
    assert!(bench.pauses().is_empty());
}

#[tokio::test]
async fn a_connection_that_cannot_be_made_is_tried_again_for_every_call() {
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let nobody = format!("http://127.0.0.1:{port}").parse().unwrap();
    let bench = Bench::with(Stub::scripted([]).await, |builder| builder.api_base(nobody));
    let request = weixin::api::sns::ExchangeCode { code: "c".into() };
    let error = bench.client.send(&bench.account, request).await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::NotSent(_)), "{error:?}");
    assert!(matches!(error.retry(), Retry::After(_)));
    assert_eq!(bench.pauses().len(), 2, "three tries, although the code works once: nothing was sent");
}

#[tokio::test]
async fn no_try_begins_after_the_time_limit() {
    let slow = RetryPolicy { tries: 10, first_pause: Duration::from_secs(8), longest_pause: Duration::from_secs(8) };
    let busy = || refusal(-1, "system error");
    let stub = Stub::scripted([busy(), busy()]).await;
    let bench = Bench::with(stub, |builder| builder.retries(slow));
    bench.client.send(&bench.account, GetApiDomainIp {}).await.unwrap_err();
    // The generator draws pauses of 4 s: the second try begins at 4 s, a third would at 8 s, and the limit is 5 s.
    assert_eq!(bench.pauses().len(), 1);
    assert_eq!(bench.stub.business_calls(), 2);
}

#[tokio::test]
async fn retries_stay_a_tenth_of_the_calls() {
    let bench = Bench::new(|request| if request.is_token_fetch() { token("T1") } else { refusal(-1, "busy") }).await;
    for _ in 0..200 {
        bench.client.send(&bench.account, GetApiDomainIp {}).await.unwrap_err();
    }
    let retries = bench.stub.business_calls() - 200;
    assert!((20..=31).contains(&retries), "a reserve of 10 and a tenth of 200: {retries}");
}
