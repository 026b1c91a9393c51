//! Jobs: written with what makes them necessary, done by one, never silently lost.

use std::sync::atomic::{AtomicU64, Ordering};

use rstest::rstest;
use weiqiao_model::{JobStatus, Verdict};
use weiqiao_store::facts::job::{
    AddJobs, CancelJob, CancelJobs, ClaimJobs, ClaimedJob, CountJobs, DueLanes, FindJob, JobChange, JobDetail,
    LaneClaim, ListJobs, NewJob, OpenJobs, RecoverJobs, ReleaseJobs, RenewLeases, RetryJob, StartAttempt, SweepJobs,
    SweepLeases, UncertainRule,
};

use crate::support::{DAY, Db, Engine, HOUR, MINUTE, NOW, OFFICIAL, SECOND};

pub(crate) const KIND: &str = "customer_message";
const LEASE: i64 = 30 * SECOND;

pub(crate) fn job(run_at: i64) -> NewJob {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    NewJob {
        // In order also within one millisecond.
        id: format!("01991918-f54b-7000-8000-{:012}", NEXT.fetch_add(1, Ordering::Relaxed)),
        kind: KIND,
        account: OFFICIAL.into(),
        serial_key: None,
        origin: Some("inbox:1".into()),
        payload: b"sealed".to_vec(),
        run_at,
        expires_at: NOW + DAY,
        created_at: NOW,
    }
}

pub(crate) fn claim(owner: &str, now: i64, limit: u32) -> ClaimJobs {
    ClaimJobs {
        kind: KIND.into(),
        account: OFFICIAL.into(),
        owner: owner.into(),
        lease_ms: LEASE,
        probe_ms: MINUTE,
        limit,
        now,
    }
}

pub(crate) async fn add(db: &Db, jobs: Vec<NewJob>) -> Vec<String> {
    let ids = jobs.iter().map(|job| job.id.clone()).collect();
    db.run(AddJobs { jobs }).await;
    ids
}

pub(crate) async fn claimed(db: &Db, owner: &str, now: i64) -> Vec<ClaimedJob> {
    db.run(claim(owner, now, 10)).await.jobs
}

pub(crate) async fn start(db: &Db, job: &ClaimedJob, owner: &str, now: i64) -> Option<i64> {
    db.run(StartAttempt { id: job.id.clone(), fence: job.fence, owner: owner.into(), now }).await
}

pub(crate) async fn find(db: &Db, id: &str) -> JobDetail {
    db.store.read(FindJob { id: id.to_owned() }).await.unwrap().unwrap()
}

async fn status(db: &Db, id: &str) -> JobStatus {
    find(db, id).await.job.status
}

fn sweep(now: i64, rules: Vec<UncertainRule>) -> SweepLeases {
    SweepLeases { rules, lapsed_by: now, but: String::new(), reason: "it died".into(), limit: 100, now }
}

fn retry_at(retry_at: i64, max_tries: i64) -> Vec<UncertainRule> {
    vec![UncertainRule { kind: KIND.into(), retry_at, max_tries }]
}

#[rstest]
#[tokio::test]
async fn a_job_is_claimed_when_it_is_due_and_once(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let Some(db) = Db::fresh(engine).await else { return };
    let ids = add(&db, vec![job(NOW), job(NOW + MINUTE), job(NOW - 1)]).await;
    let first = claimed(&db, "a", NOW).await;
    // The longest due first.
    assert_eq!(first.iter().map(|job| &job.id).collect::<Vec<_>>(), [&ids[2], &ids[0]]);
    assert_eq!((first[0].fence, first[0].attempts, first[0].tries, first[0].probe), (1, 0, 0, None));
    assert_eq!((first[0].payload.as_slice(), first[0].origin.as_deref()), (&b"sealed"[..], Some("inbox:1")));
    assert_eq!(status(&db, &ids[0]).await, JobStatus::Sending);
    assert_eq!(claimed(&db, "b", NOW).await, []);
    let others = ClaimJobs { account: "wx9".into(), ..claim("b", NOW + HOUR, 10) };
    assert_eq!(db.run(others).await, LaneClaim::default());
    let others = ClaimJobs { kind: "webhook".into(), ..claim("b", NOW + HOUR, 10) };
    assert_eq!(db.run(others).await, LaneClaim::default());
    assert_eq!(claimed(&db, "b", NOW + MINUTE).await[0].id, ids[1]);
    let twice = db.store.run(AddJobs { jobs: vec![NewJob { id: ids[0].clone(), ..job(NOW) }] }).await.unwrap_err();
    assert_eq!(twice.kind(), weiqiao_store::StoreErrorKind::Conflict);
}

