//! The engine: every job is done, tried again, held or given up as its kind has it, and by one worker at a time. §6.8,
//! T-104, T-105, FI-12, FI-19.

use std::collections::HashMap;
use std::sync::{LazyLock, Mutex};
use std::time::Duration;

use rstest::rstest;
use serde::{Deserialize, Serialize};
use tokio::sync::{Notify, oneshot};
use weiqiao_app::jobs::{Hold, JobEntry, JobKind, OnUncertain, Outcome, Plan, Policy, SCHEDULE, Task, Wanted};
use weiqiao_app::usecase::job::{JobFilter, cancel_job, find_job, list_holds, list_jobs, release_hold, retry_job};
use weiqiao_app::worker::Worker;
use weiqiao_app::{App, Result};
use weiqiao_model::{JobStatus, Verdict};
use weiqiao_store::facts::job::{AddJobs, NewJob};

use crate::support::{Stage, World, open, word};

/// What a job of a test does, and how often it did.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Script {
    name: String,
    /// One after another; the last one goes on.
    does: Vec<String>,
}

static DONE: LazyLock<Mutex<HashMap<String, usize>>> = LazyLock::new(Mutex::default);
static RELEASE: LazyLock<Notify> = LazyLock::new(Notify::new);

fn done(name: &str) -> usize {
    DONE.lock().unwrap().get(name).copied().unwrap_or(0)
}

async fn act(script: &Script) -> Outcome {
    let round = {
        let mut done = DONE.lock().unwrap();
        let count = done.entry(script.name.clone()).or_default();
        *count += 1;
        *count - 1
    };
    let what = script.does.get(round).or(script.does.last()).unwrap().clone();
    match what.as_str() {
        "sent" => Outcome::sent().with_reference("ref-1"),
        "failed" => Outcome::failed("not now").with_errcode(-7),
        "refused" => Outcome::refused("never"),
        "uncertain" => Outcome::uncertain("lost"),
        "account" => Outcome::held(Hold::Account, "invalid appsecret").with_errcode(40125),
        "unreachable" => Outcome::held(Hold::Unreachable, "no route"),
        "tomorrow" => Outcome::held(Hold::Tomorrow, "quota").with_errcode(45009),
        "panic" => panic!("a defect"),
        "wait" => {
            RELEASE.notified().await;
            Outcome::sent()
        }
        "hang" => std::future::pending().await,
        other => panic!("{other}"),
    }
}

const fn policy(on_uncertain: OnUncertain, at_once: usize) -> Policy {
    let (expiry, time_limit) = (Duration::from_secs(24 * 3_600), Duration::from_secs(600));
    Policy { schedule: SCHEDULE, expiry, on_uncertain, time_limit, per_second: None, at_once }
}

/// An account that only another instance knows.
const ELSEWHERE: &str = "wx-elsewhere";

/// What another instance, with other settings, makes of [`Careful`].
struct KnowsAll;

impl JobKind for KnowsAll {
    const NAME: &'static str = Careful::NAME;
    const POLICY: Policy = Careful::POLICY;
    type Payload = Script;

    async fn run(_: &App, _: &Task, script: &Script) -> Outcome {
        act(script).await
    }
}

/// Waits for a person when nobody knows.
struct Careful;

impl JobKind for Careful {
    const NAME: &'static str = "careful";
    const POLICY: Policy = policy(OnUncertain::Hold, 1);
    type Payload = Script;

    fn serves(_: &App, account: &str) -> bool {
        account != ELSEWHERE
    }

    async fn wanted(_: &App, _: &Task, script: &Script) -> Result<Wanted> {
        Ok(match script.does[0].as_str() {
            "unwanted" => Wanted::No("unsubscribed".to_owned()),
            "impossible" => Wanted::Impossible("no such account".to_owned()),
            _ => Wanted::Yes,
        })
    }

    async fn run(_: &App, _: &Task, script: &Script) -> Outcome {
        act(script).await
    }
}

/// Is tried again when nobody knows.
struct Eager;

impl JobKind for Eager {
    const NAME: &'static str = "eager";
    const POLICY: Policy = policy(OnUncertain::Retry(Duration::from_secs(90)), 8);
    type Payload = Script;

