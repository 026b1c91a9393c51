//! Postgres: a pool of connections, a transaction per command or per group of commands that may share one.

mod address;
mod connection;
mod failure;
mod group;
mod pool;
mod statement;
mod tls;
mod value;

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use deadpool_postgres::{Object, Pool};
use futures_util::FutureExt as _;
use refinery::AsyncMigrate as _;
use tokio::sync::RwLock;
use tokio_postgres::Client;
use weiqiao_model::crash_point;

use self::connection::{Connection, Trouble};
use self::group::{Groups, Shareable};
use crate::schema::{self, Dialect};
use crate::{Command, Query, Read as _, Shape, Sharing, StoreError};

/// How often a command is run when Postgres asks for it (serialisation failure, deadlock) or its connection was dead.
const ATTEMPTS: u32 = 5;

/// The wait before the second attempt; it doubles from then on.
const BACKOFF: Duration = Duration::from_millis(5);

/// An opened Postgres database.
pub(crate) struct Postgres {
    pool: Pool,
    groups: Groups,
    /// Every running command shares it; whoever has it alone knows that none is running.
    running: Arc<RwLock<()>>,
}

impl Postgres {
    /// Connects, and refuses a server that would lose acknowledged writes.
    pub(crate) async fn open(url: &str, pool_size: usize) -> Result<Self, StoreError> {
        let pool = pool::build(url, pool_size)?;
        let postgres = Self { groups: Groups::new(pool.clone()), pool, running: Arc::default() };
        let client = pool::get(&postgres.pool).await?;
        refuse_forgetful(&client).await?;
        Ok(postgres)
    }

    /// Runs a command on a task of its own: a caller who goes away neither stops it nor leaves a transaction open.
    pub(crate) async fn run<C: Command>(&self, command: C) -> Result<C::Output, StoreError> {
        let (pool, groups) = (self.pool.clone(), self.groups.clone());
        let running = Arc::clone(&self.running).read_owned().await;
        let task = async move {
            let command = Arc::new(command);
            let shared = match command.sharing() {
                Sharing::Never => Shareable::Alone,
                Sharing::Always | Sharing::Unlike(_) => groups.run(Arc::clone(&command)).await,
            };
            let outcome = match shared {
                Shareable::Done(output) => Ok(output),
                Shareable::Failed(error) => Err(error),
                Shareable::Alone => run_until_settled(&pool, &*command).await,
            };
            drop(running);
            crash_point!("store.ack.before");
            outcome
        };
        let ended = tokio::spawn(task).await;
        crash_point!("store.ack.after");
        match ended {
            Ok(outcome) => outcome,
            Err(failure) if failure.is_panic() => {
                Err(StoreError::internal("the command panicked; nothing was written"))
            }
            Err(_) => Err(StoreError::unavailable("the service is stopping")),
        }
    }

    pub(crate) async fn read<Q: Query>(&self, query: Q) -> Result<Q::Output, StoreError> {
        let mut attempt = 1;
        loop {
            let mut connection = match Q::SHAPE {
                Shape::Point => Connection::plain(pool::get(&self.pool).await?),
                Shape::Scan => Connection::snapshot(pool::get(&self.pool).await?),
            };
            let Ok(outcome) = AssertUnwindSafe(query.run(&mut connection)).catch_unwind().await else {
                return Err(StoreError::internal("the query panicked"));
            };
            match connection.finish(outcome).await {
                Err(failure) if failure.trouble != Trouble::Lasting && attempt < 2 => attempt += 1,
                outcome => return outcome.map_err(|failure| failure.error),
            }
        }
    }

    pub(crate) async fn migrate(&self) -> Result<(), StoreError> {
        // A connection of its own, closed afterwards: other timeouts, and the lock goes with it whatever happens.
        let mut client = Object::take(pool::get(&self.pool).await?);
        client
            .batch_execute(
                "SET statement_timeout = 0; SET lock_timeout = '60s'; \
                 SELECT pg_advisory_lock(hashtext('weiqiao migration'), hashtext(current_schema()))",
            )
            .await
            .map_err(|error| failure::classify(&error).during("waiting for another instance that is migrating"))?;
        let client: &mut Client = &mut client;
        let runner = schema::runner(Dialect::Postgres)?;
        if schema_version(client).await?.is_some() {
            let applied =
                client.get_applied_migrations(schema::HISTORY).await.map_err(|error| schema::failed(&error))?;
            if schema::is_up_to_date(&applied, &runner)? {
                // Asks for no right to change the schema: the service may run with a role that has none.
                return Ok(());
            }
        }
        runner.run_async(client).await.map_err(|error| schema::failed(&error))?;
        Ok(())
    }

    pub(crate) async fn schema_version(&self) -> Result<Option<u32>, StoreError> {
        let client = pool::get(&self.pool).await?;
        schema_version(&client).await
    }

    pub(crate) async fn ping(&self) -> Result<(), StoreError> {
        // Whoever asks may not wait for long; a connection that did not answer them is closed.
        let mut connection = Connection::plain(pool::get(&self.pool).await?);
        let answer = connection.query("SELECT 1", Vec::new()).await.map(|_| ());
        connection.finish(answer).await.map_err(|failure| failure.error)
    }

    pub(crate) async fn close(&self) {
        let _alone = self.running.write().await;
        self.pool.close();
    }
}

async fn run_until_settled<C: Command>(pool: &Pool, command: &C) -> Result<C::Output, StoreError> {
    let mut attempt = 1;
    loop {
        let mut connection = Connection::transaction(pool::get(pool).await?);
        let outcome = command.run(&mut connection).await;
        crash_point!("store.command.after");
        match connection.finish(outcome).await {
            // Rolled back by the server, or never begun: nothing became true, so it may run again.
            Err(failure) if failure.trouble != Trouble::Lasting && attempt < ATTEMPTS => {
                metrics::counter!("weiqiao_store_reruns_total", "fact" => C::NAME).increment(1);
                tokio::time::sleep(BACKOFF * 2_u32.pow(attempt - 1)).await;
                attempt += 1;
            }
            outcome => return outcome.map_err(|failure| failure.error),
        }
    }
}

async fn schema_version(client: &Client) -> Result<Option<u32>, StoreError> {
    let known = client
        .query_one("SELECT to_regclass($1) IS NOT NULL", &[&schema::HISTORY])
        .await
        .map_err(|error| failure::classify(&error))?;
    if !known.get::<_, bool>(0) {
        return Ok(None);
    }
    let version = client.query_one(schema::VERSION, &[]).await.map_err(|error| failure::classify(&error))?;
    let version: Option<i32> = version.get(0);
    Ok(version.and_then(|version| u32::try_from(version).ok()))
}

/// A server with `fsync` off, or sessions that do not wait for it, answer "committed" before it is true.
async fn refuse_forgetful(client: &Client) -> Result<(), StoreError> {
    let settings = client
        .query_one("SELECT current_setting('fsync'), current_setting('synchronous_commit')", &[])
        .await
        .map_err(|error| failure::classify(&error))?;
    let (fsync, synchronous_commit): (&str, &str) = (settings.get(0), settings.get(1));
    if fsync != "on" || synchronous_commit == "off" {
        return Err(StoreError::config(format!(
            "this Postgres would lose acknowledged writes (fsync = {fsync}, synchronous_commit = {synchronous_commit}): \
             set fsync = on, and synchronous_commit to anything but off for this role and database"
        )));
    }
    Ok(())
}
