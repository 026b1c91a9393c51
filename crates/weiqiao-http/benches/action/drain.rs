//! Notifications that are due, and a WeChat that answers at once. The emulated one would be measured instead of the worker: it
//! keeps a ledger, counts leave and checks every field.

use std::io::BufRead as _;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::State;
use axum::routing::post;
use url::Url;
use weiqiao_app::jobs::subscribe_message::SendSubscribeMessage;
use weiqiao_app::jobs::{JobEntry, JobKind, Outcome, Policy, Task, Wanted};
use weiqiao_app::worker::Worker;
use weiqiao_app::{App, Result};
use weiqiao_http::listener::{Drain, ListenerSettings, bind, serve};

use crate::{serving, support};

/// The product's notifications without the pace that spares WeChat: what the engine could do.
struct Unpaced;

impl JobKind for Unpaced {
    const NAME: &'static str = SendSubscribeMessage::NAME;
    const POLICY: Policy = Policy { per_second: None, ..SendSubscribeMessage::POLICY };
    const NOTIFIES: bool = SendSubscribeMessage::NOTIFIES;
    type Payload = ();

    async fn wanted(app: &App, task: &Task, nothing: &()) -> Result<Wanted> {
        SendSubscribeMessage::wanted(app, task, nothing).await
    }

    async fn run(app: &App, task: &Task, nothing: &()) -> Outcome {
        SendSubscribeMessage::run(app, task, nothing).await
    }
}

/// The process that is WeChat.
pub fn wechat() {
    let runtime = serving::runtime(1);
    let _inside = runtime.enter();
    let sent: &'static AtomicU64 = Box::leak(Box::new(AtomicU64::new(1)));
    let send = |State(sent): State<&'static AtomicU64>| async {
        format!(r#"{{"errcode":0,"errmsg":"ok","msgid":{}}}"#, sent.fetch_add(1, Ordering::Relaxed))
    };
    let token = || async { r#"{"access_token":"TOKEN-OF-THE-BENCH-0123456789","expires_in":7200}"# };
    let router = Router::new()
        .route("/cgi-bin/stable_token", post(token))
        .route("/cgi-bin/message/subscribe/send", post(send))
        .with_state(sent);
    let listener = bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let port = listener.local_addr().unwrap().port();
    runtime.spawn(serve(listener, router, ListenerSettings::default(), Drain::new()));
    println!("{port}");
    support::until_stdin_ends();
}

/// The process that works off as many as each line of its standard input says: new actions for as many recipients.
pub fn alone(arguments: &[String]) {
    let [engine, port, pace] = arguments else { panic!("--drain engine port pace") };
    let wechat: Url = format!("http://127.0.0.1:{port}/").parse().unwrap();
    let runtime = serving::runtime(1);
    let world = runtime.block_on(serving::world(engine, |plan| {
        plan.wechat = Some(weixin::Client::builder().all_bases(wechat));
    }));
    let kind = if pace == "paced" { JobEntry::of::<SendSubscribeMessage>() } else { JobEntry::of::<Unpaced>() };
    let worker = Worker::with_kinds(world.app.clone(), vec![kind]);
    println!("0");
    let mut first = 0;
    for line in std::io::stdin().lock().lines() {
        let count: u64 = line.unwrap().parse().unwrap();
        let (took, spent) = runtime.block_on(async {
            if first == 0 {
                serving::subscribe(&world, count).await;
            }
            serving::act(&world, first, count, count).await;
            let (begun, spent) = (Instant::now(), cpu_time());
            let done = worker.run_due().await.unwrap();
            assert_eq!(u64::try_from(done).unwrap(), count, "not everything was drained");
            (begun.elapsed(), cpu_time() - spent)
        });
        first += count;
        println!("{} {}", took.as_secs_f64(), spent.as_secs_f64());
    }
}

/// Seconds by the clock and of the processor.
pub fn read(line: &str) -> [f64; 2] {
    let (seconds, spent) = line.split_once(' ').unwrap();
    [seconds, spent].map(|seconds| seconds.parse().unwrap())
}

/// Of this process, all threads.
fn cpu_time() -> Duration {
    let nanoseconds = std::fs::read_dir("/proc/self/task").unwrap().map(|thread| {
        let stat = std::fs::read_to_string(thread.unwrap().path().join("schedstat")).unwrap();
        stat.split(' ').next().unwrap().parse::<u64>().unwrap()
    });
    Duration::from_nanos(nanoseconds.sum())
}
