//! Group commit: whatever is waiting shares one transaction and one sync, each command in its own savepoint.

use std::panic::{AssertUnwindSafe, catch_unwind};

use rusqlite::Connection;
use tokio::sync::oneshot;

use super::failure::{classify, is_fatal};
use super::statement;
use crate::{Command, StoreError};

/// A command on its way through the writer, whatever its output is.
pub(super) trait Job: Send {
    /// Runs the command and keeps its output back. When it fails, what it did is to be undone.
    fn run(&mut self, connection: &mut Connection) -> Result<(), StoreError>;
    /// Answers the caller: with the output when the commit went through.
    fn settle(self: Box<Self>, commit: Result<(), StoreError>);
}

/// A command, its output and whoever waits for it.
pub(super) struct Waiting<C: Command> {
    command: C,
    output: Option<Result<C::Output, StoreError>>,
    caller: oneshot::Sender<Result<C::Output, StoreError>>,
}

impl<C: Command> Waiting<C> {
    pub(super) fn new(command: C, caller: oneshot::Sender<Result<C::Output, StoreError>>) -> Self {
        Self { command, output: None, caller }
    }
}

impl<C: Command> Job for Waiting<C> {
    fn run(&mut self, connection: &mut Connection) -> Result<(), StoreError> {
        // A defect in one command must not take the writer and everybody's writes with it.
        let outcome =
            catch_unwind(AssertUnwindSafe(|| statement::run(connection, async |tx| self.command.run(tx).await)));
        let outcome =
            outcome.unwrap_or_else(|_| Err(StoreError::internal("the command panicked; nothing was written")));
        let worked = outcome.as_ref().map(|_| ()).map_err(Clone::clone);
        self.output = Some(outcome);
        worked
    }

    fn settle(self: Box<Self>, commit: Result<(), StoreError>) {
        let answer = match (commit, self.output) {
            (Ok(()), Some(output)) => output,
            // A command that failed by itself hears its own reason, not the group's.
            (Err(_), Some(Err(own))) => Err(own),
            (Err(failure), _) => Err(failure),
            (Ok(()), None) => Err(StoreError::internal("a command was answered before it ran")),
        };
        // Nobody waits any more: the command is done all the same.
        let _ = self.caller.send(answer);
    }
}

/// Why a group did not become true.
#[derive(Debug)]
pub(super) struct GroupFailure {
    /// What everybody in it was told.
    pub(super) error: StoreError,
    /// Nobody knows any more what the disk holds.
    pub(super) fatal: bool,
}

impl From<rusqlite::Error> for GroupFailure {
    fn from(error: rusqlite::Error) -> Self {
        Self { fatal: is_fatal(&error), error: classify(&error) }
    }
}

/// Runs the jobs in one transaction and answers them. On an error none of the jobs became true, and all were told.
pub(super) fn commit(connection: &mut Connection, jobs: Vec<Box<dyn Job>>) -> Result<(), GroupFailure> {
    metrics::histogram!("weiqiao_store_group_size").record(jobs.len() as f64);
    let mut jobs = jobs.into_iter();
    let mut ran = Vec::with_capacity(jobs.len());
    let outcome = run_all(connection, &mut jobs, &mut ran);
    if outcome.is_err() && !connection.is_autocommit() {
        // When even this fails SQLite rolls back by itself, at the latest at the next start.
        let _ = connection.execute_batch("ROLLBACK");
    }
    for job in ran.into_iter().chain(jobs) {
        job.settle(match &outcome {
            Ok(()) => Ok(()),
            Err(failure) => Err(failure.error.clone()),
        });
    }
    outcome
}

fn run_all(
    connection: &mut Connection,
    jobs: &mut std::vec::IntoIter<Box<dyn Job>>,
    ran: &mut Vec<Box<dyn Job>>,
) -> Result<(), GroupFailure> {
    execute(connection, "BEGIN IMMEDIATE")?;
    for mut job in jobs {
        execute(connection, "SAVEPOINT command")?;
        let worked = job.run(connection);
        ran.push(job);
        if let Err(error) = worked {
            if connection.is_autocommit() {
                // SQLite gave up the whole transaction (disk full, I/O error): what ran before is gone as well.
                return Err(GroupFailure { error, fatal: false });
            }
            execute(connection, "ROLLBACK TO command")?;
        }
        execute(connection, "RELEASE command")?;
    }
    execute(connection, "COMMIT")?;
    Ok(())
}

