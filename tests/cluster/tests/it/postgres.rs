//! FI-06: Postgres is restarted while people write. What was acknowledged is there, what was not says when to come again.

use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use serde_json::Value;
use tokio::time::sleep;

use weiqiao_cluster::{Balancer, Fleet, Instance, Load, Postgres, Sample, Samples, Stop, figure, say, until};

/// Connections of one instance at most.
const POOL: i64 = 16;

/// Every tenth write owes somebody a message.
fn writes(fleet: &Arc<Fleet>, ports: Vec<u16>) -> Load {
    let fleet = Arc::clone(fleet);
    Load::start(figure(120, 200), move |n| {
        let port = ports[usize::try_from(n).unwrap() % ports.len()];
        let advisor = if n % 10 == 0 { format!("a{}", n / 10 % 5) } else { "nobody".to_owned() };
        let request = fleet.action(format!("http://127.0.0.1:{port}/api/customer/action"), &advisor, n);
        Sample::of(n, request)
    })
}

/// When every instance says it is ready, counted from now.
async fn healthy(instances: &[Instance]) -> Duration {
    let ready = instances.iter().map(|instance| {
        until("ready again", Duration::from_secs(30), async || instance.is_ready().await.then_some(()))
    });
    join_all(ready).await.into_iter().map(|((), took)| took).max().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn postgres_is_restarted_and_goes_away_for_a_while() {
    let Some(postgres) = Postgres::start().await else { return };
    let fleet = Arc::new(Fleet::on(postgres.url("weiqiao")).await);
    let instances = fleet.three().await;
    fleet.subscribe(&instances[0], 5).await;
    let load = writes(&fleet, instances.iter().map(|instance| instance.port).collect());
    sleep(Duration::from_secs(3)).await;

    let mut back = Vec::new();
    for (how, away) in [(Stop::Fast, 0), (Stop::Immediate, 0), (Stop::Fast, figure(6, 60))] {
        let gone = Instant::now();
        postgres.stop(how).await;
        sleep(Duration::from_secs(away)).await;
        if away > 0 {
            assert!(!instances[0].is_ready().await, "not ready without its database");
            assert_eq!(reqwest::get(instances[0].url("/livez")).await.unwrap().status(), 200);
        }
        postgres.start_again().await;
        let accepts = Instant::now();
        let healthy = healthy(&instances).await;
        say(format!("FI-06 {how:?}, away {:.1?}: all healthy {healthy:.2?} after it accepts", accepts - gone));
        back.push(healthy);
        sleep(Duration::from_secs(3)).await;
    }
    let samples = load.end().await;
    say(format!("FI-06 {samples}"));
    let odd = samples.but(|sample| sample.is_good() || (sample.status == Some(503) && sample.retry_after));
    assert!(odd.is_empty(), "{} are neither done nor 503 with Retry-After, such as {:?}", odd.len(), odd[0]);
    let refused: Vec<_> = samples.but(Sample::is_good).into_iter().map(|sample| sample.took).collect();
    let slowest = refused.iter().max().copied().unwrap_or_default();
    say(format!("FI-06 {} refused, the slowest after {slowest:.1?}", refused.len()));
    assert!(!refused.is_empty(), "the outage was not noticed: the test shows nothing");
    assert!(slowest < Duration::from_secs(8), "told within five seconds, and a busy machine's share");
    assert!(back.iter().all(|took| *took < Duration::from_secs(8)), "{back:?}");

    // Everything that was acknowledged is there, once; whoever repeats gets the same answer or the missing one.
    let db = fleet.look().await;
    let stored = db.texts("SELECT id FROM customer_action").await;
    let mut ids: Vec<String> = Vec::new();
    for sample in samples.0.iter().filter(|sample| sample.is_good()) {
        ids.push(sample.json()["data"]["actionId"].as_str().unwrap().to_owned());
    }
    let lost = ids.iter().filter(|id| !stored.contains(id)).count();
    assert_eq!(lost, 0, "acknowledged and not there");
    let mut again = 0;
    for sample in samples.but(Sample::is_good) {
        let advisor = if sample.n % 10 == 0 { format!("a{}", sample.n / 10 % 5) } else { "nobody".to_owned() };
        let request = fleet.action(instances[0].url("/api/customer/action"), &advisor, sample.n);
        let repeated = Sample::of(sample.n, request).await;
        assert!(repeated.is_good(), "{repeated:?}");
        again += 1;
    }
    let total = i64::try_from(samples.0.len()).unwrap();
    assert_eq!(db.number("SELECT count(*) FROM customer_action").await, total, "each action once");
    say(format!(
        "FI-06 {} acknowledged, lost {lost}; {again} repeated with their key, {total} actions in all",
        ids.len()
    ));

    // No lease is stuck: every message goes out.
    let open = "SELECT count(*) FROM job WHERE status IN ('queued', 'retrying', 'sending')";
    let ((), took) =
        until("all messages are sent", Duration::from_secs(60), async || (db.number(open).await == 0).then_some(()))
            .await;
    let statuses = db.counts("SELECT status, count(*) FROM job GROUP BY status").await;
    say(format!("FI-06 messages {statuses:?} {took:.1?} after the load"));
    let uncertain: i64 = statuses.iter().filter(|(status, _)| status == "uncertain").map(|(_, count)| count).sum();
    let taken = fleet.taken();
    assert!(taken.values().all(|count| *count == 1), "nobody was told twice");
    let owed = i64::try_from(samples.0.iter().filter(|sample| sample.n % 10 == 0).count()).unwrap();
    assert!(
        i64::try_from(taken.len()).unwrap() + uncertain >= owed,
        "{} of {owed}, {uncertain} uncertain",
        taken.len()
    );

    // The pools are whole: a burst is served, by as many connections as there may be.
    let burst: Vec<_> = (0..90)
        .map(|n| {
            let request = fleet.action(instances[n % 3].url("/api/customer/action"), "nobody", 1_000_000 + n as u64);
            Sample::of(n as u64, request)
        })
        .collect();
    assert!(join_all(burst).await.iter().all(Sample::is_good));
    let held = db.number("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'weiqiao'").await;
    say(format!("FI-06 connections after a burst: {held} of {}", 3 * POOL));
    assert!((3..=3 * POOL).contains(&held), "{held}");
}

/// Behind a balancer that asks for readiness, an outage of the database of one instance is nobody's.
#[tokio::test(flavor = "multi_thread")]
async fn an_instance_cut_off_from_postgres_turns_unready_and_comes_back() {
    use weiqiao_cluster::{Proxy, Wire};
    let Some(mut fleet) = Fleet::start().await else { return };
    let database = url::Url::parse(&fleet.database).unwrap();
    let wire = Proxy::to(([127, 0, 0, 1], database.port().unwrap()).into()).await;
    let healthy = [fleet.instance(&[]).await, fleet.instance(&[]).await];
    let mut through = database.clone();
    through.set_port(Some(wire.address.port())).unwrap();
    fleet.set("DATABASE_URL", through.as_str());
    let cut_off = fleet.instance(&[]).await;
    fleet.subscribe(&healthy[0], 5).await;
    let balancer = Balancer::before(&[healthy[0].port, healthy[1].port, cut_off.port]).await;

    wire.set(Wire::Still);
    let gone = Instant::now();
    let unready = async || (!cut_off.is_ready().await).then_some(());
    until("unready", Duration::from_secs(15), unready).await;
    let noticed = gone.elapsed();
    // Who asks it all the same is told soon.
    let direct = (0..20).map(|n| {
        let action = fleet.action(cut_off.url("/api/customer/action"), "nobody", 2_000_000 + n);
        Sample::of(n, action)
    });
    let direct = Samples(join_all(direct).await);
    say(format!("FI-08 asked all the same: {direct}"));
    let odd = direct.but(|sample| sample.status == Some(503) && sample.retry_after);
    assert!(odd.is_empty(), "{} were not told to come again, such as {:?}", odd.len(), odd[0]);
    assert!(direct.within(1.0) < Duration::from_secs(8), "{direct}");
    let fleet = Arc::new(fleet);
    let load = {
        let (fleet, url) = (Arc::clone(&fleet), balancer.url("/api/customer/action"));
        Load::start(40, move |n| Sample::of(n, fleet.action(url.clone(), &format!("a{}", n % 5), n)))
    };
    sleep(Duration::from_secs(4)).await;
    wire.set(Wire::Up);
    let back = Instant::now();
    until("ready again", Duration::from_secs(20), async || cut_off.is_ready().await.then_some(())).await;
    let ready = back.elapsed();
    sleep(Duration::from_secs(2)).await;
    let samples = load.end().await;
    say(format!(
        "FI-08 (one of three stands still towards Postgres): unready after {noticed:.1?}, back after {ready:.1?}; {samples}"
    ));
    assert!(noticed < Duration::from_secs(12) && ready < Duration::from_secs(12));
    let odd = samples.but(Sample::is_good);
    assert!(odd.is_empty(), "{} failed, such as {:?}", odd.len(), odd[0]);
    let db = fleet.look().await;
    let ids: Vec<Value> = samples.0.iter().map(|sample| sample.json()["data"]["actionId"].clone()).collect();
    assert_eq!(usize::try_from(db.number("SELECT count(*) FROM customer_action").await).unwrap(), ids.len());
    until("all are told", Duration::from_secs(60), async || (fleet.taken().len() == ids.len()).then_some(())).await;
    assert!(fleet.taken().values().all(|count| *count == 1), "nobody was told twice");
}
