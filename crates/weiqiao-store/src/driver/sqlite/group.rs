//! Group commit: whatever is waiting shares one transaction and one sync, and a command that fails undoes only itself.
//!
//! Nearly all commands work, and a savepoint for each costs a sixth of the writer's time. So a group first runs without
//! savepoints; when one of its commands fails, all of it is undone and run again, each command in a savepoint. After that
//! the following groups have savepoints from the start for a while, so that failures on purpose do not double the work.

use std::panic::{AssertUnwindSafe, catch_unwind};

use rusqlite::Connection;
use tokio::sync::oneshot;
use weiqiao_model::crash_point;

use super::failure::{classify, is_fatal};
use super::identities::Identities;
use super::statement::{self, Prepared};
use crate::{Command, StoreError};

/// A command on its way through the writer, whatever its output is.
pub(super) trait Job: Send {
    /// Runs the command and keeps its output back. When it fails, what it did is to be undone.
    fn run(&mut self, prepared: &mut Prepared<'_>) -> Result<(), StoreError>;
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
    fn run(&mut self, prepared: &mut Prepared<'_>) -> Result<(), StoreError> {
        // A defect in one command must not take the writer and everybody's writes with it.
        let outcome =
            catch_unwind(AssertUnwindSafe(|| statement::run(prepared, async |tx| self.command.run(tx).await)));
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

/// How many groups have savepoints from the start after one that needed them.
const CAREFUL_GROUPS: u32 = 64;

/// Commits groups, and remembers how careful to be.
#[derive(Debug, Default)]
pub(super) struct Committer {
    careful_groups: u32,
    identities: Identities,
    writes_fail: bool,
}

impl Committer {
    /// Commits on a connection that is watched for these.
    pub(super) fn new(identities: Identities) -> Self {
        Self { identities, ..Self::default() }
    }

    /// Whether something in the last group could not be written: the disk is full, or not ours to write to.
    pub(super) fn writes_fail(&self) -> bool {
        self.writes_fail
    }

    /// Runs the jobs in one transaction and answers them. On an error none of the jobs became true, and all were told.
    pub(super) fn commit(
        &mut self,
        connection: &mut Connection,
        mut jobs: Vec<Box<dyn Job>>,
    ) -> Result<(), GroupFailure> {
        metrics::histogram!("weiqiao_store_group_size").record(jobs.len() as f64);
        self.writes_fail = false;
        let outcome = self.run(connection, &mut jobs);
        self.writes_fail |= outcome.is_err();
        roll_back(connection);
        self.identities.changed();
        crash_point!("store.ack.before");
        for job in jobs {
            job.settle(match &outcome {
                Ok(()) => Ok(()),
                Err(failure) => Err(failure.error.clone()),
            });
            crash_point!("store.ack.after");
        }
        outcome
    }

    fn run(&mut self, connection: &Connection, jobs: &mut [Box<dyn Job>]) -> Result<(), GroupFailure> {
        if self.careful_groups == 0 {
            let Some(failure) = run_trusting(connection, jobs)? else { return Ok(()) };
            roll_back(connection);
            if jobs.len() == 1 {
                // Alone in its group, it has undone only itself.
                self.writes_fail = failure.is_unavailable();
                return Ok(());
            }
            self.careful_groups = CAREFUL_GROUPS;
        }
        self.careful_groups -= 1;
        run_careful(connection, jobs)
    }
}

/// Without savepoints. Gives the failure of a command, when one failed and what the others did is mixed up with what it did.
fn run_trusting(connection: &Connection, jobs: &mut [Box<dyn Job>]) -> Result<Option<StoreError>, GroupFailure> {
    let mut prepared = Prepared::on(connection);
    begin(connection)?;
    for job in jobs {
        if let Err(failure) = job.run(&mut prepared) {
            return Ok(Some(failure));
        }
        crash_point!("store.command.after");
    }
    end(connection)?;
    Ok(None)
}

/// With a savepoint for each command.
fn run_careful(connection: &Connection, jobs: &mut [Box<dyn Job>]) -> Result<(), GroupFailure> {
    let mut prepared = Prepared::on(connection);
    begin(connection)?;
    for job in jobs {
        execute(connection, "SAVEPOINT command")?;
        if let Err(error) = job.run(&mut prepared) {
            if connection.is_autocommit() {
                // SQLite gave up the whole transaction (disk full, I/O error): what ran before is gone as well.
                return Err(GroupFailure { error, fatal: false });
            }
            execute(connection, "ROLLBACK TO command")?;
        }
        execute(connection, "RELEASE command")?;
    }
    end(connection)?;
    Ok(())
}

fn begin(connection: &Connection) -> Result<(), rusqlite::Error> {
    crash_point!("store.begin.before");
    execute(connection, "BEGIN IMMEDIATE")?;
    crash_point!("store.begin.after");
    Ok(())
}

fn end(connection: &Connection) -> Result<(), rusqlite::Error> {
    crash_point!("store.commit.before");
    execute(connection, "COMMIT")?;
    crash_point!("store.commit.after");
    Ok(())
}

/// Undoes what is not committed. When even that fails SQLite undoes it by itself, at the latest at the next start.
fn roll_back(connection: &Connection) {
    if !connection.is_autocommit() {
        let _ = execute(connection, "ROLLBACK");
    }
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
        let mut committer = Committer::default();
        // The first group finds out that it must be careful, the second one knows.
        for base in [0, 10] {
            let list = [(1, Then::Work), (2, Then::Fail), (3, Then::Panic), (1, Then::Work), (5, Then::Work)];
            let (jobs, receivers) = jobs(&list.map(|(number, then)| (base + number, then)));
            committer.commit(&mut connection, jobs).unwrap();
            let answers = answers(receivers);
            assert_eq!(answers[0], Ok(base + 1));
            assert_eq!(answers[1].as_ref().unwrap_err().to_string(), "as asked");
            assert_eq!(answers[2].as_ref().unwrap_err().kind(), StoreErrorKind::Internal);
            assert_eq!(answers[3].as_ref().unwrap_err().kind(), StoreErrorKind::Conflict, "it is there already");
            assert_eq!(answers[4], Ok(base + 5));
        }
        assert_eq!(stored(&connection), [1, 5, 11, 15]);
        assert_eq!(committer.careful_groups, CAREFUL_GROUPS - 2);
    }

    #[test]
    fn carelessness_returns_after_a_while_and_a_failure_alone_does_not_end_it() {
        let mut connection = Connection::open_in_memory().unwrap();
        connection.execute_batch("CREATE TABLE t (n INTEGER PRIMARY KEY)").unwrap();
        let mut committer = Committer::default();
        let mut group = |committer: &mut Committer, list: &[(i64, Then)]| {
            let (jobs, receivers) = jobs(list);
            committer.commit(&mut connection, jobs).unwrap();
            answers(receivers)
        };
        assert!(group(&mut committer, &[(1, Then::Fail)])[0].is_err());
        assert_eq!(committer.careful_groups, 0);
        group(&mut committer, &[(1, Then::Fail), (2, Then::Work)]);
        for number in 0..i64::from(CAREFUL_GROUPS) {
            group(&mut committer, &[(100 + number, Then::Work)]);
        }
        assert_eq!(committer.careful_groups, 0);
        assert_eq!(group(&mut committer, &[(3, Then::Work), (4, Then::Work)]), [Ok(3), Ok(4)]);
        assert_eq!(stored(&connection).len(), 3 + usize::try_from(CAREFUL_GROUPS).unwrap());
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
        let mut committer = Committer::default();
        let (group, receivers) = jobs(&many);
        committer.commit(&mut connection, group).unwrap_err();
        assert!(committer.writes_fail());
        assert!(answers(receivers).into_iter().all(|answer| answer.unwrap_err().is_unavailable()));
        assert_eq!(stored(&connection), [] as [i64; 0]);

        limit(&connection, 10_000);
        let (group, receivers) = jobs(&many);
        committer.commit(&mut connection, group).unwrap();
        assert!(answers(receivers).into_iter().all(|answer| answer.is_ok()));
        assert_eq!(stored(&connection).len(), 50);
        assert!(!committer.writes_fail());

        // One alone hears it as well, and a failure of its own is no matter of the disk.
        let pages: i64 = connection.query_row("PRAGMA page_count", [], |row| row.get(0)).unwrap();
        limit(&connection, pages + 2);
        let more: Vec<_> = (50..90).map(|number| vec![(number, Then::Work)]).collect();
        let full = more.iter().any(|one| {
            let _ = committer.commit(&mut connection, jobs(one).0);
            committer.writes_fail()
        });
        assert!(full);
        committer.commit(&mut connection, jobs(&[(1, Then::Fail)]).0).unwrap();
        assert!(!committer.writes_fail());
    }
}
