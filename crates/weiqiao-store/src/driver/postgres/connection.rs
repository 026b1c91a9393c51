//! A connection while a fact runs on it.

use std::time::Duration;

use deadpool_postgres::Object;
use tokio::time::error::Elapsed;
use tokio::time::timeout;
use weiqiao_model::crash_point;

use super::failure::{classify, trouble};
use super::statement::{self, IN_FLIGHT};
use crate::{Read, Row, StoreError, Transaction, Value};

/// How long an answer is waited for: a little longer than the server may take for a statement, so that what it has to say about
/// that comes first. A server that stands still, or a network that swallows everything, says nothing at all.
pub(super) const ANSWER: Duration = Duration::from_millis(5_500);

/// What a failure means for trying again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Trouble {
    /// The same attempt would fail again, or its outcome is unknown.
    Lasting,
    /// The server rolled back to let somebody else through.
    Again,
    /// The connection broke before the commit was sent.
    Lost,
}

/// A failure and what it means for trying again.
#[derive(Debug, Clone)]
pub(super) struct Failure {
    pub(super) error: StoreError,
    pub(super) trouble: Trouble,
}

impl From<tokio_postgres::Error> for Failure {
    fn from(error: tokio_postgres::Error) -> Self {
        Self { trouble: trouble(&error), error: classify(&error) }
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Self { error, trouble: Trouble::Lasting }
    }
}

/// A connection from the pool, and the transaction that may be open on it.
///
/// When this is dropped half-way, the connection does not go back to the pool but is closed, and the server rolls back:
/// the next user never inherits a transaction.
pub(super) struct Connection {
    /// `None` only while this is being dropped.
    client: Option<Object>,
    /// What begins the transaction, until it is sent. It travels together with the first statement.
    begin: Option<&'static str>,
    /// Whether a transaction may be open on the server.
    open: bool,
    /// Whether an answer is outstanding, or was given up: then this connection is of no use to anybody.
    waiting: bool,
    /// The first failure. From then on nothing is sent any more, whatever the fact tries.
    failure: Option<Failure>,
}

impl Connection {
    /// For a command.
    pub(super) fn transaction(client: Object) -> Self {
        Self { client: Some(client), begin: Some("BEGIN"), open: false, waiting: false, failure: None }
    }

    /// For a query that looks at one moment.
    pub(super) fn snapshot(client: Object) -> Self {
        let begin = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
        Self { client: Some(client), begin: Some(begin), open: false, waiting: false, failure: None }
    }

    /// For a query of one statement, which is a transaction by itself.
    pub(super) fn plain(client: Object) -> Self {
        Self { client: Some(client), begin: None, open: false, waiting: false, failure: None }
    }

    /// Commits when the fact worked, rolls back when it did not, and gives the connection back.
    pub(super) async fn finish<T>(mut self, outcome: Result<T, StoreError>) -> Result<T, Failure> {
        let outcome = match (outcome, self.failure.take()) {
            (Ok(output), None) => Ok(output),
            (Err(error), None) => Err(Failure::from(error)),
            (_, Some(failure)) => Err(failure),
        };
        // Whoever does not answer is not asked to roll back: closing the connection does it.
        if !self.open || self.waiting {
            return outcome;
        }
        let end = if outcome.is_ok() { "COMMIT" } else { "ROLLBACK" };
        crash_point!("store.commit.before");
        self.waiting = true;
        let ended = timeout(ANSWER, client(&self.client)?.batch_execute(end)).await;
        self.waiting = false;
        crash_point!("store.commit.after");
        self.open = !matches!(ended, Ok(Ok(())));
        // What was not rolled back is when the connection is closed, on drop.
        let output = outcome?;
        committed(ended).map(|()| output)
    }

    /// Takes note of an answer that did not come.
    fn in_time<T>(&mut self, outcome: Result<Result<T, Failure>, Elapsed>) -> Result<T, Failure> {
        self.waiting = outcome.is_err();
        outcome.unwrap_or_else(|_| Err(no_answer().into()))
    }