    async fn run(_: &App, _: &Task, script: &Script) -> Outcome {
        act(script).await
    }
}

fn worker(app: &App) -> Worker {
    Worker::with_kinds(app.clone(), vec![JobEntry::of::<Careful>(), JobEntry::of::<Eager>()])
}

fn plan<K: JobKind<Payload = Script>>(app: &App, account: &str, name: &str, does: &[&str]) -> NewJob {
    let plan = Plan { account: account.into(), origin: Some("test:1".into()), ..Plan::default() };
    let does = does.iter().map(|word| (*word).to_owned()).collect();
    app.plan_job::<K>(plan, &Script { name: name.to_owned(), does }).unwrap()
}

async fn add(app: &App, jobs: Vec<NewJob>) {
    app.store().run(AddJobs { jobs }).await.unwrap();
}

/// Adds one job and gives its id.
async fn add_one(app: &App, job: NewJob) -> String {
    let id = job.id.clone();
    add(app, vec![job]).await;
    id
}

async fn status(app: &App, id: &str) -> JobStatus {
    find_job(app, id).await.unwrap().0.job.status
}

#[rstest]
#[tokio::test]
async fn a_job_is_done_once_and_can_be_looked_at(#[values(Stage::Embedded, Stage::Services)] stage: Stage) {
    let Some(world) = World::with(stage, open()).await else { return };
    let (app, worker) = (&world.app, worker(&world.app));
    let name = format!("once-{stage:?}");
    let id = add_one(app, plan::<Careful>(app, "wx1", &name, &["sent"])).await;
    assert_eq!(worker.run_due().await.unwrap(), 1);
    assert_eq!(worker.run_due().await.unwrap(), 0);
    assert_eq!(done(&name), 1);
    let (listed, attempts) = find_job(app, &id).await.unwrap();
    assert_eq!((listed.job.status, listed.job.reference.as_deref()), (JobStatus::Sent, Some("ref-1")));
    assert_eq!((attempts.len(), attempts[0].verdict), (1, Some(Verdict::Sent)));
    let page = list_jobs(app, JobFilter { page: 1, page_size: 20, ..JobFilter::default() }).await.unwrap();
    assert_eq!((page.total, &page.items[0].job.id), (1, &id));
    assert_eq!(word(retry_job(app, weiqiao_app::Actor::Cli, &id).await), "JOB_STATE");
    assert_eq!(word(cancel_job(app, weiqiao_app::Actor::Cli, &id).await), "JOB_STATE");
    assert_eq!(word(cancel_job(app, weiqiao_app::Actor::Cli, "nobody").await), "NOT_FOUND");
}

#[tokio::test]
async fn what_fails_is_tried_seven_times_and_then_waits_for_a_person() {
    let world = World::open().await;
    let (app, worker) = (&world.app, worker(&world.app));
    let id = add_one(app, plan::<Careful>(app, "wx1", "seven", &["failed"])).await;
    for (tries, seconds) in [(1, 5), (2, 30), (3, 120), (4, 600), (5, 3_600), (6, 10_800)] {
        worker.run_due().await.unwrap();
        assert_eq!(done("seven"), tries);
        let (listed, _) = find_job(app, &id).await.unwrap();
        assert_eq!((listed.job.status, listed.job.last_errcode), (JobStatus::Retrying, Some(-7)));
        world.advance(Duration::from_millis(800 * seconds - 1));
        assert_eq!(worker.run_due().await.unwrap(), 0, "not before its time");
        world.advance(Duration::from_millis(400 * seconds + 1));
    }
    worker.run_due().await.unwrap();
    assert_eq!(status(app, &id).await, JobStatus::Dead);
    world.advance(Duration::from_secs(86_400));
    assert_eq!(worker.run_due().await.unwrap(), 0);
    retry_job(app, weiqiao_app::Actor::Cli, &id).await.unwrap();
    worker.run_due().await.unwrap();
    assert_eq!((done("seven"), status(app, &id).await), (8, JobStatus::Retrying));
    cancel_job(app, weiqiao_app::Actor::Cli, &id).await.unwrap();
    world.advance(Duration::from_secs(60));
    assert_eq!(worker.run_due().await.unwrap(), 0);
}

