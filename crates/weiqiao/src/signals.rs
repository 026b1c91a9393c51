//! What the operating system, or a test, says to the service.

use std::future::Future;
use std::io;
use std::pin::Pin;

use tokio::signal::unix::{Signal, SignalKind, signal};

/// A word that may be said once or several times.
type Said = Pin<Box<dyn Future<Output = ()> + Send>>;

/// The two words that end a service: finish, and at once.
pub struct Signals {
    /// Ends when the service should finish what it is doing.
    pub stop: Said,
    /// Ends when it should not even do that.
    pub stop_now: Said,
}

impl Signals {
    /// SIGTERM and SIGINT of this process: the first says stop, the second stop now.
    ///
    /// # Errors
    ///
    /// When the operating system does not let us listen.
    pub fn of_process() -> io::Result<Self> {
        let (first, second) = (EndSignals::new()?, EndSignals::new()?);
        Ok(Self { stop: Box::pin(first.heard(1)), stop_now: Box::pin(second.heard(2)) })
    }

    /// Stops when `stop` ends, and never in a hurry.
    pub fn when(stop: impl Future<Output = ()> + Send + 'static) -> Self {
        Self { stop: Box::pin(stop), stop_now: Box::pin(std::future::pending()) }
    }
}

struct EndSignals {
    terminate: Signal,
    interrupt: Signal,
}

impl EndSignals {
    fn new() -> io::Result<Self> {
        Ok(Self { terminate: signal(SignalKind::terminate())?, interrupt: signal(SignalKind::interrupt())? })
    }

    async fn heard(mut self, times: u32) {
        for _ in 0..times {
            tokio::select! {
                _ = self.terminate.recv() => {}
                _ = self.interrupt.recv() => {}
            }
        }
    }
}

/// SIGHUP: calls `work` each time, until dropped.
pub(crate) async fn on_hangup(mut work: impl FnMut()) {
    let Ok(mut hangup) = signal(SignalKind::hangup()) else { return };
    while hangup.recv().await.is_some() {
        work();
    }
}
