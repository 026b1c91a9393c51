//! FI-07: Redis stops, is slow, is emptied. Nobody outside notices but by the limits, which every instance then keeps alone.

use std::time::{Duration, Instant};

use futures_util::StreamExt as _;
use serde_json::json;
use tokio::time::sleep;

use weiqiao_cluster::{Fleet, Instance, Load, Proxy, Sample, Samples, Wire, figure, say, until};

const SIGN: &str = "/wechat/jsconfig?url=http%3A%2F%2Flocalhost%3A3001%2Fpage";
/// Requests of one address that may come at once to pages that want to be signed.
const BURST: usize = 120;

/// What people and their browsers do, each from an address of their own, spread over the instances.
fn crowd(fleet: &Fleet, instances: &[Instance]) -> Load {
    let (http, ports): (_, Vec<u16>) = (fleet.http.clone(), instances.iter().map(|instance| instance.port).collect());
    Load::start(figure(60, 100), move |n| {
        let url = |path: &str| format!("http://127.0.0.1:{}{path}", ports[usize::try_from(n).unwrap() % ports.len()]);
        let address = format!("10.{}.{}.{}", n >> 16 & 255, n >> 8 & 255, n & 255);
        let action = || {
            let body = json!({"customerId": format!("c{n}"), "advisorId": "a0", "actionType": "other", "actionData": {},
                "customerPhone": format!("138{n:08}")});
            http.post(url("/api/customer/action")).json(&body)
        };
        let request = match n % 4 {
            0 => action(),
            1 => http.get(url(SIGN)),
            2 => http.get(url("/api/wechat/authorize-url?redirect_uri=/")),
            _ => http.get(url("/api/user/nobody")),
        };
        Sample::of(n, request.header("x-forwarded-for", address))
    })
}

/// As many requests of one address as would pass on all instances together, and more; gives how many passed.
async fn pressed(fleet: &Fleet, instances: &[Instance], address: &str) -> (usize, Samples) {
    let calls = (0..BURST * 5).map(|n| {
        let url = instances[n % instances.len()].url(SIGN);
        Sample::of(n as u64, fleet.http.get(url).header("x-forwarded-for", address))
    });
    let samples = Samples(futures_util::stream::iter(calls).buffer_unordered(8).collect().await);
    let odd = samples.but(|sample| matches!(sample.status, Some(200 | 429)));
    assert!(odd.is_empty(), "{:?}", odd[0]);
    (samples.good(), samples)
}

#[tokio::test(flavor = "multi_thread")]
async fn redis_stops_is_slow_and_is_emptied() {
    let Some(mut fleet) = Fleet::start().await else { return };
    let wire = Proxy::to(([127, 0, 0, 1], fleet.redis.port).into()).await;
    let through = format!("redis://{}", wire.address);
    fleet.set("REDIS_URL", &through);
    // People without keys, limited by their address.
    fleet.set("AUTH_MODE", "open");
    fleet.set("RATE_LIMITS", "on");
    fleet.set("TRUSTED_PROXIES", "127.0.0.0/8");
    fleet.set("LOG_FORMAT", "json");
    let instances = fleet.three().await;
    fleet.subscribe(&instances[0], 1).await;
    let span = Duration::from_secs(figure(5, 20));
    let load = crowd(&fleet, &instances);
    let mut spans = Vec::new();
    let mut span_of = async |name: &'static str| {
        let from = Instant::now();
        sleep(span).await;
        spans.push((name, from, Instant::now()));
    };

    sleep(Duration::from_secs(2)).await;
    span_of("all is well").await;
    let (together, _) = pressed(&fleet, &instances, "192.0.2.1").await;

    fleet.redis.kill();
    span_of("Redis is stopped").await;
    let (alone, _) = pressed(&fleet, &instances, "192.0.2.2").await;
    let health = Sample::of(0, fleet.get(instances[0].url("/api/health"))).await.json();
    assert_eq!(health["data"]["services"]["cache"], "down", "{health}");
    assert!(instances[0].is_ready().await, "ready without Redis");
    fleet.redis.start_again().await;
    back(&fleet, &instances).await;

    wire.set(Wire::Slow(Duration::from_secs(2)));
    span_of("Redis takes 2 s").await;
    wire.set(Wire::Up);
    back(&fleet, &instances).await;

    let flushing = async {
        for _ in 0..10 {
            assert!(fleet.redis.say("FLUSHALL").await.unwrap().starts_with("+OK"));
            sleep(span / 10).await;
        }
    };
    let from = Instant::now();
    flushing.await;
    spans.push(("Redis is emptied", from, Instant::now()));
    let (after, _) = pressed(&fleet, &instances, "192.0.2.3").await;

    let samples = load.end().await;
    let odd = samples.but(|sample| sample.status == Some(200));
    assert!(odd.is_empty(), "{} of {} failed, such as {:?}", odd.len(), samples.0.len(), odd[0]);
    let calm = samples.between(spans[0].1, spans[0].2).within(0.99);
    for (name, from, to) in &spans {
        let part = samples.between(*from, *to);
        say(format!("FI-07 {name}: {part}"));
        assert!(part.within(0.99) < calm + Duration::from_secs(1), "{name}: {part}");
    }
    say(format!("FI-07 passed of {}: {together} together, {alone} alone, {after} together again", BURST * 5));
    // Some more come free while they are sent, two a second on each.
    assert!((BURST..BURST * 2).contains(&together), "the limit is one for all: {together}");
    assert!((BURST * 3..BURST * 5).contains(&alone), "each instance keeps its own: {alone}");
    assert!((BURST..BURST * 2).contains(&after), "one for all again: {after}");

    // Redis is nobody's truth: no token was fetched again, and no action got lost or was done twice.
    let fetches = fleet.emulator.ledger("/cgi-bin/stable_token");
    let accounts: Vec<_> = fetches.iter().map(|call| call.account.clone()).collect();
    assert_eq!(accounts.iter().filter(|account| account.as_deref() == Some("official")).count(), 1, "{accounts:?}");
    assert_eq!(accounts.iter().filter(|account| account.as_deref() == Some("mini")).count(), 1, "{accounts:?}");
    let actions = samples.0.iter().filter(|sample| sample.n % 4 == 0).count();
    let db = fleet.look().await;
    assert_eq!(usize::try_from(db.number("SELECT count(*) FROM customer_action").await).unwrap(), actions);
    let taken = until("all messages are sent", Duration::from_secs(60), async || {
        (fleet.emulator.calls("/cgi-bin/message/subscribe/send") >= actions).then_some(())
    })
    .await;
    assert_eq!(fleet.emulator.calls("/cgi-bin/message/subscribe/send"), actions, "each once");
    say(format!("FI-07 {actions} actions, each message once; the last {:.1?} after the load", taken.1));
}

/// All instances use Redis again.
async fn back(fleet: &Fleet, instances: &[Instance]) {
    for instance in instances {
        until("Redis is back", Duration::from_secs(10), async || {
            let health = Sample::of(0, fleet.get(instance.url("/api/health"))).await.json();
            (health["data"]["services"]["cache"] == "up").then_some(())
        })
        .await;
    }
}