#[tokio::test]
async fn what_nobody_knows_waits_for_a_person_or_is_tried_again() {
    let world = World::open().await;
    let (app, worker) = (&world.app, worker(&world.app));
    let careful = add_one(app, plan::<Careful>(app, "wx1", "careful", &["uncertain", "sent"])).await;
    let eager = add_one(app, plan::<Eager>(app, "wx1", "eager", &["uncertain", "sent"])).await;
    let broken = add_one(app, plan::<Eager>(app, "wx1", "broken", &["panic", "sent"])).await;
    worker.run_due().await.unwrap();
    for id in [&careful, &eager, &broken] {
        assert_eq!(status(app, id).await, JobStatus::Uncertain);
    }
    world.advance(Duration::from_secs(71));
    assert_eq!(worker.run_due().await.unwrap(), 0);
    world.advance(Duration::from_secs(38));
    assert_eq!(worker.run_due().await.unwrap(), 2);
    assert_eq!([status(app, &eager).await, status(app, &broken).await], [JobStatus::Sent; 2]);
    assert_eq!((status(app, &careful).await, done("careful")), (JobStatus::Uncertain, 1));
    retry_job(app, weiqiao_app::Actor::Cli, &careful).await.unwrap();
    worker.run_due().await.unwrap();
    assert_eq!(status(app, &careful).await, JobStatus::Sent);
}

/// T-104.
#[tokio::test]
async fn what_is_no_longer_wanted_is_not_sent() {
    let world = World::open().await;
    let (app, worker) = (&world.app, worker(&world.app));
    let unwanted = add_one(app, plan::<Careful>(app, "wx1", "unwanted", &["unwanted"])).await;
    let impossible = add_one(app, plan::<Careful>(app, "wx1", "impossible", &["impossible"])).await;
    worker.run_due().await.unwrap();
    let (listed, attempts) = find_job(app, &unwanted).await.unwrap();
    assert_eq!((listed.job.status, attempts.len(), done("unwanted")), (JobStatus::Skipped, 0, 0));
    assert_eq!(listed.job.last_error.as_deref(), Some("unsubscribed"));
    assert_eq!(status(app, &impossible).await, JobStatus::Refused);
}

/// FI-19: a wrong secret costs one try a minute, and no job dies of it.
#[rstest]
#[tokio::test]
async fn a_refused_account_is_tried_once_a_minute(#[values(Stage::Embedded, Stage::Services)] stage: Stage) {
    let Some(world) = World::with(stage, open()).await else { return };
    let app = &world.app;
    let workers = [worker(app), worker(&world.another().await)];
    let name = format!("account-{stage:?}");
    let does = ["account", "account", "account", "sent"];
    let jobs: Vec<_> = (0..5).map(|_| plan::<Careful>(app, "wx1", &name, &does)).collect();
    add(app, jobs).await;
    let other = add_one(app, plan::<Careful>(app, "wx2", &format!("{name}-other"), &["sent"])).await;
    let mut tries = Vec::new();
    for _ in 0..6 {
        for worker in &workers {
            worker.run_due().await.unwrap();
        }
        tries.push(done(&name));
        world.advance(Duration::from_secs(31));
    }
    assert_eq!(tries, [1, 1, 2, 2, 3, 3]);
    assert_eq!(status(app, &other).await, JobStatus::Sent, "another account goes on");
    let holds = list_holds(app).await.unwrap();
    let hold = (holds[0].account.as_str(), holds[0].reason.as_str(), holds[0].errcode, holds[0].failures);
    assert_eq!(hold, ("wx1", "account", Some(40125), 3));
    let waiting = list_jobs(app, JobFilter { page: 1, page_size: 20, ..JobFilter::default() }).await.unwrap();
    let waiting: Vec<_> = waiting.items.iter().filter(|job| job.job.account == "wx1").collect();
    assert!(
        waiting.iter().all(|job| job.held.as_deref() == Some("account") && job.next_attempt_at == Some(holds[0].until))
    );
    // It is put right: the next try goes well, and everything follows.
    for worker in &workers {
        worker.run_due().await.unwrap();
    }
    assert_eq!((done(&name), list_holds(app).await.unwrap().len()), (8, 0));
}

