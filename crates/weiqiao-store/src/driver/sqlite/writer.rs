//! The writer: one thread that owns the connection that writes.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI32, Ordering};
use std::thread;
use std::time::Duration;

use rusqlite::Connection;
use rusqlite::config::DbConfig;
use tokio::sync::mpsc::error::TrySendError;
use tokio::sync::{mpsc, oneshot, watch};
use tokio::time::timeout;

use super::connection::open_writer;
use super::failure::{classify, is_fatal};
use super::files::Files;
use super::fold::{FoldThread, Folded, Plan, Step, fold};
use super::group::{Committer, Job, Waiting};
use super::identities::Identities;
use crate::{Command, StoreError};

/// The most commands that share a commit: enough to make the sync cheap, few enough to keep everybody's wait short.
const GROUP: usize = 256;

/// How many commands may wait before callers wait to hand theirs over.
const QUEUE: usize = 4_096;

/// How long a caller waits for room in the queue.
const QUEUE_TIMEOUT: Duration = Duration::from_secs(5);

/// With less than this left on the disk, bytes, the WAL is folded at every look: whatever it holds may need as much room
/// once more in the database, and a disk that is full of a WAL heals only when somebody finds that much.
const ROOM: u64 = 256 << 20;

/// The handle of the writer thread.
pub(super) struct Writer {
    queue: mpsc::Sender<Message>,
    failure: watch::Receiver<Option<StoreError>>,
    writes_fail: Arc<AtomicBool>,
}

enum Message {
    Command(Box<dyn Job>),
    Connection(Box<dyn OnConnection>),
    /// How far the thread beside folded the WAL.
    Folded(Result<Folded, rusqlite::Error>),
    /// Finish what came before, close the files, then drop the sender.
    Close(oneshot::Sender<()>),
}

/// Something that needs the connection itself, outside any transaction.
trait OnConnection: Send {
    fn run(self: Box<Self>, connection: Result<&mut Connection, StoreError>);
}

struct Once<F, T> {
    work: F,
    caller: oneshot::Sender<Result<T, StoreError>>,
}

impl<F, T> OnConnection for Once<F, T>
where
    F: FnOnce(&mut Connection) -> Result<T, StoreError> + Send,
    T: Send,
{
    fn run(self: Box<Self>, connection: Result<&mut Connection, StoreError>) {
        let _ = self.caller.send(connection.and_then(self.work));
    }
}

impl Writer {
    /// Opens the connection and starts the thread. Blocks.
    pub(super) fn start(files: Files, identities: Identities) -> Result<Self, StoreError> {
        let connection = open_writer(files.database())?;
        let (queue, messages) = mpsc::channel(QUEUE);
        let (report, failure) = watch::channel(None);
        // Whoever only tells how far it came does not keep the writer alive.
        let writer = queue.downgrade();
        let tell = move |outcome| {
            if let Some(writer) = writer.upgrade() {
                let _ = writer.blocking_send(Message::Folded(outcome));
            }
        };
        let fold_thread = FoldThread::start(files.database(), tell)?;
        let thread = WriterThread::new(connection, files, fold_thread, report, identities)?;
        let writes_fail = Arc::clone(&thread.writes_fail);
        thread::Builder::new()
            .name("weiqiao-writer".to_owned())
            .spawn(move || thread.serve(messages))
            .map_err(|error| StoreError::unavailable(format!("starting the writer thread: {error}")))?;
        Ok(Self { queue, failure, writes_fail })
    }

    pub(super) async fn run<C: Command>(&self, command: C) -> Result<C::Output, StoreError> {
        let (caller, answer) = oneshot::channel();
        self.hand_over(Message::Command(Box::new(Waiting::new(command, caller)))).await?;
        answer.await.unwrap_or_else(|_| Err(closed()))
    }

    /// Runs something on the connection, outside any transaction and after everything handed over before.
    pub(super) async fn with_connection<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Connection) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let (caller, answer) = oneshot::channel();
        self.hand_over(Message::Connection(Box::new(Once { work, caller }))).await?;
        answer.await.unwrap_or_else(|_| Err(closed()))
    }

    async fn hand_over(&self, message: Message) -> Result<(), StoreError> {
        match self.queue.try_send(message) {
            Ok(()) => Ok(()),
            Err(TrySendError::Closed(_)) => Err(closed()),
            Err(TrySendError::Full(message)) => match timeout(QUEUE_TIMEOUT, self.queue.send(message)).await {
                Ok(sent) => sent.map_err(|_| closed()),
                Err(_) => Err(StoreError::unavailable(format!(
                    "{QUEUE} commands are waiting for the disk and none was done in {QUEUE_TIMEOUT:?}: try later"
                ))),
            },
        }
    }

    /// Whether the last group could not be written.
    pub(super) fn writes_fail(&self) -> bool {
        self.writes_fail.load(Ordering::Relaxed)
    }

    /// Waits until the writer has given up for good.
    pub(super) async fn failed(&self) -> StoreError {
        let mut failure = self.failure.clone();
        match failure.wait_for(Option::is_some).await {
            Ok(found) => found.clone().unwrap_or_else(closed),
            // Closed in good order: it cannot fail any more.
            Err(_) => std::future::pending().await,
        }
    }

    /// Finishes what was handed over, and closes the files.
    pub(super) async fn close(&self) {
        let (done, wait) = oneshot::channel();
        if self.queue.send(Message::Close(done)).await.is_ok() {
            let _ = wait.await;
        }
    }
}

