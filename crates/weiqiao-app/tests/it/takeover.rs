//! Jobs of a process that died while others go on working. FI-01.

use std::future::pending;
use std::sync::LazyLock;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio::sync::Notify;
use tokio::time::timeout;
use weiqiao_app::App;
use weiqiao_app::jobs::{JobEntry, JobKind, OnUncertain, Outcome, Plan, Policy, SCHEDULE, Task};
use weiqiao_app::worker::Worker;
use weiqiao_model::Clock as _;
use weiqiao_store::facts::job::{AddJobs, ClaimJobs};

use crate::support::World;

static DONE: LazyLock<Notify> = LazyLock::new(Notify::new);

#[derive(Serialize, Deserialize)]
struct Nothing;

struct Tell;

impl JobKind for Tell {
    const NAME: &'static str = "tell";
    const POLICY: Policy = Policy {
        schedule: SCHEDULE,
        expiry: Duration::from_secs(3_600),
        on_uncertain: OnUncertain::Hold,
        time_limit: Duration::from_secs(5),
        per_second: None,
        at_once: 1,
    };
    type Payload = Nothing;

    async fn run(_: &App, _: &Task, _: &Nothing) -> Outcome {
        DONE.notify_one();
        Outcome::sent()
    }
}

async fn add(app: &App, run_at: i64) {
    let plan = Plan { account: "wx1".into(), run_at: Some(run_at), ..Plan::default() };
    let jobs = vec![app.plan_job::<Tell>(plan, &Nothing).unwrap()];
    app.store().run(AddJobs { jobs }).await.unwrap();
}

#[tokio::test]
async fn a_job_of_a_dead_owner_waits_hardly_longer_than_its_lease() {
    let world = World::open().await;
    let app = &world.app;
    add(app, world.clock.now_ms()).await;
    let worker = Worker::with_kinds(app.clone(), vec![JobEntry::of::<Tell>()]);
    let running = tokio::spawn(async move { worker.run(pending(), Duration::ZERO).await });
    DONE.notified().await;
    // Somebody whose clock is a minute ahead takes up what is due then, for a second, and dies.
    let later = world.clock.now_ms() + 60_000;
    add(app, later).await;
    let claim = ClaimJobs {
        kind: Tell::NAME.into(),
        account: "wx1".into(),
        owner: "dead".into(),
        lease_ms: 1_000,
        probe_ms: 60_000,
        limit: 1,
        now: later,
    };
    assert_eq!(app.store().run(claim).await.unwrap().jobs.len(), 1);
    world.advance(Duration::from_secs(62));
    timeout(Duration::from_secs(3), DONE.notified()).await.expect("nobody took the job over");
    running.abort();
}