    async fn rows(&mut self, sql: &str, params: &[Value]) -> Result<Vec<Row>, Failure> {
        let prepared = statement::prepare(client(&self.client)?, sql, params).await?;
        let begin = self.begin.take();
        self.open |= begin.is_some();
        crash_point!("store.begin.before");
        let rows = statement::rows(client(&self.client)?, begin, prepared).await?;
        crash_point!("store.begin.after");
        Ok(rows)
    }

    async fn changes(&mut self, statements: &[(&'static str, Vec<Value>)]) -> Result<Vec<u64>, Failure> {
        if statements.is_empty() {
            return Ok(Vec::new());
        }
        let mut prepared = Vec::with_capacity(statements.len());
        for (sql, params) in statements {
            prepared.push(statement::prepare(client(&self.client)?, sql, params).await?);
        }
        let begin = self.begin.take();
        self.open |= begin.is_some();
        statement::changes(client(&self.client)?, begin, &prepared).await
    }

    /// Remembers a failure, so that the transaction cannot become true any more.
    fn remember<T>(&mut self, outcome: Result<T, Failure>) -> Result<T, StoreError> {
        outcome.map_err(|failure| {
            let error = failure.error.clone();
            self.failure = Some(failure);
            error
        })
    }

    fn refuse_after_failure(&self) -> Result<(), StoreError> {
        self.failure.as_ref().map_or(Ok(()), |failure| Err(failure.error.clone()))
    }
}

impl Read for Connection {
    async fn query(&mut self, sql: &'static str, params: Vec<Value>) -> Result<Vec<Row>, StoreError> {
        self.refuse_after_failure()?;
        self.waiting = true;
        let outcome = timeout(ANSWER, self.rows(sql, &params)).await;
        let outcome = self.in_time(outcome);
        self.remember(outcome)
    }
}

impl Transaction for Connection {
    async fn batch(&mut self, statements: Vec<(&'static str, Vec<Value>)>) -> Result<Vec<u64>, StoreError> {
        self.refuse_after_failure()?;
        let chunks = u32::try_from(statements.len().div_ceil(IN_FLIGHT)).unwrap_or(u32::MAX).max(1);
        self.waiting = true;
        let outcome = timeout(ANSWER.saturating_mul(chunks), self.changes(&statements)).await;
        let outcome = self.in_time(outcome);
        self.remember(outcome)
    }

    async fn query_unlocked(&mut self, sql: &'static str, params: Vec<Value>) -> Result<Vec<Row>, StoreError> {
        self.refuse_after_failure()?;
        self.waiting = true;
        let outcome = timeout(ANSWER, self.rows(&statement::unlocked(sql), &params)).await;
        let outcome = self.in_time(outcome);
        self.remember(outcome)
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        if (self.open || self.waiting)
            && let Some(client) = self.client.take()
        {
            drop(Object::take(client));
        }
    }
}

fn client(client: &Option<Object>) -> Result<&Object, StoreError> {
    client.as_ref().ok_or_else(|| StoreError::internal("a connection was used after it was given back"))
}

/// What the answer to a commit says.
pub(super) fn committed(ended: Result<Result<(), tokio_postgres::Error>, Elapsed>) -> Result<(), Failure> {
    match ended {
        Ok(Ok(())) => Ok(()),
        Ok(Err(error)) => Err(commit_failed(error)),
        Err(_elapsed) => Err(Failure::from(unknown(&no_answer()))),
    }
}

/// The server rolled back, or nobody knows.
fn commit_failed(error: tokio_postgres::Error) -> Failure {
    let failure = Failure::from(error);
    match failure.trouble {
        Trouble::Lost => Failure::from(unknown(&failure.error)),
        _ => failure,
    }
}

fn unknown(error: &StoreError) -> StoreError {
    StoreError::unavailable(format!("{error}; whether the commit went through is unknown"))
}

pub(super) fn no_answer() -> StoreError {
    StoreError::unavailable("Postgres did not answer in time")
}