#[rstest]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn parallel_claimers_never_get_the_same_job(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let Some(db) = Db::fresh(engine).await else { return };
    // Half of them in ten serial keys.
    let keyed = |number: i64| (number % 2 == 0).then(|| format!("key-{}", number % 20));
    add(&db, (0..200).map(|number| NewJob { serial_key: keyed(number), ..job(NOW - number) }).collect()).await;
    let instances = [db.store.clone(), db.another().await, db.another().await];
    let mut claiming = tokio::task::JoinSet::new();
    for number in 0..24 {
        let (store, owner) = (instances[number % 3].clone(), format!("owner-{number}"));
        claiming.spawn(async move {
            let mut mine = Vec::new();
            for _ in 0..8 {
                match store.run(claim(&owner, NOW, 4)).await {
                    Ok(claim) => mine.extend(claim.jobs.into_iter().map(|job| job.id)),
                    // Two met over one key.
                    Err(error) => assert_eq!(error.kind(), weiqiao_store::StoreErrorKind::Conflict, "{error}"),
                }
            }
            mine
        });
    }
    let mut ids: Vec<_> = claiming.join_all().await.into_iter().flatten().collect();
    let count = ids.len();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), count, "a job was claimed twice");
    // All without a key, and of each key exactly one.
    assert_eq!(count, 110);
}

#[rstest]
#[tokio::test]
async fn jobs_of_one_key_run_one_after_another(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let Some(db) = Db::fresh(engine).await else { return };
    let keyed = |run_at| NewJob { serial_key: Some("recipient".into()), ..job(run_at) };
    let ids = add(&db, vec![keyed(NOW + 1), keyed(NOW), job(NOW)]).await;
    let first = claimed(&db, "a", NOW + 1).await;
    // Of the key the one that has been due the longest, and the one without a key.
    assert_eq!(first.iter().map(|job| &job.id).collect::<Vec<_>>(), [&ids[1], &ids[2]]);
    assert_eq!(claimed(&db, "b", NOW + 1).await, []);
    let n = start(&db, &first[0], "a", NOW + 1).await.unwrap();
    db.run(crate::job_outcome::failed(&first[0], n, NOW + MINUTE, NOW + 2)).await;
    // One that waits for a later try does not hold up the next one.
    assert_eq!(claimed(&db, "b", NOW + 3).await[0].id, ids[0]);
    assert_eq!(claimed(&db, "a", NOW + MINUTE).await, []);
}

#[rstest]
#[tokio::test]
async fn what_is_past_its_time_is_not_done(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let Some(db) = Db::fresh(engine).await else { return };
    let ids = add(&db, vec![NewJob { expires_at: NOW + SECOND, ..job(NOW) }, job(NOW)]).await;
    let answer = db.run(claim("a", NOW + SECOND, 10)).await;
    assert_eq!((answer.expired, answer.jobs.len(), &answer.jobs[0].id), (1, 1, &ids[1]));
    let expired = find(&db, &ids[0]).await.job;
    assert_eq!((expired.status, expired.next_at, expired.finished_at), (JobStatus::Expired, None, Some(NOW + SECOND)));
}

