//! Bounds on what is in flight.

use futures_util::future::join_all;
use weixin::api::cgi_bin::GetApiDomainIp;
use weixin::{Account, AppId, AppSecret};

use crate::support::*;

#[tokio::test]
async fn an_account_has_at_most_64_calls_in_flight_and_leaves_the_others_alone() {
    let gate = Gate::new();
    let behind = gate.clone();
    let bench = Bench::new(move |request| match request.path() {
        "/cgi-bin/get_api_domain_ip" if request.access_token() == "T" => {
            Reply::Gated(behind.clone(), Box::new(ip_list()))
        }
        "/cgi-bin/get_api_domain_ip" => ip_list(),
        _ if request.body.contains("wx1111111111111111") => token("T"),
        _ => token("OTHER"),
    })
    .await;
    let other = Account::new(AppId::new("wx2222222222222222"), AppSecret::new("other"));
    let calls = join_all((0..200).map(|_| bench.client.send(&bench.account, GetApiDomainIp {})));
    let watch = async {
        gate.wait_for(64).await;
        for _ in 0..20 {
            bench.client.send(&other, GetApiDomainIp {}).await.unwrap();
        }
        let waiting = gate.waiting();
        gate.open();
        waiting
    };
    let (results, waiting) = tokio::join!(calls, watch);
    assert_eq!(waiting, 64);
    assert_eq!(results.into_iter().filter(Result::is_ok).count(), 200);
}

#[tokio::test]
async fn connections_are_kept_and_shared() {
    let bench = Bench::new(|request| if request.is_token_fetch() { token("T") } else { ip_list() }).await;
    for _ in 0..50 {
        bench.client.clone().send(&bench.account, GetApiDomainIp {}).await.unwrap();
    }
    assert_eq!(bench.stub.connections(), 1);
}
