//! Long queues.

use std::collections::HashSet;
use std::time::Duration;

use rstest::rstest;
use weiqiao_store::facts::job::{AddJobs, ClaimJobs, NewJob};

use crate::job::{add, claim, claimed, job};
use crate::support::{Db, Engine, HOUR, NOW, OFFICIAL, within};

/// Whatever is in front of the queue, what is claimed is what the rule says; `waiting` keys have a job that is not due yet.
#[rstest]
#[tokio::test]
async fn a_long_queue_is_claimed_by_the_same_rule(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
    #[values(0, 1_100)] waiting: usize,
) {
    let Some(db) = Db::fresh(engine).await else { return };
    let keyed = |key: String, run_at| NewJob { serial_key: Some(key), ..job(run_at) };
    // 500 of one recipient first, then others that come several times, jobs without a key, and another lane's.
    let mut jobs: Vec<NewJob> = (0..500).map(|number| keyed("hot".into(), NOW - 10_000 + number % 7)).collect();
    jobs.extend((0..90).map(|number| keyed(format!("key-{}", number * 7 % 30), NOW - 5_000 + number % 11)));
    jobs.extend((0..10).map(|number| job(NOW - 5_000 + number)));
    jobs.extend((0..9).map(|number| NewJob { account: "wx9".into(), ..keyed(format!("key-{number}"), NOW - 9_000) }));
    jobs.extend((0..waiting).map(|number| keyed(format!("later-{number}"), NOW + HOUR)));
    db.run(AddJobs { jobs: jobs.clone() }).await;
    jobs.retain(|job| job.run_at <= NOW);
    jobs.sort_by(|a, b| (a.run_at, &a.id).cmp(&(b.run_at, &b.id)));
    let mut under_way = HashSet::new();
    for limit in [3, 1, 60, 60] {
        let mut seen = HashSet::new();
        let wanted: Vec<String> = jobs
            .iter()
            .filter(|job| job.account == OFFICIAL)
            .filter(|job| {
                job.serial_key.as_ref().is_none_or(|key| seen.insert(key.clone()) && !under_way.contains(key))
            })
            .take(limit)
            .map(|job| job.id.clone())
            .collect();
        let got = db.run(claim("a", NOW, u32::try_from(limit).unwrap())).await.jobs;
        assert_eq!(got.into_iter().map(|job| job.id).collect::<Vec<_>>(), wanted, "{limit}");
        for gone in jobs.extract_if(.., |job| wanted.contains(&job.id)) {
            under_way.extend(gone.serial_key);
        }
    }
    assert_eq!(under_way.len(), 1 + 30, "of each key one");
    // The other lane's nine were due before all of those, and wait for them all the same.
    assert_eq!(db.run(ClaimJobs { account: "wx9".into(), ..claim("a", NOW, 60) }).await.jobs, []);
}

/// Where every job of a key is compared with every other, Postgres gives up after five seconds and SQLite works for half a minute.
#[rstest]
#[tokio::test]
async fn a_recipient_with_twenty_thousand_jobs_does_not_hold_up_the_others(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let Some(db) = Db::fresh(engine).await else { return };
    // The newest is due first: the order of the ids does not help.
    let hot = |number: i64| NewJob { serial_key: Some("hot".into()), ..job(NOW - HOUR - number) };
    let mut last = String::new();
    for portion in 0..20 {
        let ids = add(&db, (0..1_000).map(|number| hot(portion * 1_000 + number)).collect()).await;
        last.clone_from(&ids[999]);
    }
    let others = (0..5).map(|number| NewJob { serial_key: Some(format!("key-{number}")), ..job(NOW) });
    let others = add(&db, others.collect()).await;
    let claims = async {
        let first = claimed(&db, "a", NOW).await;
        assert_eq!(first[0].id, last);
        assert_eq!(first[1..].iter().map(|job| &job.id).collect::<Vec<_>>(), others.iter().collect::<Vec<_>>());
        assert_eq!(claimed(&db, "a", NOW).await, []);
    };
    within(Duration::from_secs(10), claims).await;
}
