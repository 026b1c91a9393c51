//! Redis stopped, slow, back again, flushed: slower perhaps, never wrong, and never an error where none is promised.

use std::time::{Duration, Instant};

use weiqiao_coord::{Cause, CoordError, Limit, PutToken, SharedState, SharedToken, Wake};
use weiqiao_model::Clock as _;

use crate::support::proxy::{Proxy, Wire};
use crate::support::{Bench, clock, config, next, open, redis_url, until};

const MINUTE: Duration = Duration::from_secs(60);
/// What the service uses.
const COMMAND_TIMEOUT: Duration = Duration::from_millis(50);

/// A driver behind a wire, and the clock it was given.
async fn wired() -> Option<(Bench, Proxy)> {
    let url = redis_url()?;
    let (proxy, clock) = (Proxy::start(&url).await, clock());
    let coord = open(config(&proxy.url), &clock).await;
    assert_eq!(coord.shared_state(), SharedState::Up);
    Some((Bench { coord, clock, server: None }, proxy))
}

impl Bench {
    async fn wait_for(&self, state: SharedState) {
        until(&format!("{state:?}"), async || {
            let _ = self.coord.ping().await;
            self.coord.shared_state() == state
        })
        .await;
    }
}

#[tokio::test]
async fn every_meaning_goes_on_as_documented_while_redis_is_away_and_after() {
    let Some((bench, proxy)) = wired().await else { return };
    let coord = &bench.coord;
    let token = SharedToken { generation: 1, sealed: b"s".to_vec(), expires_at_ms: bench.clock.now_ms() + 7_200_000 };
    let lease = coord.lease().acquire("job", "me", MINUTE).await.unwrap().unwrap();
    assert_eq!(coord.one_time().issue("t", "before", b"v", MINUTE).await, Ok(true));
    assert_eq!(coord.tokens().put_if_newer("wx1", "access", &token).await, PutToken::Stored);
    for n in 1..=4 {
        assert_eq!(coord.strikes().hit("login", "ip", MINUTE).await, n);
    }

    proxy.set(Wire::Cut);
    bench.wait_for(SharedState::Down).await;

    let limit = Limit::new(1, MINUTE * 60).with_burst(2);
    let passed = [coord.rate().check("n", "ip", limit).await, coord.rate().check("n", "ip", limit).await];
    assert!(passed.iter().all(|decision| decision.allowed));
    assert!(!coord.rate().check("n", "ip", limit).await.allowed, "the limit holds in this process");

    assert_eq!(coord.strikes().count("login", "ip").await, 4);
    assert_eq!(coord.strikes().hit("login", "ip", MINUTE).await, 5, "counting goes on from the shared number");

    let resting = CoordError::Unavailable(Cause::Resting);
    assert_eq!(coord.lease().renew(&lease, MINUTE).await, Err(resting.clone()));
    assert_eq!(coord.lease().acquire("other", "me", MINUTE).await.unwrap_err(), resting);
    assert_eq!(coord.one_time().take("t", "before").await, Err(resting.clone()), "not: there is none");
    assert_eq!(coord.one_time().issue("t", "during", b"w", MINUTE).await, Ok(true));
    assert_eq!(coord.one_time().peek("t", "during").await, Ok(Some(b"w".to_vec())));
    assert_eq!(coord.tokens().get("wx1", "access").await, None);
    assert_eq!(coord.tokens().put_if_newer("wx1", "access", &token).await, PutToken::NotKept);
    assert!(!coord.kv().put("n", "k", b"v", MINUTE).await);
    assert_eq!(coord.kv().get("n", "k").await, None);
    coord.kv().delete("n", "k").await;
    coord.strikes().clear("nobody", "ip").await;
    let mut waiting = coord.wake().subscribe("jobs");
    coord.wake().notify("jobs", b"x").await;
    assert_eq!(next(&mut waiting).await, Wake::Note(b"x".to_vec()), "this process is woken");

    proxy.set(Wire::Up);
    bench.wait_for(SharedState::Up).await;
    assert_eq!(next(&mut waiting).await, Wake::Missed, "others may have said something meanwhile");
    assert_eq!(coord.one_time().take("t", "before").await, Ok(Some(b"v".to_vec())));
    assert_eq!(coord.one_time().take("t", "during").await, Ok(Some(b"w".to_vec())));
    assert_eq!(coord.one_time().take("t", "during").await, Ok(None));
    assert_eq!(coord.tokens().get("wx1", "access").await, Some(token));
    assert_eq!(coord.lease().renew(&lease, MINUTE).await, Ok(true));
}

#[tokio::test]
async fn a_redis_that_hangs_costs_three_time_outs_and_then_nothing() {
    let Some(url) = redis_url() else { return };
    let (proxy, clock) = (Proxy::start(&url).await, clock());
    let mut config = config(&proxy.url);
    config.command_timeout = COMMAND_TIMEOUT;
    let coord = open(config, &clock).await;
    let bench = Bench { coord, clock, server: None };
    bench.wait_for(SharedState::Up).await;
    proxy.set(Wire::Hanging);

    let mut slow = 0;
    let begin = Instant::now();
    for n in 0..2_000 {
        let asked = Instant::now();
        assert!(bench.coord.rate().check("n", &n.to_string(), Limit::per_minute(1)).await.allowed);
        slow += u32::from(asked.elapsed() >= COMMAND_TIMEOUT);
    }
    assert!((1..=5).contains(&slow), "{slow} of 2000 waited");
    assert!(begin.elapsed() < Duration::from_secs(5), "{:?}", begin.elapsed());
    assert_eq!(bench.coord.shared_state(), SharedState::Down);

    proxy.set(Wire::Up);
    bench.wait_for(SharedState::Up).await;
}

