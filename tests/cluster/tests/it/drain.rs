//! FI-12: an instance is asked to end while people use it and messages are on their way; then all of them, one by one.

use std::sync::Arc;
use std::time::{Duration, Instant};

use rustix::process::Signal;
use tokio::time::sleep;
use weixin_emulator::Fault;

use weiqiao_cluster::{Balancer, Fleet, Load, Sample, Samples, figure, say, until};

const SEND: &str = "/cgi-bin/message/subscribe/send";

/// Browsers of people: connections that are kept, three kinds of requests.
fn people(fleet: &Arc<Fleet>, balancer: &Balancer, rate: u32) -> Load {
    let (fleet, at) = (Arc::clone(fleet), balancer.url(""));
    Load::start(rate, move |n| {
        let request = match n % 3 {
            0 => fleet.action(format!("{at}/api/customer/action"), "nobody", n),
            1 => fleet.get(format!("{at}/wechat/jsconfig?url=http%3A%2F%2Flocalhost%3A3001%2Fpage")),
            _ => fleet.get(format!("{at}/api/user/nobody")),
        };
        Sample::of(n, request)
    })
}

fn all_good(samples: &Samples) {
    let odd = samples.but(Sample::is_good);
    assert!(odd.is_empty(), "{} of {} failed, such as {:?}", odd.len(), samples.0.len(), odd[0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_instance_ends_without_a_failed_request_or_a_message_in_doubt() {
    let Some(fleet) = Fleet::start().await else { return };
    let fleet = Arc::new(fleet);
    let mut ending = fleet.instance(&[]).await;
    fleet.subscribe(&ending, 16).await;
    // Messages that take six seconds, sixteen at a time, and more that wait.
    fleet.emulator.fault(Fault::on(SEND).probability(1.0).delay_ms(6_000).deliver());
    for n in 0..48 {
        let request = fleet.action(ending.url("/api/customer/action"), &format!("a{}", n % 16), 1_000_000 + n);
        assert!(Sample::of(n, request).await.is_good());
    }
    let db = fleet.look().await;
    let under_way = "SELECT count(*) FROM job_attempt WHERE finished_at IS NULL";
    until("messages on their way", Duration::from_secs(20), async || (db.number(under_way).await >= 10).then_some(()))
        .await;
    let staying = fleet.instance(&["--only", "http"]).await;
    let balancer = Balancer::before(&[ending.port, staying.port]).await;
    let load = people(&fleet, &balancer, figure(100, 250));
    sleep(Duration::from_secs(1)).await;

    let flying = db.number(under_way).await;
    let asked = Instant::now();
    ending.signal(Signal::TERM);
    let ((), unready) =
        until("unready", Duration::from_secs(2), async || (!ending.is_ready().await).then_some(())).await;
    let closing = reqwest::get(ending.url("/livez")).await.unwrap();
    assert_eq!(closing.headers()["connection"], "close", "answers send people elsewhere");
    let (status, _) = ending.ended(Duration::from_secs(20)).await;
    let took = asked.elapsed();
    let samples = load.end().await;
    say(format!(
        "FI-12 SIGTERM with {flying} messages on their way: unready after {unready:.0?}, ended {status} after {took:.1?}; {samples}"
    ));
    assert_eq!(status.code(), Some(0), "{}", ending.log());
    assert!(took >= Duration::from_secs(2) && took < Duration::from_secs(15), "{took:?}");
    all_good(&samples);
    let statuses = db.counts("SELECT status, count(*) FROM job GROUP BY status").await;
    assert!(statuses.iter().all(|(status, _)| status == "sent" || status == "queued"), "{statuses:?}");
    assert_eq!(db.number("SELECT count(*) FROM job_attempt WHERE finished_at IS NULL OR verdict <> 'sent'").await, 0);
    assert_eq!(db.number("SELECT count(*) FROM job WHERE lease_owner IS NOT NULL AND status = 'queued'").await, 0);

    // What was given back is taken up by the next worker at once.
    fleet.emulator.clear_faults();
    let _worker = fleet.instance(&["--only", "worker"]).await;
    let ((), rest) =
        until("the rest", Duration::from_secs(20), async || (fleet.taken().len() == 48).then_some(())).await;
    assert!(fleet.taken().values().all(|count| *count == 1), "nobody was told twice");
    say(format!("FI-12 {statuses:?} when it ended, the rest {rest:.1?} after the next worker was ready"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_signal_ends_it_at_once() {
    let Some(fleet) = Fleet::start().await else { return };
    let mut instance = fleet.instance(&[]).await;
    fleet.subscribe(&instance, 1).await;
    fleet.emulator.fault(Fault::on(SEND).times(1).delay_ms(20_000).deliver());
    assert!(Sample::of(0, fleet.action(instance.url("/api/customer/action"), "a0", 0)).await.is_good());
    until("a call", Duration::from_secs(20), async || {
        (fleet.look().await.number("SELECT count(*) FROM job_attempt").await > 0).then_some(())
    })
    .await;
    instance.signal(Signal::TERM);
    until("unready", Duration::from_secs(2), async || (!instance.is_ready().await).then_some(())).await;
    instance.signal(Signal::TERM);
    let (status, took) = instance.ended(Duration::from_secs(5)).await;
    say(format!("FI-12 second SIGTERM: ended {status} after {took:.2?}"));
    assert!(took < Duration::from_millis(1_500), "{took:?}");
    assert_eq!(status.code(), Some(1));
}

#[tokio::test(flavor = "multi_thread")]
async fn three_instances_are_restarted_one_by_one() {
    let Some(fleet) = Fleet::start().await else { return };
    let fleet = Arc::new(fleet);
    let mut instances = fleet.three().await;
    fleet.subscribe(&instances[0], 10).await;
    let balancer = Balancer::before(&instances.iter().map(|instance| instance.port).collect::<Vec<_>>()).await;
    let load = people(&fleet, &balancer, figure(120, 300));
    let notices = {
        let (fleet, url) = (Arc::clone(&fleet), balancer.url("/api/customer/action"));
        Load::start(20, move |n| Sample::of(n, fleet.action(url.clone(), &format!("a{}", n % 10), 1_000_000 + n)))
    };
    sleep(Duration::from_secs(2)).await;
    let begun = Instant::now();
    let mut ends = Vec::new();
    for instance in &mut instances {
        instance.signal(Signal::TERM);
        let (status, took) = instance.ended(Duration::from_secs(16)).await;
        assert_eq!(status.code(), Some(0), "{}", instance.log());
        ends.push(took);
        instance.begin_again();
        instance.ready().await;
        // The balancer has to notice, too.
        sleep(Duration::from_secs(1)).await;
    }
    let took = begun.elapsed();
    let (people, notices) = (load.end().await, notices.end().await);
    say(format!(
        "FI-12 rolling restart of 3 in {took:.1?} (ends {ends:.1?}): {people}; actions that notify: {notices}"
    ));
    all_good(&people);
    all_good(&notices);
    let owed = notices.0.len();
    until("all are told", Duration::from_secs(60), async || (fleet.taken().len() >= owed).then_some(())).await;
    let db = fleet.look().await;
    assert!(fleet.taken().values().all(|count| *count == 1), "nobody was told twice");
    // The last answers are written down a moment after WeChat gave them.
    let open = "SELECT count(*) FROM job_attempt WHERE verdict IS NULL OR verdict = 'uncertain'";
    until("no doubt is left", Duration::from_secs(5), async || (db.number(open).await == 0).then_some(())).await;
}
