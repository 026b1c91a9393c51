//! Group commit: commands that say so ([`Command::sharing`]) share transactions. While one group waits for the disk the next one
//! gathers, so there is no artificial delay; somebody who is alone has a transaction of their own.
//!
//! The commands of a group run side by side on one connection: what they ask travels together, and the server answers all of it
//! without being woken for each. Two groups at a time run their statements: while the server works for one, we do for the other.
//! A row that both want, one of them waits for; two such rows in two orders are a deadlock, which the server ends after a second.
//! When anything fails in a group, all of it is undone and each command runs by itself.

use std::collections::{HashSet, VecDeque};
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use deadpool_postgres::{Object, Pool};
use futures_util::FutureExt as _;
use futures_util::future::{BoxFuture, join, join_all};
use tokio::sync::{Semaphore, oneshot};
use tokio::time::timeout;
use weiqiao_model::crash_point;

use super::connection::{ANSWER, Trouble, committed, no_answer};
use super::{pool, statement};
use crate::{Command, Read, Row, Sharing, StoreError, Transaction, Value};

/// The most commands that share a transaction: enough to make the commit cheap, few enough to keep everybody's wait short.
const GROUP: usize = 64;

/// How many groups run their statements. More would only make them smaller.
const TURNS: usize = 2;

/// How many groups are under way: those, and one that waits for its commit.
const LANES: usize = TURNS + 1;

/// The commands that wait for a group.
#[derive(Clone)]
pub(super) struct Groups {
    shared: Arc<Shared>,
}

struct Shared {
    pool: Pool,
    queue: Mutex<Queue>,
    /// Whoever has one runs statements.
    turns: Semaphore,
}

#[derive(Default)]
struct Queue {
    waiting: VecDeque<Box<dyn Member>>,
    lanes: usize,
}

impl Queue {
    /// The next group. Whoever may not be in it stays in front.
    fn next(&mut self) -> Vec<Box<dyn Member>> {
        let (mut group, mut keys, mut later) = (Vec::new(), HashSet::new(), VecDeque::new());
        while group.len() < GROUP
            && let Some(member) = self.waiting.pop_front()
        {
            match member.key().is_none_or(|key| keys.insert(key.to_owned())) {
                true => group.push(member),
                false => later.push_back(member),
            }
        }
        later.append(&mut self.waiting);
        self.waiting = later;
        group
    }
}

/// What came of a command in a group.
pub(super) enum Shareable<T> {
    /// It is true.
    Done(T),
    /// It is not, or nobody knows.
    Failed(StoreError),
    /// It is not, perhaps because of another one of the group: it has to run by itself.
    Alone,
}

/// A command on its way through a group, whatever its output is.
trait Member: Send {
    /// No two of the same in a group.
    fn key(&self) -> Option<&str>;
    /// Runs the command and keeps its output back. False when it failed.
    fn run<'a>(&'a mut self, client: &'a Object) -> BoxFuture<'a, bool>;
    /// Answers the caller.
    fn settle(self: Box<Self>, end: &Shareable<()>);
}

struct Waiting<C: Command> {
    command: Arc<C>,
    output: Option<C::Output>,
    caller: oneshot::Sender<Shareable<C::Output>>,
}

impl<C: Command> Member for Waiting<C> {
    fn key(&self) -> Option<&str> {
        match self.command.sharing() {
            Sharing::Unlike(key) => Some(key),
            Sharing::Always | Sharing::Never => None,
        }
    }

    fn run<'a>(&'a mut self, client: &'a Object) -> BoxFuture<'a, bool> {
        let Self { command, output, .. } = self;
        Box::pin(async move {
            let mut place = Place { client, failed: false };
            let outcome = AssertUnwindSafe(command.run(&mut place)).catch_unwind().await;
            // A failed statement cannot be passed over.
            *output = outcome.ok().and_then(Result::ok).filter(|_| !place.failed);
            output.is_some()
        })
    }

    fn settle(self: Box<Self>, end: &Shareable<()>) {
        let answer = match (end, self.output) {
            (Shareable::Done(()), Some(output)) => Shareable::Done(output),
            (Shareable::Failed(error), _) => Shareable::Failed(error.clone()),
            _ => Shareable::Alone,
        };
        let _ = self.caller.send(answer);
    }
}

impl Groups {
    pub(super) fn new(pool: Pool) -> Self {
        Self { shared: Arc::new(Shared { pool, queue: Mutex::default(), turns: Semaphore::new(TURNS) }) }
    }

    /// Runs the command in the next group.
    pub(super) async fn run<C: Command>(&self, command: Arc<C>) -> Shareable<C::Output> {
        let (caller, answer) = oneshot::channel();
        if self.shared.join(Box::new(Waiting { command, output: None, caller })) {
            let lane = Lane(Arc::clone(&self.shared));
            tokio::spawn(lane.serve());
        }
        answer.await.unwrap_or(Shareable::Alone)
    }
}

