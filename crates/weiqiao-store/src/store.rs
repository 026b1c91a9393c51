//! The handle everybody holds.

use std::sync::Arc;
use std::time::Instant;

use crate::driver::{Driver, postgres, sqlite};
use crate::{Command, Query, StoreConfig, StoreError, schema};

/// A database, ready to run facts. Cheap to clone; all clones are the same database.
#[derive(Clone)]
pub struct Store {
    driver: Arc<Driver>,
}

impl Store {
    /// Opens the database. It may still be empty: call [`migrate`](Self::migrate) next.
    ///
    /// # Errors
    ///
    /// [`Locked`](crate::StoreErrorKind::Locked) when another process uses the same SQLite file,
    /// [`SchemaNewer`](crate::StoreErrorKind::SchemaNewer) when a newer program has changed the schema,
    /// [`Config`](crate::StoreErrorKind::Config) when the settings are wrong or the server would lose acknowledged writes,
    /// [`Unavailable`](crate::StoreErrorKind::Unavailable) when the server cannot be reached.
    pub async fn open(config: &StoreConfig) -> Result<Self, StoreError> {
        let driver = match config {
            StoreConfig::Sqlite { path } => Driver::Sqlite(sqlite::Sqlite::open(path).await?),
            StoreConfig::Postgres { url, pool_size } => {
                Driver::Postgres(postgres::Postgres::open(url, *pool_size).await?)
            }
        };
        let store = Self { driver: Arc::new(driver) };
        schema::check_not_newer(store.schema_version().await?)?;
        Ok(store)
    }

    /// Brings the schema to the version this program knows. Does nothing when it is there already, and is safe when
    /// several instances start at once.
    ///
    /// # Errors
    ///
    /// When the schema is newer than this program, when an applied migration was edited afterwards, or when a migration
    /// does not go through; the database then stays at the last version that did, on SQLite where it was.
    pub async fn migrate(&self) -> Result<(), StoreError> {
        match &*self.driver {
            Driver::Sqlite(sqlite) => sqlite.migrate().await,
            Driver::Postgres(postgres) => postgres.migrate().await,
        }
    }

    /// The version of the schema in the database; `None` while it is empty.
    ///
    /// # Errors
    ///
    /// When the database does not answer.
    pub async fn schema_version(&self) -> Result<Option<u32>, StoreError> {
        match &*self.driver {
            Driver::Sqlite(sqlite) => sqlite.schema_version().await,
            Driver::Postgres(postgres) => postgres.schema_version().await,
        }
    }

    /// The version of the schema this program brings a database to.
    #[must_use]
    pub fn latest_schema_version() -> u32 {
        schema::latest()
    }

    /// Makes a fact true. `Ok` means it is on the disk.
    ///
    /// A command that was handed over runs to its end even when this future is dropped.
    ///
    /// # Errors
    ///
    /// What the command says, or [`Unavailable`](crate::StoreErrorKind::Unavailable); then nothing became true (but see
    /// [`StoreError`] for a connection that broke during the commit).
    pub async fn run<C: Command>(&self, command: C) -> Result<C::Output, StoreError> {
        let began = Instant::now();
        let outcome = match &*self.driver {
            Driver::Sqlite(sqlite) => sqlite.run(command).await,
            Driver::Postgres(postgres) => postgres.run(command).await,
        };
        measured(C::NAME, began, outcome)
    }

    /// Answers a question.
    ///
    /// # Errors
    ///
    /// What the query says, or [`Unavailable`](crate::StoreErrorKind::Unavailable).
    pub async fn read<Q: Query>(&self, query: Q) -> Result<Q::Output, StoreError> {
        let began = Instant::now();
        let outcome = match &*self.driver {
            Driver::Sqlite(sqlite) => sqlite.read(query).await,
            Driver::Postgres(postgres) => postgres.read(query).await,
        };
        measured(Q::NAME, began, outcome)
    }

    /// A number that changes with every commit that changes the table `identity`; what was read after it was asked for is
    /// true for as long as it is the same. Nothing while such a commit is under way, and on Postgres, where other instances
    /// write too.
    #[must_use]
    pub fn identities_version(&self) -> Option<u64> {
        match &*self.driver {
            Driver::Sqlite(sqlite) => sqlite.identities_version(),
            Driver::Postgres(_) => None,
        }
    }

    /// Whether the database can read *and* acknowledge writes now; for readiness.
    ///
    /// # Errors
    ///
    /// What stands in the way.
    pub async fn ping(&self) -> Result<(), StoreError> {
        match &*self.driver {
            Driver::Sqlite(sqlite) => sqlite.ping().await,
            Driver::Postgres(postgres) => postgres.ping().await,
        }
    }

    /// How many bytes are still free where the database is; nothing when that cannot be said, and on Postgres, which looks
    /// after its own disk.
    #[must_use]
    pub fn free_bytes(&self) -> Option<u64> {
        match &*self.driver {
            Driver::Sqlite(sqlite) => sqlite.free_bytes(),
            Driver::Postgres(_) => None,
        }
    }

    /// Whether the last commit failed, for instance because the disk is full: the next may work. Always `false` on Postgres,
    /// which [`ping`](Self::ping) asks itself.
    #[must_use]
    pub fn writes_fail(&self) -> bool {
        match &*self.driver {
            Driver::Sqlite(sqlite) => sqlite.writes_fail(),
            Driver::Postgres(_) => false,
        }
    }

    /// Waits until this store can never acknowledge a write again in this process: after a failed sync of the SQLite
    /// file nobody knows what the disk holds, and only a restart finds out. Never returns on Postgres, which looks after
    /// itself. The process should stop when this returns.
    pub async fn failed(&self) -> StoreError {
        match &*self.driver {
            Driver::Sqlite(sqlite) => sqlite.failed().await,
            Driver::Postgres(_) => std::future::pending().await,
        }
    }

    /// Finishes what was handed over, then closes the database. Later calls answer
    /// [`Unavailable`](crate::StoreErrorKind::Unavailable).
    pub async fn close(&self) {
        match &*self.driver {
            Driver::Sqlite(sqlite) => sqlite.close().await,
            Driver::Postgres(postgres) => postgres.close().await,
        }
    }

    /// `sqlite` or `postgres`, for people.
    #[must_use]
    pub fn engine(&self) -> &'static str {
        match &*self.driver {
            Driver::Sqlite(_) => "sqlite",
            Driver::Postgres(_) => "postgres",
        }
    }
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Store").field(&self.engine()).finish()
    }
}

/// Notes how long it took, and names the fact in an error.
fn measured<T>(name: &'static str, began: Instant, outcome: Result<T, StoreError>) -> Result<T, StoreError> {
    metrics::histogram!("weiqiao_store_seconds", "fact" => name).record(began.elapsed().as_secs_f64());
    outcome.map_err(|error| {
        metrics::counter!("weiqiao_store_errors_total", "fact" => name, "kind" => error.kind().as_str()).increment(1);
        error.during(name)
    })
}