#[rstest]
#[tokio::test]
async fn a_try_is_written_down_before_it_is_made_and_only_by_the_holder(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let Some(db) = Db::fresh(engine).await else { return };
    let ids = add(&db, vec![job(NOW)]).await;
    let mine = claimed(&db, "a", NOW).await.remove(0);
    assert_eq!(start(&db, &mine, "b", NOW).await, None, "somebody else");
    assert_eq!(start(&db, &ClaimedJob { fence: 0, ..mine.clone() }, "a", NOW).await, None, "an old fence");
    assert_eq!(start(&db, &mine, "a", NOW + LEASE).await, None, "the lease is over");
    assert_eq!(start(&db, &mine, "a", NOW + 5).await, Some(1));
    let detail = find(&db, &ids[0]).await;
    let attempt = &detail.attempts[0];
    assert_eq!((attempt.n, attempt.owner.as_str(), attempt.started_at, attempt.verdict), (1, "a", NOW + 5, None));
    assert_eq!((detail.job.attempts, detail.payload.as_slice()), (1, &b"sealed"[..]));
}

/// A process that was paused past its lease makes no call any more, and what it wrote before the pause is an uncertainty.
#[rstest]
#[tokio::test]
async fn a_paused_owner_is_refused(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let Some(db) = Db::fresh(engine).await else { return };
    add(&db, vec![job(NOW), job(NOW)]).await;
    let paused = claimed(&db, "a", NOW).await;
    assert_eq!(start(&db, &paused[0], "a", NOW).await, Some(1));
    let later = NOW + LEASE + 1;
    assert_eq!(claimed(&db, "b", later).await, [], "not before the sweep has judged");
    let swept = db.run(sweep(later, retry_at(later + MINUTE, 7))).await;
    let uncertain = |job: &ClaimedJob| swept.iter().find(|swept| swept.id == job.id).map(|swept| swept.uncertain);
    assert_eq!((uncertain(&paused[0]), uncertain(&paused[1])), (Some(true), Some(false)));
    let judged = find(&db, &paused[0].id).await;
    assert_eq!((judged.job.status, judged.job.next_at), (JobStatus::Uncertain, Some(later + MINUTE)));
    assert_eq!(judged.attempts[0].verdict, Some(Verdict::Uncertain));
    assert_eq!(judged.job.last_error.as_deref(), Some("it died"));

    let taken = claimed(&db, "b", later).await;
    assert_eq!((taken.len(), &taken[0].id, taken[0].fence), (1, &paused[1].id, 2));
    // "a" wakes up: it may neither begin nor end.
    assert_eq!(start(&db, &paused[1], "a", later).await, None);
    assert!(!db.run(crate::job_outcome::sent(&paused[1], 0, later)).await);
    assert_eq!(status(&db, &paused[1].id).await, JobStatus::Sending);
    // But its late answer still ends an uncertainty nobody has taken up.
    assert!(db.run(crate::job_outcome::sent(&paused[0], 1, later)).await);
    assert_eq!(status(&db, &paused[0].id).await, JobStatus::Sent);
    // And never twice.
    assert!(!db.run(crate::job_outcome::failed(&paused[0], 1, later, later)).await);
}

#[rstest]
#[tokio::test]
async fn an_uncertain_job_that_is_tried_again_says_so(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let Some(db) = Db::fresh(engine).await else { return };
    let ids = add(&db, vec![job(NOW)]).await;
    for (crash, now) in [(1, NOW), (2, NOW + HOUR)] {
        let mine = claimed(&db, "a", now).await.remove(0);
        assert_eq!((mine.attempts, mine.tries, mine.uncertain_attempts), (crash - 1, crash - 1, crash - 1));
        start(&db, &mine, "a", now).await.unwrap();
        db.run(sweep(now + LEASE, retry_at(now + MINUTE, 2))).await;
    }
    // A job that kills whoever tries it is not tried for ever.
    let job = find(&db, &ids[0]).await.job;
    assert_eq!((job.status, job.next_at, job.finished_at), (JobStatus::Uncertain, None, None));
    // Kinds without a rule wait for a person at once.
    let ids = add(&db, vec![job_of("webhook")]).await;
    let mine = db.run(ClaimJobs { kind: "webhook".into(), ..claim("a", NOW, 1) }).await.jobs.remove(0);
    start(&db, &mine, "a", NOW).await.unwrap();
    db.run(sweep(NOW + LEASE, retry_at(NOW, 9))).await;
    assert_eq!(find(&db, &ids[0]).await.job.next_at, None);
}

fn job_of(kind: &'static str) -> NewJob {
    NewJob { kind, ..job(NOW) }
}

