//! What tests of several instances are made of: processes of the real program, a Postgres and a Redis that may be stopped,
//! wires that may be slow, load, and what is read afterwards. Nothing here knows a type of the service: what it sees is what
//! a client, an operator and WeChat see.
//!
//! | file | holds |
//! |---|---|
//! | `fleet.rs` | processes of `weiqiao serve`, their common settings, the emulated WeChat |
//! | `engines.rs` | a Postgres and a Redis of a test's own |
//! | `proxy.rs` | a wire that is slow, still or cut |
//! | `balancer.rs` | a load balancer that asks for readiness |
//! | `load.rs` | requests at a steady rate, and what became of them |
//!
//! The program is the one built with the tests (`target/debug/weiqiao`), or `WEIQIAO_TEST_BIN`. A test for itself:
//! `cargo build -p weiqiao && scripts/with-services.sh cargo nextest run -p weiqiao-cluster <name> --no-capture`.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::missing_panics_doc,
    missing_docs
)]

mod balancer;
mod engines;
mod fleet;
mod load;
#[path = "../../support/port.rs"]
mod port;
mod proxy;

use std::future::Future;
use std::sync::Mutex;
use std::time::{Duration, Instant};

pub use balancer::Balancer;
pub use engines::{Engines, Postgres, Redis, Stop};
pub use fleet::{API_KEY, Fleet, Instance, Look, TEMPLATE};
pub use load::{Load, Sample, Samples};
use port::Port;
pub use proxy::{Proxy, Wire};
use tokio::time::sleep;

/// Whether the long forms are wanted: `WEIQIAO_TEST_LONG=1`. They need `--profile long` of nextest, too.
pub fn long() -> bool {
    std::env::var_os("WEIQIAO_TEST_LONG").is_some_and(|value| value == "1")
}

/// The short form of a figure, or the long one.
pub fn figure<T>(short: T, when_long: T) -> T {
    if long() { when_long } else { short }
}

/// Waits until `found` gives something; fails with `what` after `limit`. Gives how long it took, too.
pub async fn until<T, F: Future<Output = Option<T>>>(
    what: &str,
    limit: Duration,
    mut found: impl FnMut() -> F,
) -> (T, Duration) {
    let begun = Instant::now();
    loop {
        if let Some(value) = found().await {
            return (value, begun.elapsed());
        }
        assert!(begun.elapsed() < limit, "{what}: not within {limit:?}");
        sleep(Duration::from_millis(50)).await;
    }
}

/// Says a figure, so that it is found in the log of a run.
pub fn say(figure: impl std::fmt::Display) {
    println!("figure: {figure}");
}

/// A port of this test's own until its process ends.
pub fn free_port() -> u16 {
    static MINE: Mutex<Vec<Port>> = Mutex::new(Vec::new());
    let port = Port::take();
    let number = port.number;
    MINE.lock().unwrap().push(port);
    number
}