#[tokio::test]
async fn a_quota_parks_until_the_next_day_unless_a_person_frees_it() {
    let world = World::open().await;
    let (app, worker) = (&world.app, worker(&world.app));
    let id = add_one(app, plan::<Careful>(app, "wx1", "quota", &["tomorrow", "tomorrow", "sent"])).await;
    worker.run_due().await.unwrap();
    // It is 16:58 in China.
    world.advance(Duration::from_secs(7 * 3_600));
    assert_eq!(worker.run_due().await.unwrap(), 0);
    let (listed, attempts) = find_job(app, &id).await.unwrap();
    assert_eq!((listed.held.as_deref(), attempts[0].verdict), (Some("quota"), Some(Verdict::Throttled)));
    assert_eq!(listed.job.attempts, 1, "a call is a try, whatever it uses up");
    release_hold(app, weiqiao_app::Actor::Cli, "wx1", "careful").await.unwrap();
    assert_eq!(word(release_hold(app, weiqiao_app::Actor::Cli, "wx1", "careful").await), "NOT_FOUND");
    worker.run_due().await.unwrap();
    assert_eq!(done("quota"), 2);
    world.advance(Duration::from_secs(3_600));
    worker.run_due().await.unwrap();
    assert_eq!(status(app, &id).await, JobStatus::Sent);
}

#[tokio::test]
async fn what_is_past_its_time_is_not_sent() {
    let world = World::open().await;
    let (app, worker) = (&world.app, worker(&world.app));
    let id = add_one(app, plan::<Careful>(app, "wx1", "late", &["sent"])).await;
    world.advance(Duration::from_secs(24 * 3_600));
    worker.run_due().await.unwrap();
    assert_eq!((status(app, &id).await, done("late")), (JobStatus::Expired, 0));
}

/// While settings are changed, one instance knows an account and another does not yet.
#[tokio::test]
async fn what_an_instance_does_not_know_is_left_to_those_that_do() {
    let world = World::open().await;
    let (app, worker) = (&world.app, worker(&world.app));
    let id = add_one(app, plan::<Careful>(app, ELSEWHERE, "elsewhere", &["sent"])).await;
    let late = add_one(app, plan::<Careful>(app, ELSEWHERE, "nobody comes", &["sent"])).await;
    worker.run_due().await.unwrap();
    let job = find_job(app, &id).await.unwrap().0.job;
    assert_eq!((job.status, job.attempts, done("elsewhere")), (JobStatus::Queued, 0, 0));
    assert!(job.last_error.unwrap().contains("不在这个实例的配置里"));
    world.advance(Duration::from_secs(5));
    cancel_job(app, weiqiao_app::Actor::Cli, &late).await.unwrap();
    let other = Worker::with_kinds(app.clone(), vec![JobEntry::of::<KnowsAll>()]);
    other.run_due().await.unwrap();
    assert_eq!((status(app, &id).await, done("elsewhere")), (JobStatus::Sent, 1));

    let late = add_one(app, plan::<Careful>(app, ELSEWHERE, "nobody comes", &["sent"])).await;
    worker.run_due().await.unwrap();
    world.advance(Duration::from_secs(24 * 3_600));
    worker.run_due().await.unwrap();
    assert_eq!((status(app, &late).await, done("nobody comes")), (JobStatus::Expired, 0));
}

/// T-105.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_poison_job_and_a_dead_receiver_do_not_hold_up_the_others() {
    let world = World::open().await;
    let (app, worker) = (&world.app, worker(&world.app));
    let stuck: Vec<_> = (0..40).map(|_| plan::<Eager>(app, "dead", "stuck", &["hang"])).collect();
    let poison = plan::<Eager>(app, "wx1", "poison", &["panic"]);
    let poison = add_one(app, poison).await;
    add(app, stuck).await;
    let good: Vec<_> = (0..300).map(|_| plan::<Eager>(app, "wx1", "good", &["sent"])).collect();
    let ids: Vec<_> = good.iter().map(|job| job.id.clone()).collect();
    add(app, good).await;
    let (stop, stopped) = oneshot::channel::<()>();
    let running = tokio::spawn({
        let worker = worker.clone();
        async move { worker.run(async { drop(stopped.await) }, Duration::ZERO).await }
    });
    until(|| done("good") == 300).await;
    // Done is one thing, written down another: only the stuck ones may be cut.
    for id in ids {
        while status(app, &id).await != JobStatus::Sent {
            tokio::task::yield_now().await;
        }
    }
    while status(app, &poison).await != JobStatus::Uncertain {
        tokio::task::yield_now().await;
    }
    assert_eq!(done("stuck"), 8, "its share and no more");
    stop.send(()).unwrap();
    // The last of the good may be written down and not yet off the list of those under way.
    let cut = running.await.unwrap();
    assert!((8..=10).contains(&cut), "{cut} were cut");
}