impl Shared {
    /// Whether somebody has to serve.
    fn join(&self, member: Box<dyn Member>) -> bool {
        let mut queue = self.queue();
        queue.waiting.push_back(member);
        let more = queue.lanes < LANES;
        queue.lanes += usize::from(more);
        more
    }

    fn queue(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Runs whoever waits by now, when it is this lane's turn.
    async fn commit_next(&self) -> bool {
        // Never closed.
        let turn = self.turns.acquire().await.ok();
        let mut members = self.queue().next();
        if members.is_empty() {
            return false;
        }
        metrics::histogram!("weiqiao_store_group_size").record(members.len() as f64);
        let end = match self.run(&mut members).await {
            Ok(open) => {
                drop(turn);
                open.commit().await
            }
            Err(end) => {
                if let Shareable::Failed(_) = end {
                    // Nobody answers: who has waited behind this group for as long would wait as long again.
                    members.extend(std::mem::take(&mut self.queue().waiting));
                }
                end
            }
        };
        crash_point!("store.ack.before");
        for member in members {
            member.settle(&end);
            crash_point!("store.ack.after");
        }
        true
    }

    /// Runs the commands in a transaction that is still open.
    async fn run(&self, members: &mut [Box<dyn Member>]) -> Result<Open, Shareable<()>> {
        let open = Open(Some(pool::get(&self.pool).await.map_err(Shareable::Failed)?));
        let client = open.client().map_err(Shareable::Failed)?;
        crash_point!("store.begin.before");
        // Sent in this order: a future of the client sends when it is polled first.
        let commands = join_all(members.iter_mut().map(|member| member.run(client)));
        let answers = timeout(ANSWER, join(client.batch_execute("BEGIN"), commands)).await;
        let (begun, worked) = answers.map_err(|_elapsed| Shareable::Failed(no_answer()))?;
        crash_point!("store.begin.after");
        if begun.is_ok() && worked.into_iter().all(|worked| worked) {
            crash_point!("store.command.after");
            return Ok(open);
        }
        open.roll_back().await;
        Err(Shareable::Alone)
    }
}

/// Serves until nobody waits.
struct Lane(Arc<Shared>);

impl Lane {
    async fn serve(self) {
        while self.0.commit_next().await {}
    }
}

impl Drop for Lane {
    fn drop(&mut self) {
        self.0.queue().lanes -= 1;
    }
}

/// A connection with a transaction that may be open. Dropped half-way it is closed, and the server rolls back: the next user
/// never inherits a transaction.
struct Open(Option<Object>);

impl Open {
    fn client(&self) -> Result<&Object, StoreError> {
        self.0.as_ref().ok_or_else(|| StoreError::internal("a connection was used after it was given back"))
    }

    async fn commit(mut self) -> Shareable<()> {
        crash_point!("store.commit.before");
        let ended = match self.client() {
            Ok(client) => timeout(ANSWER, client.batch_execute("COMMIT")).await,
            Err(error) => return Shareable::Failed(error),
        };
        crash_point!("store.commit.after");
        match committed(ended) {
            Ok(()) => {
                // Back to the pool.
                drop(self.0.take());
                Shareable::Done(())
            }
            Err(failure) if failure.trouble == Trouble::Again => Shareable::Alone,
            Err(failure) => Shareable::Failed(failure.error),
        }
    }

    async fn roll_back(mut self) {
        let Ok(client) = self.client() else { return };
        if let Ok(Ok(())) = timeout(ANSWER, client.batch_execute("ROLLBACK")).await {
            drop(self.0.take());
        }
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        if let Some(client) = self.0.take() {
            drop(Object::take(client));
        }
    }
}

/// What a command of a group runs on.
struct Place<'a> {
    client: &'a Object,
    failed: bool,
}

impl Place<'_> {
    fn note<T>(&mut self, outcome: Result<T, super::connection::Failure>) -> Result<T, StoreError> {
        self.failed |= outcome.is_err();
        outcome.map_err(|failure| failure.error)
    }

    async fn rows(&mut self, sql: &str, params: &[Value]) -> Result<Vec<Row>, StoreError> {
        let client = self.client;
        let answer = async { statement::rows(client, None, statement::prepare(client, sql, params).await?).await };
        let outcome = answer.await;
        self.note(outcome)
    }
}

impl Read for Place<'_> {
    async fn query(&mut self, sql: &'static str, params: Vec<Value>) -> Result<Vec<Row>, StoreError> {
        self.rows(sql, &params).await
    }
}

impl Transaction for Place<'_> {
    async fn batch(&mut self, statements: Vec<(&'static str, Vec<Value>)>) -> Result<Vec<u64>, StoreError> {
        let client = self.client;
        let answer = async {
            let mut prepared = Vec::with_capacity(statements.len());
            for (sql, params) in &statements {
                prepared.push(statement::prepare(client, sql, params).await?);
            }
            statement::changes(client, None, &prepared).await
        };
        let outcome = answer.await;
        self.note(outcome)
    }

    async fn query_unlocked(&mut self, sql: &'static str, params: Vec<Value>) -> Result<Vec<Row>, StoreError> {
        self.rows(&statement::unlocked(sql), &params).await
    }
}
