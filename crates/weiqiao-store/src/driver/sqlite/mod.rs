//! SQLite: one file, one writer thread, a few reading threads.

mod connection;
mod failure;
mod files;
mod fold;
mod group;
mod identities;
mod near;
mod readers;
mod statement;
mod writer;

use std::path::{Path, PathBuf};
use std::thread;

use tokio::sync::oneshot;

use self::files::Files;
use self::identities::Identities;
use self::readers::Readers;
use self::writer::Writer;
use crate::{Command, Query, Read, StoreError};

/// An opened SQLite database.
pub(crate) struct Sqlite {
    writer: Writer,
    readers: Readers,
    identities: Identities,
    path: PathBuf,
}

impl Sqlite {
    /// Takes the lock and opens the file, on a thread of its own: disks are slow.
    pub(crate) async fn open(path: &Path) -> Result<Self, StoreError> {
        let path = path.to_owned();
        off_the_runtime("weiqiao-open", move || Self::open_now(path)).await
    }

    fn open_now(path: PathBuf) -> Result<Self, StoreError> {
        let files = Files::claim(&path)?;
        let path = files.database().to_owned();
        let identities = Identities::default();
        let writer = Writer::start(files, identities.clone())?;
        let readers = Readers::start(&path)?;
        Ok(Self { writer, readers, identities, path })
    }

    pub(crate) async fn run<C: Command>(&self, command: C) -> Result<C::Output, StoreError> {
        self.writer.run(command).await
    }

    pub(crate) async fn read<Q: Query>(&self, query: Q) -> Result<Q::Output, StoreError> {
        self.readers.read(query).await
    }

    pub(crate) async fn migrate(&self) -> Result<(), StoreError> {
        let identities = self.identities.clone();
        let migrate = move |connection: &mut _| {
            // A migration may put another table in the place of this one.
            identities.changing();
            let outcome = connection::migrate(connection);
            identities.changed();
            outcome
        };
        self.writer.with_connection(migrate).await
    }

    pub(crate) fn identities_version(&self) -> Option<u64> {
        self.identities.version()
    }

    pub(crate) async fn schema_version(&self) -> Result<Option<u32>, StoreError> {
        self.writer.with_connection(|connection| connection::schema_version(connection)).await
    }

    /// Reading works, and the writer is there and has not given up.
    pub(crate) async fn ping(&self) -> Result<(), StoreError> {
        self.readers.read(Ping).await?;
        self.writer.with_connection(|_| Ok(())).await
    }

    /// What this user may still write there.
    pub(crate) fn free_bytes(&self) -> Option<u64> {
        files::free_bytes(&self.path)
    }

    pub(crate) fn writes_fail(&self) -> bool {
        self.writer.writes_fail()
    }

    pub(crate) async fn failed(&self) -> StoreError {
        self.writer.failed().await
    }

    pub(crate) async fn close(&self) {
        // Readers first: the last connection to close folds the WAL into the database.
        self.readers.close().await;
        self.writer.close().await;
    }
}

/// The cheapest question that touches the file.
struct Ping;

impl Query for Ping {
    const NAME: &'static str = "store.ping";
    type Output = ();

    async fn run<R: Read>(&self, db: &mut R) -> Result<(), StoreError> {
        db.query_one("SELECT count(*) FROM sqlite_schema", Vec::new()).await.map(|_| ())
    }
}

/// Runs something slow on a thread of its own.
async fn off_the_runtime<T: Send + 'static>(
    name: &str,
    work: impl FnOnce() -> Result<T, StoreError> + Send + 'static,
) -> Result<T, StoreError> {
    let (reply, answer) = oneshot::channel();
    let work = move || {
        let _ = reply.send(work());
    };
    thread::Builder::new()
        .name(name.to_owned())
        .spawn(work)
        .map_err(|error| StoreError::unavailable(format!("starting a thread: {error}")))?;
    answer.await.unwrap_or_else(|_| Err(StoreError::internal("a thread of the store panicked")))
}
