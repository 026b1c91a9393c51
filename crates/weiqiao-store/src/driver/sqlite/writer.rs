//! The writer: one thread that owns the connection that writes.

use std::sync::Arc;
use std::sync::atomic::{AtomicI32, Ordering};
use std::thread;
use std::time::Duration;

use rusqlite::Connection;
use rusqlite::config::DbConfig;
use tokio::sync::mpsc::error::TrySendError;
use tokio::sync::{mpsc, oneshot, watch};
use tokio::time::timeout;
use weiqiao_model::crash_point;

use super::connection::open_writer;
use super::failure::{classify, is_fatal};
use super::files::Files;
use super::group::{Committer, Job, Waiting};
use super::identities::Identities;
use crate::{Command, StoreError};

/// The most commands that share a commit: enough to make the sync cheap, few enough to keep everybody's wait short.
const GROUP: usize = 256;

/// How many commands may wait before callers wait to hand theirs over.
const QUEUE: usize = 4_096;

/// How long a caller waits for room in the queue.
const QUEUE_TIMEOUT: Duration = Duration::from_secs(5);

/// How many pages (4 KiB each) the WAL gathers before it is folded into the database. A page that was written ten times
/// meanwhile is folded once.
const CHECKPOINT_PAGES: i32 = 16_000;

/// How many pages later it is looked again whether the disk has room for a WAL of that size.
const LOOK_PAGES: i32 = 1_000;

/// With less than this left on the disk, bytes, the WAL is folded at every look: whatever it holds may need as much room
/// once more in the database, and a disk that is full of a WAL heals only when somebody finds that much.
const ROOM: u64 = 256 << 20;

/// The handle of the writer thread.
pub(super) struct Writer {
    queue: mpsc::Sender<Message>,
    failure: watch::Receiver<Option<StoreError>>,
}

enum Message {
    Command(Box<dyn Job>),
    Connection(Box<dyn OnConnection>),
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
        let thread = WriterThread::new(connection, files, report, identities)?;
        thread::Builder::new()
            .name("weiqiao-writer".to_owned())
            .spawn(move || thread.serve(messages))
            .map_err(|error| StoreError::unavailable(format!("starting the writer thread: {error}")))?;
        Ok(Self { queue, failure })
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
    /// Pages in the WAL, as of the last commit.
    wal_pages: Arc<AtomicI32>,
    /// The next checkpoint happens at this many.
    checkpoint_at: i32,
    /// The next look at the room on the disk happens at this many.
    look_at: i32,
    /// Why nothing may be acknowledged any more.
    given_up: Option<StoreError>,
    report: watch::Sender<Option<StoreError>>,
    files: Files,
}

impl WriterThread {
    fn new(
        mut connection: Connection,
        files: Files,
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
            wal_pages,
            checkpoint_at: CHECKPOINT_PAGES,
            look_at: LOOK_PAGES,
            given_up: None,
            report,
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
                    Message::Close(done) => {
                        messages.close();
                        closing.push(done);
                    }
                }
            }
            self.commit(group);
            self.checkpoint();
        }
        let Self { connection, files, .. } = self;
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
        match self.committer.commit(&mut self.connection, jobs) {
            Ok(()) => {}
            Err(failure) if failure.fatal => self.give_up(&failure.error),
            // The disk may be full.
            Err(_) => self.look_at = 0,
        }
    }

    /// Whether the WAL has grown enough, or as far as the disk allows.
    fn is_due(&mut self) -> bool {
        let pages = self.wal_pages.load(Ordering::Relaxed);
        if pages >= self.checkpoint_at {
            return true;
        }
        if pages < self.look_at {
            return false;
        }
        self.look_at = pages.saturating_add(LOOK_PAGES);
        self.files.free_bytes().is_some_and(|free| free < ROOM)
    }

    /// Folds the WAL into the database when it is time. Nobody waits for it but the next group.
    fn checkpoint(&mut self) {
        if self.given_up.is_some() || !self.is_due() {
            return;
        }
        crash_point!("store.checkpoint.before");
        let outcome = self
            .connection
            .query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |row| Ok((row.get::<_, i32>(1)?, row.get::<_, i32>(2)?)));
        crash_point!("store.checkpoint.after");
        self.checkpoint_at = match outcome {
            // Everything is folded in: the next commit starts the WAL from its beginning.
            Ok((pages, folded)) if folded >= pages => {
                self.wal_pages.store(0, Ordering::Relaxed);
                self.look_at = LOOK_PAGES;
                CHECKPOINT_PAGES
            }
            // A reader still looks at an older state: go on when as much again has come.
            Ok((pages, _)) => pages.saturating_add(CHECKPOINT_PAGES),
            Err(error) if is_fatal(&error) => {
                self.give_up(&classify(&error));
                CHECKPOINT_PAGES
            }
            Err(error) => {
                tracing::warn!(%error, "folding the WAL into the database failed; it goes on growing until this works");
                self.wal_pages.load(Ordering::Relaxed).saturating_add(CHECKPOINT_PAGES)
            }
        };
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

    fn writer_thread(folder: &std::path::Path) -> (WriterThread, watch::Receiver<Option<StoreError>>) {
        let files = Files::claim(&folder.join("weiqiao.db")).unwrap();
        let connection = open_writer(files.database()).unwrap();
        connection.execute_batch("CREATE TABLE IF NOT EXISTS t (filler BLOB)").unwrap();
        let (report, failure) = watch::channel(None);
        (WriterThread::new(connection, files, report, Identities::default()).unwrap(), failure)
    }

    fn insert(thread: &mut WriterThread) -> Result<u64, StoreError> {
        let (caller, mut answer) = oneshot::channel();
        thread.commit(vec![Box::new(Waiting::new(Insert, caller))]);
        answer.try_recv().unwrap()
    }

    #[test]
    fn after_a_failed_sync_nothing_is_acknowledged_any_more() {
        let folder = tempfile::tempdir().unwrap();
        let (mut thread, failure) = writer_thread(folder.path());
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
        let (mut thread, _failure) = writer_thread(folder.path());
        let mut most = 0;
        for _ in 0..3 * CHECKPOINT_PAGES / 4 {
            let jobs = (0..4).map(|_| Box::new(Waiting::new(Insert, oneshot::channel().0)) as Box<dyn Job>).collect();
            thread.commit(jobs);
            most = most.max(thread.wal_pages.load(Ordering::Relaxed));
            thread.checkpoint();
        }
        // 3,000 commits of 8 pages and more: six times the bound in all.
        assert!((CHECKPOINT_PAGES..CHECKPOINT_PAGES + 100).contains(&most), "{most}");
    }
}