#[rstest]
#[tokio::test]
async fn whoever_is_alive_keeps_its_leases_and_whoever_stops_gives_them_back(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let Some(db) = Db::fresh(engine).await else { return };
    add(&db, vec![job(NOW), job(NOW)]).await;
    let mine = claimed(&db, "a", NOW).await;
    let ids: Vec<String> = mine.iter().map(|job| job.id.clone()).collect();
    let renew = |now| RenewLeases { owner: "a".into(), ids: ids.clone(), lease_ms: LEASE, now };
    assert_eq!(db.run(renew(NOW + 10 * SECOND)).await, 2);
    assert_eq!(db.run(RenewLeases { owner: "b".into(), ..renew(NOW + 11 * SECOND) }).await, 0, "not b's");
    assert_eq!(db.run(sweep(NOW + LEASE, Vec::new())).await, []);
    assert_eq!(db.run(renew(NOW + 3 * LEASE)).await, 0, "what is over is not prolonged");
    start(&db, &mine[0], "a", NOW + LEASE).await.unwrap();
    let release = ReleaseJobs { owner: "a".into(), now: NOW + LEASE };
    assert_eq!(db.run(release.clone()).await, 1, "the one with a try under way stays");
    assert_eq!(db.run(ReleaseJobs { owner: "b".into(), ..release }).await, 0);
    assert_eq!(status(&db, &mine[0].id).await, JobStatus::Sending);
    assert_eq!(status(&db, &mine[1].id).await, JobStatus::Queued);
    assert_eq!(claimed(&db, "b", NOW + LEASE).await[0].id, mine[1].id);
    // At the start on SQLite everybody else is dead.
    let all = SweepLeases { but: "b".into(), lapsed_by: i64::MAX, ..sweep(NOW + LEASE, Vec::new()) };
    let swept = db.run(all).await;
    assert_eq!(swept.iter().map(|swept| (&swept.id, swept.uncertain)).collect::<Vec<_>>(), [(&mine[0].id, true)]);
}

#[rstest]
#[tokio::test]
async fn a_job_that_is_held_and_not_done_is_free_when_the_lease_ends(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let Some(db) = Db::fresh(engine).await else { return };
    add(&db, vec![job(NOW), job(NOW)]).await;
    let mine = claimed(&db, "a", NOW).await;
    // The connection broke during the claim: its owner never heard that it has the second one.
    let renew =
        RenewLeases { owner: "a".into(), ids: vec![mine[0].id.clone()], lease_ms: LEASE, now: NOW + 10 * SECOND };
    assert_eq!(db.run(renew).await, 1);
    let swept = db.run(sweep(NOW + LEASE, Vec::new())).await;
    assert_eq!(swept.iter().map(|swept| (&swept.id, swept.uncertain)).collect::<Vec<_>>(), [(&mine[1].id, false)]);
    assert_eq!(claimed(&db, "a", NOW + LEASE).await[0].id, mine[1].id);
}

#[rstest]
#[tokio::test]
async fn people_retry_and_cancel_what_is_not_under_way(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let Some(db) = Db::fresh(engine).await else { return };
    let ids = add(&db, vec![job(NOW + HOUR), job(NOW)]).await;
    let retry = |id: &str, now| RetryJob { id: id.into(), expires_at: now + DAY, now };
    let cancel = |id: &str, now| CancelJob { id: id.into(), now };
    // Waiting: may be hurried and called off.
    assert_eq!(db.run(retry(&ids[0], NOW)).await, JobChange::Done);
    assert_eq!(find(&db, &ids[0]).await.job.next_at, Some(NOW));
    assert_eq!(db.run(cancel(&ids[0], NOW)).await, JobChange::Done);
    assert_eq!(db.run(cancel(&ids[0], NOW)).await, JobChange::NotNow(JobStatus::Cancelled));
    // Under way: neither.
    let mine = claimed(&db, "a", NOW).await.remove(0);
    assert_eq!(db.run(retry(&mine.id, NOW)).await, JobChange::NotNow(JobStatus::Sending));
    assert_eq!(db.run(cancel(&mine.id, NOW)).await, JobChange::NotNow(JobStatus::Sending));
    // Dead: begins anew, with time enough.
    let n = start(&db, &mine, "a", NOW).await.unwrap();
    db.run(crate::job_outcome::ended(&mine, n, JobStatus::Dead, NOW)).await;
    let later = NOW + 5 * DAY;
    assert_eq!(db.run(retry(&mine.id, later)).await, JobChange::Done);
    let again = claimed(&db, "a", later).await.remove(0);
    assert_eq!((again.id.as_str(), again.attempts, again.tries), (mine.id.as_str(), 1, 0));
    assert_eq!(again.expires_at, later + DAY);
    // Done: never again.
    let n = start(&db, &again, "a", later).await.unwrap();
    assert!(db.run(crate::job_outcome::sent(&again, n, later)).await);
    assert_eq!(db.run(retry(&mine.id, later)).await, JobChange::NotNow(JobStatus::Sent));
    assert_eq!(db.run(retry("nobody", later)).await, JobChange::Unknown);
}