fn closed() -> StoreError {
    StoreError::unavailable("the database is closed: the service is stopping")
}

/// What the thread owns. The connection is dropped before the lock.
struct WriterThread {
    connection: Connection,
    committer: Committer,
    plan: Plan,
    fold_thread: FoldThread,
    /// Why nothing may be acknowledged any more.
    given_up: Option<StoreError>,
    report: watch::Sender<Option<StoreError>>,
    writes_fail: Arc<AtomicBool>,
    files: Files,
}

impl WriterThread {
    fn new(
        mut connection: Connection,
        files: Files,
        fold_thread: FoldThread,
        report: watch::Sender<Option<StoreError>>,
        identities: Identities,
    ) -> Result<Self, StoreError> {
        identities.watch(&mut connection)?;
        let wal_pages = Arc::new(AtomicI32::new(0));
        let seen = Arc::clone(&wal_pages);
        connection
            .wal_hook(Some(move |_: &mut rusqlite::hooks::Wal, pages| {
                seen.store(pages, Ordering::Relaxed);
                Ok(())
            }))
            .map_err(|error| classify(&error))?;
        Ok(Self {
            connection,
            committer: Committer::new(identities),
            plan: Plan::new(wal_pages),
            fold_thread,
            given_up: None,
            report,
            writes_fail: Arc::default(),
            files,
        })
    }

    fn serve(mut self, mut messages: mpsc::Receiver<Message>) {
        let mut waiting = Vec::with_capacity(GROUP);
        let mut closing = Vec::new();
        while messages.blocking_recv_many(&mut waiting, GROUP) > 0 {
            // Whoever is ready to hand something over on this core does it first, and shares the sync; nobody ready, no wait.
            thread::yield_now();
            while waiting.len() < GROUP
                && let Ok(message) = messages.try_recv()
            {
                waiting.push(message);
            }
            let mut group = Vec::new();
            let mut folded = None;
            for message in waiting.drain(..) {
                match message {
                    Message::Command(job) => group.push(job),
                    Message::Connection(work) => {
                        self.commit(std::mem::take(&mut group));
                        work.run(match &self.given_up {
                            Some(failure) => Err(failure.clone()),
                            None => Ok(&mut self.connection),
                        });
                    }
                    Message::Folded(outcome) => folded = Some(outcome),
                    Message::Close(done) => {
                        messages.close();
                        closing.push(done);
                    }
                }
            }
            self.commit(group);
            self.fold(folded);
        }
        let Self { connection, fold_thread, files, .. } = self;
        fold_thread.stop();
        if let Err((_, error)) = connection.close() {
            tracing::warn!(%error, file = %files.database().display(), "closing the database left its WAL behind");
        }
        drop(files);
        drop(closing);
    }

    fn commit(&mut self, jobs: Vec<Box<dyn Job>>) {
        if jobs.is_empty() {
            return;
        }
        if let Some(failure) = &self.given_up {
            jobs.into_iter().for_each(|job| job.settle(Err(failure.clone())));
            return;
        }
        let outcome = self.committer.commit(&mut self.connection, jobs);
        self.writes_fail.store(self.committer.writes_fail(), Ordering::Relaxed);
        match outcome {
            Ok(()) => {}
            Err(failure) if failure.fatal => self.give_up(&failure.error),
            // The disk may be full.
            Err(_) => self.plan.look_soon(),
        }
    }

    /// Folds the WAL into the database when it is time, or goes on with it when the thread beside is done. Nobody waits for it
    /// but the next group, and that only for the rest.
    fn fold(&mut self, beside: Option<Result<Folded, rusqlite::Error>>) {
        if self.given_up.is_some() {
            return;
        }
        let step = match beside {
            None => self.plan.next(|| self.files.free_bytes().is_some_and(|free| free < ROOM)),
            Some(Ok(folded)) => self.plan.beside(folded),
            Some(Err(error)) => return self.fold_failed(&error),
        };
        match step {
            Step::Wait => {}
            Step::Beside => self.fold_thread.ask(),
            Step::Here => match fold(&self.connection) {
                Ok(folded) => self.plan.here(folded),
                Err(error) => self.fold_failed(&error),
            },
        }
    }

    fn fold_failed(&mut self, error: &rusqlite::Error) {
        if is_fatal(error) {
            return self.give_up(&classify(error));
        }
        tracing::warn!(%error, "folding the WAL into the database failed; it goes on growing until this works");
        self.plan.failed();
    }

