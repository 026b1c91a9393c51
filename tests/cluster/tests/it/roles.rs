//! `serve --only http|worker`: the two halves, apart.

use std::time::Duration;

use rustix::process::Signal;
use tokio::time::sleep;
use weiqiao_cluster::{Fleet, Sample, say, until};

#[tokio::test(flavor = "multi_thread")]
async fn one_half_plans_and_the_other_half_does() {
    let Some(fleet) = Fleet::start().await else { return };
    let http = fleet.instance(&["--only", "http"]).await;
    fleet.subscribe(&http, 3).await;
    for n in 0..30 {
        let action = Sample::of(n, fleet.action(http.url("/api/customer/action"), &format!("a{}", n % 3), n)).await;
        assert!(action.is_good(), "{action:?}");
    }
    // Longer than any worker would wait.
    sleep(Duration::from_secs(3)).await;
    let db = fleet.look().await;
    assert_eq!(db.number("SELECT count(*) FROM job WHERE status = 'queued' AND attempts = 0").await, 30);
    assert_eq!(fleet.emulator.calls("/cgi-bin/message/subscribe/send"), 0, "an http instance does no job");

    let mut worker = fleet.instance(&["--only", "worker"]).await;
    let ((), took) =
        until("all are told", Duration::from_secs(30), async || (fleet.taken().len() == 30).then_some(())).await;
    say(format!("--only: 30 planned by http, told by the worker {took:.1?} after it was ready"));

    // Planned by one, told by the other, within a moment: the wake-up crosses.
    let action = fleet.action(http.url("/api/customer/action"), "a0", 100);
    assert!(Sample::of(100, action).await.is_good());
    let ((), took) =
        until("a single one", Duration::from_secs(10), async || (fleet.taken().len() == 31).then_some(())).await;
    say(format!("--only: a single message {took:.0?} after its action was acknowledged"));

    // A worker answers for itself and for its figures, and for nothing else.
    assert!(reqwest::get(worker.url("/livez")).await.is_err(), "no public listener");
    let at = |path: &str| format!("http://127.0.0.1:{}{path}", worker.metrics);
    for (path, status) in [
        ("/livez", 200),
        ("/readyz", 200),
        ("/health", 200),
        ("/api/health", 200),
        ("/metrics", 200),
        ("/api/admin/jobs", 404),
        ("/wx", 404),
        ("/", 404),
    ] {
        assert_eq!(reqwest::get(at(path)).await.unwrap().status(), status, "{path}");
    }
    let post = fleet.post(at("/api/customer/action"), &serde_json::json!({})).send().await.unwrap();
    assert_eq!(post.status(), 404);
    assert!(worker.metric("weiqiao_job_attempts_total", "subscribe_message").await >= 31.0);
    assert!(http.metric("weiqiao_job_attempts_total", "").await == 0.0);

    worker.signal(Signal::TERM);
    let (status, took) = worker.ended(Duration::from_secs(15)).await;
    assert_eq!(status.code(), Some(0), "{}", worker.log());
    say(format!("--only: an idle worker ends {took:.1?} after SIGTERM"));
}

/// What a worker says of itself while it ends, and without its database.
#[tokio::test(flavor = "multi_thread")]
async fn a_worker_that_ends_is_not_ready() {
    let Some(fleet) = Fleet::start().await else { return };
    let mut worker = fleet.instance(&["--only", "worker"]).await;
    let http = fleet.instance(&["--only", "http"]).await;
    fleet.subscribe(&http, 1).await;
    let send = weixin_emulator::Fault::on("/cgi-bin/message/subscribe/send").times(1).delay_ms(3_000).deliver();
    fleet.emulator.fault(send);
    assert!(Sample::of(0, fleet.action(http.url("/api/customer/action"), "a0", 0)).await.is_good());
    let db = fleet.look().await;
    let begun = "SELECT count(*) FROM job_attempt";
    until("a call", Duration::from_secs(10), async || (db.number(begun).await == 1).then_some(())).await;
    worker.signal(Signal::TERM);
    let answer = async || {
        let answer = reqwest::get(format!("http://127.0.0.1:{}/readyz", worker.metrics)).await.ok()?;
        (answer.status() == 503).then_some(())
    };
    until("unready", Duration::from_secs(2), answer).await;
    let (status, took) = worker.ended(Duration::from_secs(15)).await;
    assert_eq!(status.code(), Some(0), "{}", worker.log());
    assert_eq!(fleet.taken().len(), 1, "what was begun was finished");
    assert_eq!(db.number("SELECT count(*) FROM job WHERE status = 'sent'").await, 1);
    say(format!("--only: a worker with a call of 3 s under way ends after {took:.1?}"));
}