#[tokio::test]
async fn many_callers_at_once_open_the_breaker_once_and_one_probe_looks_for_redis() {
    let Some((bench, proxy)) = wired().await else { return };
    proxy.set(Wire::Cut);
    bench.wait_for(SharedState::Down).await;
    let before = proxy.accepted();
    let begin = Instant::now();
    while begin.elapsed() < Duration::from_millis(300) {
        bench.coord.rate().check("n", "k", Limit::per_minute(1)).await;
        tokio::task::yield_now().await;
    }
    let probes = proxy.accepted() - before;
    assert!(probes <= 6, "{probes} connections in 0.3 s");
}

#[tokio::test]
async fn the_service_starts_while_redis_is_away_and_finds_it_later() {
    let Some(url) = redis_url() else { return };
    let (proxy, clock) = (Proxy::start(&url).await, clock());
    proxy.set(Wire::Cut);
    let coord = open(config(&proxy.url), &clock).await;
    assert_eq!(coord.shared_state(), SharedState::Down);
    assert_eq!(coord.ping().await, Err(CoordError::Unavailable(Cause::Resting)));
    proxy.set(Wire::Up);
    let bench = Bench { coord, clock, server: None };
    bench.wait_for(SharedState::Up).await;
    assert!(bench.coord.lease().acquire("job", "me", MINUTE).await.unwrap().is_some());
}

#[tokio::test]
async fn the_subscription_comes_back_and_says_that_notes_may_be_lost() {
    let Some(url) = redis_url() else { return };
    let (proxy, clock) = (Proxy::start(&url).await, clock());
    let config = config(&proxy.url);
    let mut direct = config.clone();
    direct.url = weiqiao_coord::RedisUrl::new(&url);
    let (here, there) = (open(config, &clock).await, open(direct, &clock).await);
    let mut waiting = here.wake().subscribe("jobs");
    assert_eq!(next(&mut waiting).await, Wake::Missed, "subscribed");
    for round in 0..3 {
        proxy.set(Wire::Cut);
        there.wake().notify("jobs", b"lost").await;
        proxy.set(Wire::Up);
        let mut seen = next(&mut waiting).await;
        if round == 0 && seen == Wake::Note(b"lost".to_vec()) {
            seen = next(&mut waiting).await; // it was faster than the cut
        }
        assert_eq!(seen, Wake::Missed);
        there.wake().notify("jobs", b"heard").await;
        assert_eq!(next(&mut waiting).await, Wake::Note(b"heard".to_vec()));
    }
}

#[tokio::test]
async fn a_flush_loses_what_may_be_lost_and_nothing_else() {
    let Some(mut bench) = Bench::redis().await else { return };
    let coord = bench.coord.clone();
    let now = bench.clock.now_ms();
    let token = |generation| SharedToken { generation, sealed: b"s".to_vec(), expires_at_ms: now + 7_200_000 };
    let held = coord.lease().acquire("job", "me", MINUTE).await.unwrap().unwrap();
    coord.tokens().put_if_newer("wx1", "access", &token(7)).await;
    coord.one_time().issue("t", "k", b"v", MINUTE).await.unwrap();

    bench.server.as_mut().unwrap().flush().await;

    assert_eq!(coord.lease().renew(&held, MINUTE).await, Ok(false));
    let next = coord.lease().acquire("job", "you", MINUTE).await.unwrap().unwrap();
    assert!(next.fence > held.fence, "the new holder still outranks the old one");
    assert_eq!(coord.one_time().take("t", "k").await, Ok(None));
    assert_eq!(coord.tokens().get("wx1", "access").await, None);
    assert_eq!(coord.tokens().put_if_newer("wx1", "access", &token(8)).await, PutToken::Stored);
    assert_eq!(coord.strikes().hit("login", "ip", MINUTE).await, 1);
    assert!(coord.rate().check("n", "k", Limit::per_minute(1)).await.allowed);
}

#[tokio::test]
async fn a_refused_password_is_an_outage_whose_text_holds_no_secret() {
    let Some(url) = redis_url() else { return };
    let address = url.trim_start_matches("redis://");
    let clock = clock();
    let config = config(&format!("redis://someuser:canary-password@{address}"));
    assert!(!format!("{config:?}").contains("canary"));
    let coord = open(config, &clock).await;
    assert_eq!(coord.shared_state(), SharedState::Down);
    let error = coord.raw().get(&coord.key(weiqiao_coord::Meaning::Cache, "n", "k")).await.unwrap_err();
    assert!(!format!("{error:?} {error}").contains("canary"));
}

#[tokio::test]
async fn a_server_that_does_not_speak_tls_is_an_outage_and_not_a_panic() {
    let Some(url) = redis_url() else { return };
    let mut config = config(&url.replacen("redis://", "rediss://", 1));
    config.connect_timeout = Duration::from_millis(200);
    let coord = open(config, &clock()).await;
    assert_eq!(coord.shared_state(), SharedState::Down);
}

#[tokio::test]
async fn an_address_that_is_none_is_refused_without_repeating_it() {
    for url in ["", "localhost:6379", "http://canary:6379", "redis://:canary@[", "postgres://canary"] {
        let config = weiqiao_coord::CoordConfig::Redis(config(url));
        let error = weiqiao_coord::Coord::open(config, clock(), std::sync::Arc::new(weiqiao_model::OsRng))
            .await
            .expect_err(url);
        assert!(matches!(error, CoordError::Config(_)), "{url}: {error:?}");
        assert!(!error.to_string().contains("canary"), "{error}");
    }
}