fn execute(connection: &Connection, sql: &str) -> Result<(), rusqlite::Error> {
    connection.prepare_cached(sql)?.raw_execute().map(|_| ())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::params;
    use crate::{StoreErrorKind, Transaction};

    /// Writes a row, and then perhaps fails or panics.
    struct Add {
        number: i64,
        then: Then,
    }

    #[derive(Clone, Copy)]
    enum Then {
        Work,
        Fail,
        Panic,
    }

    impl Command for Add {
        const NAME: &'static str = "test.add";
        type Output = i64;

        async fn run<T: Transaction>(&self, tx: &mut T) -> Result<i64, StoreError> {
            tx.execute("INSERT INTO t (n) VALUES ($1)", params![self.number]).await?;
            match self.then {
                Then::Work => Ok(self.number),
                Then::Fail => Err(StoreError::new(StoreErrorKind::Conflict, "as asked")),
                Then::Panic => panic!("as asked"),
            }
        }
    }

    type Answer = oneshot::Receiver<Result<i64, StoreError>>;

    fn jobs(list: &[(i64, Then)]) -> (Vec<Box<dyn Job>>, Vec<Answer>) {
        list.iter()
            .map(|&(number, then)| {
                let (caller, answer) = oneshot::channel();
                (Box::new(Waiting::new(Add { number, then }, caller)) as Box<dyn Job>, answer)
            })
            .unzip()
    }

    fn answers(answers: Vec<Answer>) -> Vec<Result<i64, StoreError>> {
        answers.into_iter().map(|mut answer| answer.try_recv().unwrap()).collect()
    }

    fn stored(connection: &Connection) -> Vec<i64> {
        let mut statement = connection.prepare("SELECT n FROM t ORDER BY n").unwrap();
        statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
    }

    #[test]
    fn one_failure_or_panic_undoes_only_itself() {
        let mut connection = Connection::open_in_memory().unwrap();
        connection.execute_batch("CREATE TABLE t (n INTEGER PRIMARY KEY)").unwrap();
        let (jobs, receivers) =
            jobs(&[(1, Then::Work), (2, Then::Fail), (3, Then::Panic), (1, Then::Work), (5, Then::Work)]);
        commit(&mut connection, jobs).unwrap();
        let answers = answers(receivers);
        assert_eq!(answers[0], Ok(1));
        assert_eq!(answers[1].as_ref().unwrap_err().to_string(), "as asked");
        assert_eq!(answers[2].as_ref().unwrap_err().kind(), StoreErrorKind::Internal);
        assert_eq!(answers[3].as_ref().unwrap_err().kind(), StoreErrorKind::Conflict, "1 is there already");
        assert_eq!(answers[4], Ok(5));
        assert_eq!(stored(&connection), [1, 5]);
    }

    #[test]
    fn when_the_disk_is_full_nobody_is_told_otherwise_and_later_it_works_again() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("full.db");
        std::fs::File::create(&path).unwrap();
        let mut connection = super::super::connection::open_writer(&path).unwrap();
        connection
            .execute_batch("CREATE TABLE t (n INTEGER PRIMARY KEY, filler BLOB DEFAULT (zeroblob(3000)))")
            .unwrap();
        let limit = |connection: &Connection, pages: i64| {
            connection.query_row(&format!("PRAGMA max_page_count = {pages}"), [], |_| Ok(())).unwrap();
        };
        limit(&connection, 8);
        let many: Vec<_> = (0..50).map(|number| (number, Then::Work)).collect();
        let (group, receivers) = jobs(&many);
        commit(&mut connection, group).unwrap_err();
        assert!(answers(receivers).into_iter().all(|answer| answer.unwrap_err().is_unavailable()));
        assert_eq!(stored(&connection), [] as [i64; 0]);

        limit(&connection, 10_000);
        let (group, receivers) = jobs(&many);
        commit(&mut connection, group).unwrap();
        assert!(answers(receivers).into_iter().all(|answer| answer.is_ok()));
        assert_eq!(stored(&connection).len(), 50);
    }
}