#[rstest]
#[tokio::test]
async fn what_failed_since_then_is_recovered(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let Some(db) = Db::fresh(engine).await else { return };
    let at = |created_at| NewJob { created_at, ..job(NOW) };
    add(&db, vec![at(NOW - HOUR), at(NOW), at(NOW + 1), at(NOW + 2), at(NOW + 3)]).await;
    let ends = [JobStatus::Dead, JobStatus::Dead, JobStatus::Refused, JobStatus::Sent, JobStatus::Uncertain];
    let mut mine = claimed(&db, "a", NOW).await;
    mine.sort_by_key(|job| job.created_at);
    for (job, end) in mine.iter().zip(ends) {
        let n = start(&db, job, "a", NOW).await.unwrap();
        db.run(crate::job_outcome::ended(job, n, end, NOW)).await;
    }
    let recover = RecoverJobs {
        kind: KIND.into(),
        account: None,
        statuses: vec![JobStatus::Dead, JobStatus::Expired, JobStatus::Sent, JobStatus::Uncertain],
        since: NOW,
        expires_at: NOW + DAY,
        limit: 100,
        now: NOW + MINUTE,
    };
    assert_eq!(db.run(RecoverJobs { account: Some("wx9".into()), ..recover.clone() }).await, 0);
    assert_eq!(db.run(recover.clone()).await, 2);
    assert_eq!(db.run(recover).await, 0, "once");
    let mut again: Vec<_> = claimed(&db, "a", NOW + MINUTE).await.into_iter().map(|job| job.id).collect();
    again.sort();
    let mut wanted = vec![mine[1].id.clone(), mine[4].id.clone()];
    wanted.sort();
    assert_eq!(again, wanted);
}

#[rstest]
#[tokio::test]
async fn the_list_counts_and_filters(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let Some(db) = Db::fresh(engine).await else { return };
    let hook = NewJob { kind: "webhook", account: "endpoint-1".into(), origin: None, ..job(NOW + HOUR) };
    let ids = add(&db, vec![job(NOW), NewJob { created_at: NOW + 1, ..job(NOW + HOUR) }, hook]).await;
    let list = ListJobs { page: 1, page_size: 20, ..ListJobs::default() };
    let of = |wanted: ListJobs| async {
        let page = db.store.read(wanted).await.unwrap();
        assert_eq!(page.total, page.items.len() as u64);
        page.items.into_iter().map(|job| job.id).collect::<Vec<_>>()
    };
    assert_eq!(of(list.clone()).await.len(), 3);
    assert_eq!(of(list.clone()).await[0], ids[1], "the newest first");
    assert_eq!(of(ListJobs { kind: Some("webhook".into()), ..list.clone() }).await, [ids[2].clone()]);
    assert_eq!(of(ListJobs { account: Some("endpoint-1".into()), ..list.clone() }).await, [ids[2].clone()]);
    assert_eq!(of(ListJobs { origin: Some("inbox:1".into()), ..list.clone() }).await.len(), 2);
    assert_eq!(of(ListJobs { since: Some(NOW + 1), ..list.clone() }).await, [ids[1].clone()]);
    assert_eq!(of(ListJobs { until: Some(NOW + 1), ..list.clone() }).await.len(), 2);
    claimed(&db, "a", NOW).await;
    let sending = ListJobs { status: Some(JobStatus::Sending), ..list.clone() };
    assert_eq!(of(sending.clone()).await, [ids[0].clone()]);
    assert_eq!(of(ListJobs { kind: Some("webhook".into()), ..sending }).await, [] as [String; 0]);
    let second = db.store.read(ListJobs { page: 2, page_size: 2, ..list }).await.unwrap();
    assert_eq!((second.total, second.items.len()), (3, 1));

    let OpenJobs { mut counts, due_since } = db.store.read(CountJobs).await.unwrap();
    counts.sort_by(|a, b| (&a.kind, a.status).cmp(&(&b.kind, b.status)));
    let counts: Vec<_> = counts.iter().map(|c| (c.kind.as_str(), c.status.as_str(), c.count)).collect();
    assert_eq!(counts, [(KIND, "queued", 1), (KIND, "sending", 1), ("webhook", "queued", 1)]);
    let due = |kind: &str| due_since[kind] - NOW;
    assert_eq!((due_since.len(), due(KIND), due("webhook")), (2, 0, HOUR), "made now, due in an hour");
}

