//! Three instances share one account: one fetch per expiry, and a stolen token hurts nobody.

use std::time::Duration;

use futures_util::future::join_all;
use weiqiao_app::App;
use weiqiao_journeys::{Engines, World, official};
use weixin::TokenKind;
use weixin::api::cgi_bin::GetApiDomainIp;

const FETCH: &str = "/cgi-bin/stable_token";
const CALL: &str = "/cgi-bin/get_api_domain_ip";
const CALLERS: usize = 64;

/// All callers of all instances at once; gives how many failed.
async fn everybody_calls(instances: &[App]) -> usize {
    let calls = instances.iter().flat_map(|app| (0..CALLERS).map(move |_| app.weixin().clone()));
    let sent = join_all(calls.map(|client| async move { client.send(&official(), GetApiDomainIp {}).await })).await;
    sent.iter().filter(|answer| answer.is_err()).inspect(|answer| eprintln!("{answer:?}")).count()
}

#[tokio::test(flavor = "multi_thread")]
async fn three_instances_fetch_one_token_per_expiry() {
    let Some(world) = World::start(Engines::Shared).await else { return };
    let instances = [world.instance().await, world.instance().await, world.instance().await];
    for expiry in 1..=20 {
        assert_eq!(everybody_calls(&instances).await, 0, "calls failed at expiry {expiry}");
        assert_eq!(world.emulator.calls(FETCH), expiry, "token fetches after {expiry} expiries");
        // A token lives two hours.
        world.advance(Duration::from_secs(2 * 60 * 60));
    }
    assert_eq!(world.emulator.calls(CALL), 20 * 3 * CALLERS, "no call was sent twice");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stolen_token_is_replaced_once_and_no_call_fails() {
    let Some(world) = World::start(Engines::Shared).await else { return };
    let instances = [world.instance().await, world.instance().await, world.instance().await];
    assert_eq!(everybody_calls(&instances).await, 0);
    for theft in 1..=20 {
        world.emulator.steal_token("official");
        assert_eq!(everybody_calls(&instances).await, 0, "calls failed after theft {theft}");
        assert_eq!(world.emulator.calls(FETCH), 1 + theft, "one fetch for each theft");
        // Thieves come some minutes apart: an account whose token dies at every call has another problem.
        world.advance(Duration::from_secs(600));
    }
    let held = instances[0].weixin().token(&official(), TokenKind::Access).await.unwrap();
    assert!(held.generation >= 21, "every replacement counts, {} so far", held.generation);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_instance_on_embedded_engines_does_the_same() {
    let world = World::start(Engines::Embedded).await.unwrap();
    let instances = [world.instance().await];
    for round in 1..=10 {
        assert_eq!(everybody_calls(&instances).await, 0);
        assert_eq!(world.emulator.calls(FETCH), round);
        match round % 2 {
            0 => world.advance(Duration::from_secs(2 * 60 * 60)),
            _ => {
                world.advance(Duration::from_secs(600));
                world.emulator.steal_token("official");
            }
        }
    }
}
