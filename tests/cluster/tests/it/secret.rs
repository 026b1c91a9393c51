//! FI-19: the secret is wrong. Nothing storms, nothing is given up, and everybody can see why.

use std::time::{Duration, Instant};

use serde_json::Value;
use tokio::time::sleep;
use weiqiao_cluster::{Fleet, Instance, Sample, figure, say, until};
use weixin_emulator::Fault;

const FETCH: &str = "/cgi-bin/stable_token";
const MESSAGES: u64 = 30;

async fn read(fleet: &Fleet, instance: &Instance, path: &str) -> Value {
    let sample = Sample::of(0, fleet.get(instance.url(path))).await;
    assert!(sample.is_good(), "{path}: {sample:?}");
    sample.json()["data"].clone()
}

/// Presses for a token on every instance, for so long; gives how many calls there were.
async fn press(fleet: &Fleet, instances: &[Instance], span: Duration) -> u64 {
    let (begun, mut calls) = (Instant::now(), 0);
    while begun.elapsed() < span {
        for instance in instances {
            let sample = Sample::of(calls, fleet.get(instance.url("/api/admin/accounts/mini/token"))).await;
            assert!(!sample.is_good(), "there is no token to be had: {sample:?}");
            assert!(sample.took < Duration::from_secs(8), "told at once: {sample:?}");
            calls += 1;
        }
        sleep(Duration::from_millis(100)).await;
    }
    calls
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_secret_never_storms() {
    let Some(mut fleet) = Fleet::start().await else { return };
    fleet.set("WECHAT_MINI_APP_SECRET", "99999999999999999999999999999999");
    let mut instances = fleet.three().await;
    fleet.subscribe(&instances[0], 5).await;
    let begun = Instant::now();
    for n in 0..MESSAGES {
        let url = instances[usize::try_from(n).unwrap() % 3].url("/api/customer/action");
        assert!(Sample::of(n, fleet.action(url, &format!("a{}", n % 5), n)).await.is_good(), "intake goes on");
    }
    let calls = press(&fleet, &instances, Duration::from_secs(figure(15, 240))).await;
    let fetches = fleet.emulator.ledger(FETCH);
    let minutes = begun.elapsed().as_secs() / 60;
    say(format!(
        "FI-19 {calls} calls for a token and {MESSAGES} messages in {:.0?}: {} fetches",
        begun.elapsed(),
        fetches.len()
    ));
    assert!(!fetches.is_empty() && fetches.len() as u64 <= 3 + minutes, "{} fetches", fetches.len());

    // The queue holds.
    let db = fleet.look().await;
    let statuses = db.counts("SELECT status, count(*) FROM job GROUP BY status").await;
    assert!(statuses.iter().all(|(status, _)| status == "queued" || status == "retrying"), "{statuses:?}");
    assert_eq!(statuses.iter().map(|(_, count)| count).sum::<i64>(), i64::try_from(MESSAGES).unwrap());
    assert_eq!(fleet.emulator.calls("/cgi-bin/message/subscribe/send"), 0);

    // It is visible: as a hold with WeChat's number, in the notifications, in the figures, in the log.
    let holds = read(&fleet, &instances[1], "/api/admin/jobs/holds").await;
    assert_eq!(holds.as_array().unwrap().len(), 1, "{holds}");
    assert_eq!((&holds[0]["reason"], &holds[0]["kind"]), (&"account".into(), &"subscribe_message".into()), "{holds}");
    assert!(holds[0]["errcode"].is_i64(), "{holds}");
    let tried = read(&fleet, &instances[2], "/api/admin/notifications?status=retrying").await;
    assert!(tried["items"][0]["errcode"].is_i64() || tried["items"][0]["last_errcode"].is_i64(), "{tried}");
    let health = read(&fleet, &instances[2], "/api/admin/health/tokens").await;
    let mini = health["accounts"].as_array().unwrap().iter().find(|account| account["account"] == "mini").unwrap();
    let access = mini["tokens"].as_array().unwrap().iter().find(|token| token["kind"] == "access").unwrap();
    assert_eq!((&access["state"], &access["last_error"]["errcode"]), (&"resting".into(), &40125.into()), "{access}");
    let told = instances.iter().flat_map(Instance::complaints).filter(|line| line.contains("no new token")).count();
    assert!((1..=fetches.len()).contains(&told), "the log says why, once for each fetch: {told}");
    say(format!("FI-19 queue {statuses:?}, hold {}, {told} lines in three logs", holds[0]));

    // The right secret, one instance after the other: a new secret has no past.
    for instance in &mut instances {
        instance.kill();
        instance.variables.retain(|(name, _)| name != "WECHAT_MINI_APP_SECRET");
        instance.variables.push(("WECHAT_MINI_APP_SECRET".to_owned(), "2".repeat(32)));
        instance.begin_again();
        instance.ready().await;
    }
    let hold = instances[0].url("/api/admin/jobs/holds/wx2222222222222222/subscribe_message");
    let released = fleet.http.delete(hold).header("x-api-key", weiqiao_cluster::API_KEY).send().await.unwrap();
    assert!(released.status().is_success(), "{released:?}");
    let ((), took) =
        until("all are told", Duration::from_secs(60), async || (fleet.taken().len() as u64 == MESSAGES).then_some(()))
            .await;
    assert!(fleet.taken().values().all(|count| *count == 1));
    // The last answer is written down a moment after WeChat gave it.
    let (all, sent) = (i64::try_from(MESSAGES).unwrap(), "SELECT count(*) FROM job WHERE status = 'sent'");
    until("all are written down", Duration::from_secs(5), async || (db.number(sent).await == all).then_some(())).await;
    say(format!("FI-19 all {MESSAGES} told {took:.1?} after the right secret was set and the hold ended"));
}

/// The other ways in which WeChat refuses an account: its number is another, what happens is the same.
#[tokio::test(flavor = "multi_thread")]
async fn a_frozen_secret_and_an_unlisted_address_do_not_storm_either() {
    for errcode in [40164, 40243, 40001] {
        let Some(fleet) = Fleet::start().await else { return };
        fleet.emulator.fault(Fault::on(FETCH).probability(1.0).errcode(errcode));
        let instances = [fleet.instance(&[]).await, fleet.instance(&[]).await];
        fleet.subscribe(&instances[0], 1).await;
        for n in 0..3 {
            let action = fleet.action(instances[0].url("/api/customer/action"), "a0", n);
            assert!(Sample::of(n, action).await.is_good());
        }
        let calls = press(&fleet, &instances, Duration::from_secs(3)).await;
        let fetches = fleet.emulator.calls(FETCH);
        assert!((1..=3).contains(&fetches), "{errcode}: {fetches} fetches");
        let holds = until("a hold", Duration::from_secs(10), async || {
            let holds = read(&fleet, &instances[1], "/api/admin/jobs/holds").await;
            (!holds.as_array()?.is_empty()).then_some(holds)
        });
        let (holds, _) = holds.await;
        assert_eq!(holds[0]["reason"], "account", "{errcode}: {holds}");
        let statuses = fleet.look().await.counts("SELECT status, count(*) FROM job GROUP BY status").await;
        assert!(statuses.iter().all(|(status, _)| status == "queued" || status == "retrying"), "{statuses:?}");
        say(format!("FI-19 {errcode}: {calls} calls, {fetches} fetches, {statuses:?}"));
    }
}