    /// From now on nothing is acknowledged, and the WAL is left as it is for the next start to judge.
    fn give_up(&mut self, error: &StoreError) {
        let failure = StoreError::unavailable(format!(
            "the database stopped taking writes, because nobody knows what is on the disk: {error}. Restart the \
             service"
        ));
        tracing::error!(error = %failure, file = %self.files.database().display(), "the store gave up");
        let _ = self.connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true);
        self.given_up = Some(failure.clone());
        self.report.send_replace(Some(failure));
    }
}

#[cfg(test)]
mod tests {
    use crossbeam_channel::{Receiver, unbounded};

    use super::super::fold::FOLD_PAGES;
    use super::*;
    use crate::Transaction;
    use crate::value::params;

    struct Insert;

    impl Command for Insert {
        const NAME: &'static str = "test.insert";
        type Output = u64;

        async fn run<T: Transaction>(&self, tx: &mut T) -> Result<u64, StoreError> {
            tx.execute("INSERT INTO t (filler) VALUES (zeroblob(8000))", params![]).await
        }
    }

    /// The writer without its loop, how the thread beside is heard, and how the store says that it gave up.
    fn writer_thread(
        folder: &std::path::Path,
    ) -> (WriterThread, Receiver<Result<Folded, rusqlite::Error>>, watch::Receiver<Option<StoreError>>) {
        let files = Files::claim(&folder.join("weiqiao.db")).unwrap();
        let connection = open_writer(files.database()).unwrap();
        connection.execute_batch("CREATE TABLE IF NOT EXISTS t (filler BLOB)").unwrap();
        let (tell, told) = unbounded();
        let fold_thread = FoldThread::start(files.database(), move |outcome| tell.send(outcome).unwrap()).unwrap();
        let (report, failure) = watch::channel(None);
        let thread = WriterThread::new(connection, files, fold_thread, report, Identities::default()).unwrap();
        (thread, told, failure)
    }

    fn insert(thread: &mut WriterThread) -> Result<u64, StoreError> {
        let (caller, mut answer) = oneshot::channel();
        thread.commit(vec![Box::new(Waiting::new(Insert, caller))]);
        answer.try_recv().unwrap()
    }

    #[test]
    fn after_a_failed_sync_nothing_is_acknowledged_any_more() {
        let folder = tempfile::tempdir().unwrap();
        let (mut thread, _told, failure) = writer_thread(folder.path());
        assert_eq!(insert(&mut thread), Ok(1));
        let failed_sync =
            rusqlite::Error::SqliteFailure(rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_IOERR_FSYNC), None);
        thread.give_up(&classify(&failed_sync));
        let refusal = insert(&mut thread).unwrap_err();
        assert!(refusal.is_unavailable() && refusal.to_string().contains("Restart the service"), "{refusal}");
        assert_eq!(*failure.borrow(), Some(refusal));
        let rows: i64 = thread.connection.query_row("SELECT count(*) FROM t", [], |row| row.get(0)).unwrap();
        assert_eq!(rows, 1);
    }

    #[test]
    fn the_wal_is_folded_in_by_size_and_used_again() {
        let folder = tempfile::tempdir().unwrap();
        let (mut thread, told, _failure) = writer_thread(folder.path());
        let wal = folder.path().join("weiqiao.db-wal");
        let (mut written, mut meanwhile) = (0, 0);
        while written < 4 * FOLD_PAGES {
            let jobs = (0..4).map(|_| Box::new(Waiting::new(Insert, oneshot::channel().0)) as Box<dyn Job>).collect();
            thread.commit(jobs);
            // Two pages of content each, at least.
            written += 8;
            thread.fold(None);
            // While the thread beside folds, up to a thousand pages come.
            let outcome = match thread.plan.is_under_way() {
                false => continue,
                true if meanwhile < 1_000 => told.try_recv().ok(),
                true => Some(told.recv().unwrap()),
            };
            meanwhile += 8;
            if let Some(outcome) = outcome {
                meanwhile = 0;
                thread.fold(Some(outcome));
            }
        }
        let most = std::fs::metadata(wal).unwrap().len() / 4_120;
        let bound = u64::try_from(FOLD_PAGES).unwrap();
        assert!((bound..bound + 2_000).contains(&most), "{most}");
    }

    #[test]
    fn a_failed_fold_is_survived_unless_nobody_knows_what_the_disk_holds() {
        let folder = tempfile::tempdir().unwrap();
        let (mut thread, _told, failure) = writer_thread(folder.path());
        let failed = |code| rusqlite::Error::SqliteFailure(rusqlite::ffi::Error::new(code), None);
        thread.fold(Some(Err(failed(rusqlite::ffi::SQLITE_FULL))));
        assert_eq!(insert(&mut thread), Ok(1));
        thread.fold(Some(Err(failed(rusqlite::ffi::SQLITE_IOERR_FSYNC))));
        assert!(insert(&mut thread).unwrap_err().is_unavailable());
        assert!(failure.borrow().is_some());
    }
}
