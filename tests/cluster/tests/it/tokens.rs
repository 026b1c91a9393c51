//! FI-05: three instances share an account. One fetch for each token that came to its end, whoever asks and whatever
//! stands still meanwhile.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use rustix::process::Signal;
use serde_json::json;
use tokio::time::sleep;

use weiqiao_cluster::{Fleet, Instance, Proxy, Sample, Samples, Wire, figure, say, until};

const FETCH: &str = "/cgi-bin/stable_token";
/// A call of ours that makes one call to WeChat.
const CALL: &str = "/api/admin/accounts/official/menu";
/// Life of tokens in seconds, by the clock of the emulated WeChat.
const LIFE_S: u64 = 60;

async fn fleet() -> Option<(Fleet, Vec<Instance>)> {
    let fleet = Fleet::start().await?;
    let settings = json!({"access_token_lifetime_s": LIFE_S, "stable_renew_window_s": 0});
    fleet.emulator.engine().change_settings(&settings).unwrap();
    let instances = fleet.three().await;
    Some((fleet, instances))
}

/// So many callers of each instance at once.
async fn everybody_calls(fleet: &Fleet, instances: &[Instance], callers: usize, done: &AtomicUsize) -> Samples {
    let calls = instances.iter().flat_map(|instance| (0..callers).map(|n| (n, instance.url(CALL))));
    let calls = calls.map(|(n, url)| async move {
        let sample = Sample::of(n as u64, fleet.get(url)).await;
        done.fetch_add(1, Ordering::SeqCst);
        sample
    });
    Samples(join_all(calls).await)
}

/// The last call so far, and how many fetches came after it was.
struct Mark<'a>(&'a Fleet, u64);

impl<'a> Mark<'a> {
    fn now(fleet: &'a Fleet) -> Self {
        Self(fleet, fleet.emulator.engine().ledger(None, 0).last().map_or(0, |call| call.id))
    }

    fn fetches(&self) -> usize {
        self.0.emulator.engine().ledger(Some(FETCH), self.1).len()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_fetch_for_each_expiry() {
    let Some((fleet, instances)) = fleet().await else { return };
    let (expiries, begun) = (figure(50, 1000), Instant::now());
    let mut all = Samples::default();
    for expiry in 1..=expiries {
        let mark = Mark::now(&fleet);
        let samples = everybody_calls(&fleet, &instances, 64, &AtomicUsize::new(0)).await;
        let failed = samples.but(Sample::is_good);
        assert!(failed.is_empty(), "expiry {expiry}: {} failed, such as {:?}", failed.len(), failed[0]);
        assert_eq!(mark.fetches(), 1, "fetches at expiry {expiry}");
        all.0.extend(samples.0);
        fleet.emulator.advance(Duration::from_secs(LIFE_S));
    }
    let db = fleet.look().await;
    let held = db.number("SELECT generation FROM account_token WHERE kind LIKE 'access%' AND fetch_count > 0").await;
    assert_eq!(held, expiries, "one generation for each fetch");
    say(format!("FI-05 {expiries} expiries × 3 × 64 callers in {:.0?}: 1 fetch each; {all}", begun.elapsed()));
}

#[tokio::test(flavor = "multi_thread")]
async fn one_fetch_for_each_early_end_with_calls_on_their_way() {
    let Some((fleet, instances)) = fleet().await else { return };
    everybody_calls(&fleet, &instances, 1, &AtomicUsize::new(0)).await;
    let (thefts, begun) = (figure(20, 100), Instant::now());
    let mut all = Samples::default();
    for theft in 1..=thefts {
        let (mark, done) = (Mark::now(&fleet), AtomicUsize::new(0));
        let thief = async {
            while done.load(Ordering::SeqCst) < 60 {
                sleep(Duration::from_millis(1)).await;
            }
            fleet.emulator.steal_token("official");
        };
        let (samples, ()) = tokio::join!(everybody_calls(&fleet, &instances, 100, &done), thief);
        let failed = samples.but(Sample::is_good);
        assert!(failed.is_empty(), "theft {theft}: {} failed, such as {:?}", failed.len(), failed[0]);
        // Whoever was not called since finds out now.
        let after = everybody_calls(&fleet, &instances, 1, &done).await;
        assert!(after.but(Sample::is_good).is_empty());
        assert_eq!(mark.fetches(), 1, "fetches after theft {theft}");
        all.0.extend(samples.0);
    }
    say(format!("FI-05 {thefts} early ends, 300 calls on their way: 1 fetch each in {:.0?}; {all}", begun.elapsed()));
}

/// The holder of the right to fetch has the new token in hand and stands still, longer than its right lasts.
#[tokio::test(flavor = "multi_thread")]
async fn a_holder_that_stood_still_stores_nothing_afterwards() {
    let Some(mut fleet) = Fleet::start().await else { return };
    let database = url::Url::parse(&fleet.database).unwrap();
    let wire = Proxy::to(([127, 0, 0, 1], database.port().unwrap()).into()).await;
    let mut through = database.clone();
    through.set_port(Some(wire.address.port())).unwrap();
    let others = fleet.instance(&[]).await;
    fleet.set("DATABASE_URL", through.as_str());
    let holder = fleet.instance(&[]).await;

    // Its fetch takes a moment; meanwhile its way to the database is closed, so that what it fetched is not stored.
    fleet.emulator.fault(weixin_emulator::Fault::on(FETCH).times(1).delay_ms(1_000).deliver());
    let asked = tokio::spawn(Sample::of(0, fleet.get(holder.url(CALL))));
    let mark = Mark(&fleet, 0);
    until("the fetch", Duration::from_secs(20), async || (mark.fetches() == 1).then_some(())).await;
    wire.set(Wire::Still);
    sleep(Duration::from_millis(1_500)).await;
    holder.signal(Signal::STOP);
    let stopped = Instant::now();

    let url = || others.url(CALL);
    let ((), waited) = until("somebody takes over", Duration::from_secs(60), async || {
        Sample::of(0, fleet.get(url())).await.is_good().then_some(())
    })
    .await;
    assert_eq!(mark.fetches(), 2, "one more fetch, by whoever took over");
    let db = fleet.look().await;
    let stored = "SELECT generation || '/' || fence || '/' || encode(sealed, 'hex') FROM account_token \
                  WHERE kind LIKE 'access%' AND generation > 0";
    let before = db.texts(stored).await;
    assert_eq!(before.len(), 1);
    assert!(before[0].starts_with("1/2/"), "generation 1 with the second right: {}", &before[0][..8]);

    holder.signal(Signal::CONT);
    wire.set(Wire::Up);
    // It answers with the token of whoever took over.
    let late = asked.await.unwrap();
    let again = until("the holder is back", Duration::from_secs(30), async || {
        Sample::of(0, fleet.get(holder.url(CALL))).await.is_good().then_some(())
    });
    let ((), back) = again.await;
    assert_eq!(db.texts(stored).await, before, "the late store changed nothing");
    assert_eq!(mark.fetches(), 2, "and nothing was fetched again");
    let sent = fleet.emulator.ledger("/cgi-bin/menu/get");
    let newest = sent.last().unwrap().token.clone().unwrap();
    say(format!(
        "FI-05 holder stopped {:.1?} between fetch and store: taken over after {waited:.1?}, its own caller got {:?} \
         after {:.1?}, itself good again after {back:.1?}, generation {} unchanged; newest use {:?}",
        stopped.elapsed(),
        late.status,
        late.took,
        &before[0][..1],
        newest.status,
    ));
}
