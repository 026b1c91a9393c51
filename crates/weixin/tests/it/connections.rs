//! How old connections grow, and where new ones go. §6.6, FI-18.

use std::io;
use std::net::IpAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::future::BoxFuture;
use weixin::api::cgi_bin::GetApiDomainIp;
use weixin::{Instead, Resolver};

use crate::support::*;

#[tokio::test]
async fn no_connection_is_shared_for_longer_than_a_minute() {
    let bench = Bench::new(|request| if request.is_token_fetch() { token("T") } else { ip_list() }).await;
    for second in 0..600 {
        bench.client.send(&bench.account, GetApiDomainIp {}).await.unwrap();
        let expected = 1 + second / 60;
        assert_eq!(bench.stub.connections(), expected, "after {second} s");
        bench.clock.advance(Duration::from_secs(1));
    }
    // The old ones are closed, not forgotten.
    until(|| async { bench.stub.open() == 1 }).await;
}

/// A name server whose answer changes.
struct Names(Mutex<Vec<IpAddr>>);

impl Resolver for Names {
    fn resolve(&self, host: String) -> BoxFuture<'static, io::Result<Vec<IpAddr>>> {
        assert_eq!(host, "wechat.test");
        let found = self.0.lock().unwrap().clone();
        Box::pin(std::future::ready(Ok(found)))
    }
}

#[tokio::test]
async fn a_host_that_moved_is_found_within_a_minute() {
    let answer = |request: Request| if request.is_token_fetch() { token("T") } else { ip_list() };
    let first = Stub::start(answer).await;
    let port = first.port();
    let second = Stub::start_at(&format!("127.0.0.2:{port}"), answer).await;
    let names = Arc::new(Names(Mutex::new(vec!["127.0.0.1".parse().unwrap()])));
    let resolver = names.clone();
    let base = format!("http://wechat.test:{port}").parse().unwrap();
    let bench = Bench::with(first, |builder| builder.api_base(base).resolver(resolver));
    bench.client.send(&bench.account, GetApiDomainIp {}).await.unwrap();
    *names.0.lock().unwrap() = vec!["127.0.0.2".parse().unwrap()];
    bench.clock.advance(Duration::from_secs(60));
    for _ in 0..3 {
        bench.client.send(&bench.account, GetApiDomainIp {}).await.unwrap();
    }
    assert_eq!((bench.stub.business_calls(), second.business_calls()), (1, 3));

    *names.0.lock().unwrap() = Vec::new();
    bench.clock.advance(Duration::from_secs(60));
    let error = bench.client.send(&bench.account, GetApiDomainIp {}).await.unwrap_err();
    assert!(matches!(error.instead(), Some(Instead::UnknownHost | Instead::NoConnection)), "{error:?}");
}
