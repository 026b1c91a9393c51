//! Jobs while instances are killed and paused: nobody is told twice without an attempt in doubt, and nothing is lost.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rustix::process::Signal;
use tokio::time::sleep;
use weiqiao_cluster::{Fleet, Instance, Load, Look, Sample, figure, say, until};

/// Longer than a claim holds without a sign of life.
const PAST_LEASE: Duration = Duration::from_secs(34);

/// Each job: how often it was tried in doubt, by the customer its message names. Payloads are sealed, so the customer comes
/// from the answers: action → notification → attempts.
async fn doubts(db: &Look) -> BTreeMap<String, i64> {
    let sql = "SELECT notification.id, count(job_attempt.n) FILTER (WHERE verdict = 'uncertain' OR verdict IS NULL) \
               FROM notification LEFT JOIN job_attempt ON job_attempt.job_id = notification.id GROUP BY 1";
    db.counts(sql).await.into_iter().collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_told_twice_while_instances_are_killed_and_paused() {
    let Some(fleet) = Fleet::start().await else { return };
    let fleet = Arc::new(fleet);
    // Somebody who takes what customers do, so that this goes on; and those who are killed and paused.
    let intake = fleet.instance(&["--only", "http"]).await;
    fleet.subscribe(&intake, 20).await;
    // WeChat takes its time, so that there is something under way whenever somebody dies.
    fleet.emulator.engine().add_fault(slow()).unwrap();
    let mut workers = fleet.three().await;
    let load = {
        let (fleet, url) = (Arc::clone(&fleet), intake.url("/api/customer/action"));
        Load::start(figure(20, 40), move |n| Sample::of(n, fleet.action(url.clone(), &format!("a{}", n % 20), n)))
    };
    let begun = Instant::now();
    sleep(Duration::from_secs(2)).await;
    // One is paused past its lease; meanwhile the others are killed again and again.
    workers[0].signal(Signal::STOP);
    let (mut kills, paused) = (0, Instant::now());
    while paused.elapsed() < figure(PAST_LEASE, 4 * PAST_LEASE) {
        for worker in &mut workers[1..] {
            sleep(Duration::from_millis(figure(2_500, 1_500))).await;
            worker.kill();
            kills += 1;
            worker.begin_again();
            worker.ready().await;
        }
    }
    workers[0].signal(Signal::CONT);
    let samples = load.end().await;
    assert!(samples.but(Sample::is_good).is_empty(), "{samples}");
    say(format!("jobs: {kills} kills and a pause of {:.0?} in {:.0?}; {samples}", paused.elapsed(), begun.elapsed()));

    // What was under way when its owner died is in doubt; the rest is sent.
    fleet.emulator.clear_faults();
    let db = fleet.look().await;
    let open = "SELECT count(*) FROM job WHERE status IN ('queued', 'retrying', 'sending')";
    let ((), took) =
        until("the queue is empty", Duration::from_secs(60), async || (db.number(open).await == 0).then_some(())).await;
    let statuses = db.counts("SELECT status, count(*) FROM job GROUP BY status").await;
    let owed = samples.0.len();
    assert_eq!(statuses.iter().map(|(_, count)| count).sum::<i64>(), i64::try_from(owed).unwrap(), "{statuses:?}");
    assert!(statuses.iter().all(|(status, _)| status == "sent" || status == "uncertain"), "{statuses:?}");

    let (doubts, taken) = (doubts(&db).await, fleet.taken());
    let (mut twice, mut in_doubt) = (0, 0);
    for sample in &samples.0 {
        let action = sample.json()["data"]["actionId"].as_str().unwrap().to_owned();
        let (told, doubt) = (taken.get(&format!("N{}", sample.n)).copied().unwrap_or(0), doubts[&action]);
        assert!(i64::from(told) <= 1 + doubt, "N{} was told {told} times with {doubt} attempts in doubt", sample.n);
        assert!(told > 0 || doubt > 0, "N{} was not told, and nobody doubts it", sample.n);
        twice += u32::from(told > 1);
        in_doubt += doubt;
    }
    let fenced = fenced(&workers).await;
    say(format!(
        "jobs: {owed} messages, {statuses:?} {took:.1?} after the load; {in_doubt} attempts in doubt, {twice} told twice, \
         {fenced} late results or tries refused in processes that live"
    ));
    assert!(in_doubt > 0, "nobody died in the middle of a call: the test shows nothing");
}

fn slow() -> weixin_emulator::Fault {
    weixin_emulator::Fault::on("/cgi-bin/message/subscribe/send").probability(1.0).delay_ms(400).deliver()
}

async fn fenced(workers: &[Instance]) -> f64 {
    let mut sum = 0.0;
    for worker in workers {
        sum += worker.metric("weiqiao_jobs_fenced_total", "").await;
    }
    sum
}
