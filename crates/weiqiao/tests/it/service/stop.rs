use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use rustix::process::Signal;
use weixin_emulator::{Emulator, Fault};

use crate::program::{API_KEY, Desk, Running};

/// Clients behind a load balancer: they call without pause until it takes the instance out.
struct Load {
    stop: Arc<AtomicBool>,
    answered: Arc<AtomicUsize>,
    failed: Arc<AtomicUsize>,
    tasks: Vec<tokio::task::JoinHandle<()>>,
}

impl Load {
    fn on(url: &str, clients: usize) -> Self {
        let (stop, answered, failed) =
            (Arc::<AtomicBool>::default(), Arc::<AtomicUsize>::default(), Arc::<AtomicUsize>::default());
        let task = |_| {
            let (url, stop, answered, failed) =
                (url.to_owned(), Arc::clone(&stop), Arc::clone(&answered), Arc::clone(&failed));
            tokio::spawn(async move {
                let client = reqwest::Client::new();
                while !stop.load(Ordering::SeqCst) {
                    match client.get(&url).send().await {
                        Ok(answer) if answer.status() == 200 => drop(answered.fetch_add(1, Ordering::SeqCst)),
                        _ => drop(failed.fetch_add(1, Ordering::SeqCst)),
                    }
                    tokio::time::sleep(Duration::from_millis(5)).await;
                }
            })
        };
        let tasks = (0..clients).map(task).collect();
        Self { stop, answered, failed, tasks }
    }

    async fn answered(&self, wanted: usize) {
        let deadline = Instant::now() + Duration::from_secs(20);
        while self.answered.load(Ordering::SeqCst) < wanted {
            assert!(Instant::now() < deadline);
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    /// The load balancer has seen that the instance is not ready.
    fn take_out(&self) {
        self.stop.store(true, Ordering::SeqCst);
    }

    /// How many requests failed.
    async fn end(self) -> usize {
        for task in self.tasks {
            task.await.unwrap();
        }
        self.failed.load(Ordering::SeqCst)
    }
}

/// A call that takes as long as WeChat does.
fn slow_call(running: &Running) -> tokio::task::JoinHandle<reqwest::Result<reqwest::Response>> {
    let url = running.url("/api/admin/accounts/official/token");
    tokio::spawn(reqwest::Client::new().get(url).header("x-api-key", API_KEY).send())
}

async fn until_wechat_is_called(emulator: &Emulator) {
    let deadline = Instant::now() + Duration::from_secs(10);
    while emulator.calls("/cgi-bin/stable_token") == 0 {
        assert!(Instant::now() < deadline, "WeChat was never called");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test]
async fn sigterm_finishes_what_was_begun_without_a_failed_request() {
    let emulator = Emulator::start().await;
    emulator.fault(Fault::on("/cgi-bin/stable_token").times(1).delay_ms(3_000).deliver());
    let mut running = Desk::strict_with(&emulator).with("RATE_LIMITS", "off").serve().await;
    let load = Load::on(&running.url("/api/health"), 16);
    load.answered(100).await;
    let slow = slow_call(&running);
    until_wechat_is_called(&emulator).await;

    let asked = Instant::now();
    running.signal(Signal::TERM);
    let ready = running.url("/readyz");
    let mut unready = false;
    while let Ok(answer) = reqwest::get(&ready).await {
        if answer.status() == 503 {
            unready = true;
            load.take_out();
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert!(unready, "readiness goes off while connections are still taken");
    assert!(asked.elapsed() >= Duration::from_secs(2), "a load balancer has 2 s to notice");
    assert_eq!(slow.await.unwrap().unwrap().status(), 200, "what was begun is finished");
    let status = running.ended(Duration::from_secs(15).saturating_sub(asked.elapsed())).await;
    assert_eq!(status.code(), Some(0), "{}", running.stdout());
    assert_eq!(load.end().await, 0, "failed requests");
}

#[tokio::test]
async fn a_second_signal_ends_at_once() {
    let emulator = Emulator::start().await;
    emulator.fault(Fault::on("/cgi-bin/stable_token").times(1).delay_ms(7_000).deliver());
    let mut running = Desk::strict_with(&emulator).serve().await;
    let slow = slow_call(&running);
    until_wechat_is_called(&emulator).await;
    running.signal(Signal::TERM);
    let ready = running.url("/readyz");
    while reqwest::get(&ready).await.is_ok_and(|answer| answer.status() != 503) {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    running.signal(Signal::INT);
    let status = running.ended(Duration::from_secs(1)).await;
    assert_eq!(status.code(), Some(1));
    assert!(running.stdout().contains("asked a second time"), "the log was written to its end: {}", running.stdout());
    assert!(slow.await.unwrap().is_err());
}

#[tokio::test]
async fn sigint_stops_too_and_what_was_acknowledged_is_there_after() {
    let running = Desk::strict().with("ADMIN_PASSWORD", "three quiet green boats").serve().await;
    running.signal(Signal::INT);
    let mut running = running;
    assert_eq!(running.ended(Duration::from_secs(15)).await.code(), Some(0));
    let desk = std::mem::replace(&mut running.desk, Desk::empty());
    drop(running);
    let list = desk.run(&["--json", "keys", "list"]);
    assert_eq!(list.status.code(), Some(0), "the database was let go: {}", crate::program::stderr(&list));
}
