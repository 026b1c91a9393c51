//! The readers: a few threads, each with a connection that cannot write.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;

use crossbeam_channel::{Receiver, Sender, unbounded};
use rusqlite::Connection;
use tokio::sync::oneshot;

use super::connection::open_reader;
use super::failure::classify;
use super::near::Near;
use super::statement::{self, Prepared};
use crate::{Query, Shape, StoreError};

/// How many: enough that a slow list does not keep point reads waiting.
const READERS: usize = 3;

/// The handle of the reading threads.
pub(super) struct Readers {
    near: Near,
    queue: Sender<Message>,
    closed: AtomicBool,
    ended: Mutex<Vec<oneshot::Receiver<()>>>,
}

enum Message {
    Ask(Box<dyn Question>),
    /// One for each thread.
    Stop,
}

/// A query and whoever waits for it.
trait Question: Send {
    fn answer(self: Box<Self>, connection: &mut Connection);
}

struct Asked<Q: Query> {
    query: Q,
    caller: oneshot::Sender<Result<Q::Output, StoreError>>,
}

impl<Q: Query> Question for Asked<Q> {
    fn answer(self: Box<Self>, connection: &mut Connection) {
        if self.caller.is_closed() {
            return;
        }
        let outcome = catch_unwind(AssertUnwindSafe(|| find(&self.query, connection)));
        if !connection.is_autocommit() {
            // Nothing was written; this lets go of the moment the scan looked at, whatever came of it.
            let _ = connection.execute_batch("ROLLBACK");
        }
        let outcome = outcome.unwrap_or_else(|_| Err(StoreError::internal("the query panicked")));
        let _ = self.caller.send(outcome);
    }
}

fn find<Q: Query>(query: &Q, connection: &mut Connection) -> Result<Q::Output, StoreError> {
    if Q::SHAPE == Shape::Scan {
        connection.execute_batch("BEGIN").map_err(|error| classify(&error))?;
    }
    statement::run(&mut Prepared::on(connection), async |db| query.run(db).await)
}

impl Readers {
    /// Opens the connections and starts the threads. Blocks.
    pub(super) fn start(path: &Path) -> Result<Self, StoreError> {
        let (queue, questions) = unbounded();
        let mut ended = Vec::with_capacity(READERS);
        for number in 0..READERS {
            let connection = open_reader(path)?;
            let questions = questions.clone();
            let (end, wait) = oneshot::channel();
            thread::Builder::new()
                .name(format!("weiqiao-read-{number}"))
                .spawn(move || {
                    serve(connection, &questions);
                    drop(end);
                })
                .map_err(|error| StoreError::unavailable(format!("starting a reading thread: {error}")))?;
            ended.push(wait);
        }
        Ok(Self { near: Near::open(path)?, queue, closed: AtomicBool::new(false), ended: Mutex::new(ended) })
    }

    pub(super) async fn read<Q: Query>(&self, query: Q) -> Result<Q::Output, StoreError> {
        if Q::SHAPE == Shape::Point {
            // Without this a loop of reads would never let the thread go.
            tokio::task::coop::consume_budget().await;
            if let Some(outcome) = self.near.find(&query) {
                return outcome;
            }
        }
        let (caller, answer) = oneshot::channel();
        if self.closed.load(Ordering::Acquire)
            || self.queue.send(Message::Ask(Box::new(Asked { query, caller }))).is_err()
        {
            return Err(closed());
        }
        answer.await.unwrap_or_else(|_| Err(closed()))
    }

    /// Finishes what was asked, and closes the connections.
    pub(super) async fn close(&self) {
        self.closed.store(true, Ordering::Release);
        self.near.close();
        let ended = std::mem::take(&mut *self.ended.lock().unwrap_or_else(PoisonError::into_inner));
        for _ in &ended {
            let _ = self.queue.send(Message::Stop);
        }
        for end in ended {
            let _ = end.await;
        }
    }
}

fn serve(mut connection: Connection, questions: &Receiver<Message>) {
    while let Ok(Message::Ask(question)) = questions.recv() {
        question.answer(&mut connection);
    }
}

fn closed() -> StoreError {
    StoreError::unavailable("the database is closed: the service is stopping")
}