#[rstest]
#[tokio::test]
async fn lanes_with_something_to_do_are_found(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let Some(db) = Db::fresh(engine).await else { return };
    let of = |account: &str, run_at| NewJob { account: account.into(), ..job(run_at) };
    let all = DueLanes { kinds: vec![KIND.into(), "webhook".into()] };
    assert_eq!(db.store.read(all.clone()).await.unwrap(), []);
    add(&db, vec![of("wx3", NOW + 2), of("wx1", NOW + 9), of("wx1", NOW + 5), of("wx2", NOW), job_of("webhook")]).await;
    let lanes = |lanes: Vec<weiqiao_store::facts::job::DueLane>| {
        let mut lanes: Vec<_> =
            lanes.into_iter().map(|lane| (lane.kind, lane.account, lane.next_at - NOW, lane.held)).collect();
        lanes.sort();
        lanes
    };
    let lane = |kind: &str, account: &str, after| (kind.to_owned(), account.to_owned(), after, false);
    let found = lanes(db.store.read(all.clone()).await.unwrap());
    assert_eq!(found, [lane(KIND, "wx1", 5), lane(KIND, "wx2", 0), lane(KIND, "wx3", 2), lane("webhook", OFFICIAL, 0)]);
    let only = DueLanes { kinds: vec!["webhook".into()] };
    assert_eq!(lanes(db.store.read(only).await.unwrap()), [lane("webhook", OFFICIAL, 0)]);
    db.run(ClaimJobs { account: "wx2".into(), ..claim("a", NOW, 9) }).await;
    let gone = CancelJobs { kind: KIND.into(), account: "wx1".into(), reason: "gone".into(), now: NOW };
    assert_eq!(db.run(gone).await, 2);
    assert_eq!(lanes(db.store.read(all).await.unwrap()), [lane(KIND, "wx3", 2), lane("webhook", OFFICIAL, 0)]);
}

#[rstest]
#[tokio::test]
async fn what_is_long_over_is_forgotten(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let Some(db) = Db::fresh(engine).await else { return };
    let ids = add(&db, vec![job(NOW), job(NOW), job(NOW), job(NOW)]).await;
    let mine = claimed(&db, "a", NOW).await;
    for (job, end) in mine.iter().zip([JobStatus::Sent, JobStatus::Dead, JobStatus::Uncertain]) {
        let n = start(&db, job, "a", NOW).await.unwrap();
        db.run(crate::job_outcome::ended(job, n, end, NOW)).await;
    }
    assert_eq!(db.run(SweepJobs { before: NOW, limit: 10 }).await, 0);
    assert_eq!(db.run(SweepJobs { before: NOW + 1, limit: 1 }).await, 1);
    assert_eq!(db.run(SweepJobs { before: NOW + 1, limit: 10 }).await, 1);
    let mut left = 0;
    for id in ids {
        left += usize::from(db.store.read(FindJob { id }).await.unwrap().is_some());
    }
    assert_eq!(left, 2, "one is uncertain, one is under way");
}
