//! Point reads on the caller's own thread.
//!
//! Finding a row by an index takes SQLite some microseconds, less than handing the question to another thread and waking
//! up again (measured: 5 µs of CPU instead of 30). So a point read runs right here, on a connection nobody else is using.
//! When there is none, or the file is locked, the reading threads answer.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError, TryLockError};
use std::time::Duration;

use rusqlite::Connection;

use super::connection::open_reader;
use super::statement::{self, Prepared};
use crate::{Query, StoreError};

/// The most connections: one for each thread that asks, as far as that.
const MOST: usize = 8;

/// Connections for callers that do not want to wait.
pub(super) struct Near {
    /// `None` when closed.
    connections: Vec<Mutex<Option<Connection>>>,
}

impl Near {
    pub(super) fn open(path: &Path) -> Result<Self, StoreError> {
        let threads = std::thread::available_parallelism().map_or(2, usize::from).clamp(2, MOST);
        let open = |_| {
            let connection = open_reader(path)?;
            // Whoever asks here must not be held up; the threads wait.
            connection
                .busy_timeout(Duration::ZERO)
                .map_err(|error| StoreError::internal(format!("SQLite: {error}")))?;
            Ok(Mutex::new(Some(connection)))
        };
        Ok(Self { connections: (0..threads).map(open).collect::<Result<_, _>>()? })
    }

    /// The answer, or nothing when it cannot be had without waiting.
    pub(super) fn find<Q: Query>(&self, query: &Q) -> Option<Result<Q::Output, StoreError>> {
        let preferred = preferred();
        for offset in 0..self.connections.len() {
            let slot = self.connections.get((preferred + offset) % self.connections.len())?;
            let mut slot = match slot.try_lock() {
                Ok(slot) => slot,
                Err(TryLockError::Poisoned(poisoned)) => poisoned.into_inner(),
                Err(TryLockError::WouldBlock) => continue,
            };
            let connection = slot.as_mut()?;
            let found = catch_unwind(AssertUnwindSafe(|| {
                statement::run(&mut Prepared::on(connection), async |db| query.run(db).await)
            }));
            return match found {
                Ok(Err(error)) if error.is_unavailable() => None,
                Ok(outcome) => Some(outcome),
                Err(_) => Some(Err(StoreError::internal("the query panicked"))),
            };
        }
        None
    }

    /// Waits for who is reading, and closes the connections.
    pub(super) fn close(&self) {
        for connection in &self.connections {
            drop(connection.lock().unwrap_or_else(PoisonError::into_inner).take());
        }
    }
}

/// Where this thread looks first, so that threads do not meet.
fn preferred() -> usize {
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    thread_local! {
        static MINE: usize = NEXT.fetch_add(1, Ordering::Relaxed);
    }
    MINE.with(|mine| *mine)
}
