//! How tries end, and lanes that have to wait.

use rstest::rstest;
use weiqiao_model::{JobStatus, Verdict};
use weiqiao_store::facts::job::{
    AttemptResult, ClaimedJob, DueLanes, HoldLane, JobHold, ListHolds, ReleaseHold, SettleJob,
};

use crate::job::{KIND, add, claim, claimed, find, job, start};
use crate::support::{Db, Engine, HOUR, MINUTE, NOW, OFFICIAL, SECOND, together};

fn settle(job: &ClaimedJob, n: i64, status: JobStatus, verdict: Verdict, now: i64) -> SettleJob {
    let attempt = AttemptResult { verdict, http_status: Some(200), errcode: None, errmsg: None, answer: None };
    SettleJob {
        id: job.id.clone(),
        fence: job.fence,
        n,
        status,
        next_at: None,
        counts: true,
        attempt: (n > 0).then_some(attempt),
        errcode: None,
        error: None,
        reference: None,
        hold: None,
        free: None,
        now,
    }
}

pub(crate) fn sent(job: &ClaimedJob, n: i64, now: i64) -> SettleJob {
    settle(job, n, JobStatus::Sent, Verdict::Sent, now)
}

pub(crate) fn failed(job: &ClaimedJob, n: i64, next_at: i64, now: i64) -> SettleJob {
    SettleJob { next_at: Some(next_at), ..settle(job, n, JobStatus::Retrying, Verdict::Failed, now) }
}

pub(crate) fn ended(job: &ClaimedJob, n: i64, status: JobStatus, now: i64) -> SettleJob {
    settle(job, n, status, Verdict::Refused, now)
}

#[rstest]
#[tokio::test]
async fn every_try_and_its_end_can_be_read(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let Some(db) = Db::fresh(engine).await else { return };
    let ids = add(&db, vec![job(NOW)]).await;
    let first = claimed(&db, "a", NOW).await.remove(0);
    let n = start(&db, &first, "a", NOW).await.unwrap();
    let busy = SettleJob {
        errcode: Some(-1),
        error: Some("system error".into()),
        attempt: Some(AttemptResult {
            verdict: Verdict::Failed,
            http_status: Some(200),
            errcode: Some(-1),
            errmsg: Some("system error".into()),
            answer: Some(b"sealed answer".to_vec()),
        }),
        ..failed(&first, n, NOW + 5 * SECOND, NOW + 80)
    };
    assert!(db.run(busy).await);
    let waiting = find(&db, &ids[0]).await.job;
    assert_eq!((waiting.status, waiting.next_at), (JobStatus::Retrying, Some(NOW + 5 * SECOND)));
    assert_eq!((waiting.last_errcode, waiting.last_error.as_deref()), (Some(-1), Some("system error")));

    let second = claimed(&db, "b", NOW + 5 * SECOND).await.remove(0);
    assert_eq!((second.attempts, second.tries, second.uncertain_attempts, second.fence), (1, 1, 0, 2));
    let n = start(&db, &second, "b", NOW + 5 * SECOND).await.unwrap();
    let done = SettleJob { reference: Some("msgid-7".into()), ..sent(&second, n, NOW + 6 * SECOND) };
    assert!(db.run(done.clone()).await);
    assert!(!db.run(done).await, "an end is final");
    let detail = find(&db, &ids[0]).await;
    assert_eq!((detail.job.status, detail.job.finished_at), (JobStatus::Sent, Some(NOW + 6 * SECOND)));
    assert_eq!((detail.job.reference.as_deref(), detail.job.last_error), (Some("msgid-7"), None));
    let tries: Vec<_> = detail.attempts.iter().map(|a| (a.n, a.verdict, a.errcode, a.finished_at)).collect();
    assert_eq!(
        tries,
        [(1, Some(Verdict::Failed), Some(-1), Some(NOW + 80)), (2, Some(Verdict::Sent), None, Some(NOW + 6 * SECOND))]
    );
    assert_eq!(detail.attempts[0].answer.as_deref(), Some(&b"sealed answer"[..]));
}