/// Ends when it is so, and fails when that takes too long.
async fn until(so: impl Fn() -> bool) {
    let waiting = async {
        while !so() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(60), waiting).await.expect("it took too long");
}

/// FI-12: what was begun is finished, what was not is given back.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stop_finishes_what_was_begun() {
    let world = World::open().await;
    let (app, worker) = (&world.app, worker(&world.app));
    let (stop, stopped) = oneshot::channel::<()>();
    let running = tokio::spawn({
        let worker = worker.clone();
        async move { worker.run(async { drop(stopped.await) }, Duration::from_secs(60)).await }
    });
    let begun = add_one(app, plan::<Careful>(app, "wx1", "begun", &["wait"])).await;
    app.wake_worker().await;
    until(|| done("begun") == 1).await;
    stop.send(()).unwrap();
    let late = add_one(app, plan::<Careful>(app, "wx2", "late-comer", &["sent"])).await;
    RELEASE.notify_one();
    assert_eq!(running.await.unwrap(), 0, "nothing was cut");
    assert_eq!(status(app, &begun).await, JobStatus::Sent);
    assert_eq!((status(app, &late).await, done("late-comer")), (JobStatus::Queued, 0));
}

/// What a killed process had begun is found, and judged by its kind.
#[rstest]
#[tokio::test]
async fn jobs_of_a_dead_process_are_taken_over(#[values(Stage::Embedded, Stage::Services)] stage: Stage) {
    let Some(world) = World::with(stage, open()).await else { return };
    let app = &world.app;
    let (careful, eager) = (format!("dead-careful-{stage:?}"), format!("dead-eager-{stage:?}"));
    let held = add_one(app, plan::<Careful>(app, "wx1", &careful, &["hang", "sent"])).await;
    let again = add_one(app, plan::<Eager>(app, "wx1", &eager, &["hang", "sent"])).await;
    let dying = worker(app);
    let running = tokio::spawn(async move { dying.run_due().await });
    until(|| done(&careful) == 1 && done(&eager) == 1).await;
    running.abort();
    assert!(running.await.unwrap_err().is_cancelled());
    let next = worker(&world.another().await);
    world.advance(Duration::from_secs(29));
    assert_eq!(next.run_due().await.unwrap(), 0, "the lease still holds");
    world.advance(Duration::from_secs(2));
    next.run_due().await.unwrap();
    assert_eq!([status(app, &held).await, status(app, &again).await], [JobStatus::Uncertain; 2]);
    world.advance(Duration::from_secs(90));
    next.run_due().await.unwrap();
    assert_eq!([status(app, &held).await, status(app, &again).await], [JobStatus::Uncertain, JobStatus::Sent]);
    assert_eq!((done(&careful), done(&eager)), (1, 2));
}

#[rstest]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn several_workers_do_every_job_once(#[values(Stage::Embedded, Stage::Services)] stage: Stage) {
    let Some(world) = World::with(stage, open()).await else { return };
    let app = &world.app;
    let name = |number: usize| format!("shared-{stage:?}-{number}");
    add(
        app,
        (0..120).map(|number| plan::<Eager>(app, ["a", "b", "c"][number % 3], &name(number), &["sent"])).collect(),
    )
    .await;
    let mut working = tokio::task::JoinSet::new();
    for _ in 0..3 {
        let worker = worker(&world.another().await);
        working.spawn(async move { worker.run_due().await.unwrap() });
    }
    let shares = working.join_all().await;
    assert_eq!(shares.iter().sum::<usize>(), 120);
    assert!((0..120).all(|number| done(&name(number)) == 1));
}