#[rstest]
#[tokio::test]
async fn a_job_may_end_without_a_try_and_a_try_need_not_count(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let Some(db) = Db::fresh(engine).await else { return };
    let ids = add(&db, vec![job(NOW), job(NOW)]).await;
    let mine = claimed(&db, "a", NOW).await;
    assert!(db.run(settle(&mine[0], 0, JobStatus::Skipped, Verdict::Refused, NOW)).await);
    let skipped = find(&db, &mine[0].id).await;
    assert_eq!((skipped.job.status, skipped.attempts.len()), (JobStatus::Skipped, 0));
    let n = start(&db, &mine[1], "a", NOW).await.unwrap();
    db.run(SettleJob { counts: false, ..failed(&mine[1], n, NOW, NOW) }).await;
    let again = claimed(&db, "a", NOW).await.remove(0);
    assert_eq!((again.attempts, again.tries), (1, 0));
    assert_eq!(ids.len(), 2);
}

fn hold(until: i64, failures: i64) -> HoldLane {
    let (account, kind, reason) = (OFFICIAL.into(), KIND.into(), "account".into());
    HoldLane { account, kind, reason, errcode: Some(40125), until, failures }
}

#[rstest]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_held_lane_waits_and_then_one_job_tries(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let Some(db) = Db::fresh(engine).await else { return };
    add(&db, (0..9).map(|_| job(NOW)).collect()).await;
    let mut first = db.run(claim("a", NOW, 2)).await.jobs;
    for job in first.drain(..) {
        let n = start(&db, &job, "a", NOW).await.unwrap();
        let until = if n == 1 { NOW + MINUTE } else { NOW };
        db.run(SettleJob { hold: Some(hold(until, 1)), counts: false, ..failed(&job, n, NOW, NOW) }).await;
    }
    let waiting = db.run(claim("a", NOW + 1, 9)).await;
    assert_eq!((waiting.jobs, waiting.held_until), (Vec::new(), Some(NOW + MINUTE)));
    let holds = db.store.read(ListHolds).await.unwrap();
    let expected = JobHold {
        account: OFFICIAL.into(),
        kind: KIND.into(),
        reason: "account".into(),
        errcode: Some(40125),
        until: NOW + MINUTE,
        failures: 1,
        since: NOW,
    };
    assert_eq!(holds, [expected]);
    let lanes = db.store.read(DueLanes { kinds: vec![KIND.into()] }).await.unwrap();
    assert_eq!((lanes[0].next_at, lanes[0].held), (NOW + MINUTE, true));

    // Of all who ask when the time is over, one gets one job.
    let instances = [db.store.clone(), db.another().await];
    let answers = together(&instances, 8, |number| claim(&format!("o{number}"), NOW + MINUTE, 9)).await;
    let probes: Vec<_> = answers.into_iter().flat_map(|answer| answer.unwrap().jobs).collect();
    assert_eq!(probes.iter().map(|job| job.probe).collect::<Vec<_>>(), [Some(1)]);
    let still = db.run(claim("a", NOW + MINUTE + 1, 9)).await;
    assert_eq!((still.jobs.len(), still.held_until), (0, Some(NOW + 2 * MINUTE)));

    // It goes well: the lane is free.
    let probe = &probes[0];
    let owner = (0..8).map(|number| format!("o{number}"));
    let mut n = None;
    for owner in owner {
        n = n.or(start(&db, probe, &owner, NOW + MINUTE + 1).await);
    }
    let free = Some((OFFICIAL.to_owned(), KIND.to_owned()));
    db.run(SettleJob { free, ..sent(probe, n.unwrap(), NOW + MINUTE + 2) }).await;
    assert_eq!(db.run(claim("a", NOW + MINUTE + 3, 9)).await.jobs.len(), 8);
}

#[rstest]
#[tokio::test]
async fn a_person_ends_a_hold(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let Some(db) = Db::fresh(engine).await else { return };
    add(&db, vec![job(NOW)]).await;
    let mine = claimed(&db, "a", NOW).await.remove(0);
    let n = start(&db, &mine, "a", NOW).await.unwrap();
    db.run(SettleJob { hold: Some(hold(NOW + HOUR, 1)), ..failed(&mine, n, NOW, NOW) }).await;
    assert_eq!(claimed(&db, "a", NOW + 1).await, []);
    let free = ReleaseHold { account: OFFICIAL.into(), kind: KIND.into() };
    assert!(db.run(free.clone()).await);
    assert!(!db.run(free).await);
    assert_eq!(claimed(&db, "a", NOW + 1).await.len(), 1);
}
