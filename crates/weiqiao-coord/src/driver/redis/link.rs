//! The connection: one time limit for all commands, the breaker in front, the probe that closes it again.

use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use redis::aio::{ConnectionManager, ConnectionManagerConfig};
use redis::{Client, Cmd, FromRedisValue, RedisError, ScriptInvocation};
use tokio::sync::Notify;
use tokio::time::{sleep, timeout};

use super::Task;
use super::breaker::Breaker;
use crate::config::RedisConfig;
use crate::error::{Cause, CoordError};

/// First and longest wait between two probes of a Redis that is away.
const PROBE_FIRST: Duration = Duration::from_millis(50);
const PROBE_LONGEST: Duration = Duration::from_secs(1);

pub(super) struct Link {
    shared: Arc<Shared>,
    _probe: Task,
}

/// What the probe and the commands both see.
struct Shared {
    client: Client,
    command_timeout: Duration,
    connect_timeout: Duration,
    connection: RwLock<Option<ConnectionManager>>,
    breaker: Breaker,
    opened: Notify,
}

impl Link {
    /// Waits for Redis at most for one connect time-out; when it does not answer, the probe goes on looking.
    pub(super) async fn open(client: Client, config: &RedisConfig) -> Arc<Self> {
        let shared = Arc::new(Shared {
            client,
            command_timeout: config.command_timeout,
            connect_timeout: config.connect_timeout,
            connection: RwLock::new(None),
            breaker: Breaker::default(),
            opened: Notify::new(),
        });
        match shared.connect().await {
            Ok(()) => metrics::gauge!("weiqiao_coord_redis_up").set(1.0),
            Err(cause) => shared.trip(&cause),
        }
        let probe = Task(tokio::spawn(probe(Arc::clone(&shared))));
        Arc::new(Self { shared, _probe: probe })
    }

    pub(super) fn is_up(&self) -> bool {
        !self.shared.breaker.is_open()
    }

    pub(super) fn client(&self) -> &Client {
        &self.shared.client
    }

    pub(super) fn connect_timeout(&self) -> Duration {
        self.shared.connect_timeout
    }

    /// Sends one command.
    pub(super) async fn run<T: FromRedisValue>(&self, command: Cmd) -> Result<T, CoordError> {
        self.within(async |mut connection| command.query_async(&mut connection).await).await
    }

    /// Runs one script; a server that does not know it yet is taught it.
    pub(super) async fn script<T: FromRedisValue>(&self, call: &ScriptInvocation<'_>) -> Result<T, CoordError> {
        self.within(async |mut connection| call.invoke_async(&mut connection).await).await
    }

    async fn within<T>(
        &self,
        work: impl AsyncFnOnce(ConnectionManager) -> Result<T, RedisError>,
    ) -> Result<T, CoordError> {
        let shared = &self.shared;
        let Some(connection) = shared.connection() else { return Err(CoordError::Unavailable(Cause::Resting)) };
        let cause = match timeout(shared.command_timeout, work(connection)).await {
            Ok(Ok(answer)) => {
                shared.breaker.succeeded();
                return Ok(answer);
            }
            Ok(Err(error)) => cause_of(&error),
            Err(_elapsed) => Cause::Timeout,
        };
        metrics::counter!("weiqiao_coord_redis_failures_total", "cause" => cause.word()).increment(1);
        if shared.breaker.failed(&cause) {
            shared.announce_outage(&cause);
        }
        Err(CoordError::Unavailable(cause))
    }
}

impl Shared {
    /// The connection to use now; none while the breaker is open.
    fn connection(&self) -> Option<ConnectionManager> {
        if self.breaker.is_open() {
            return None;
        }
        self.connection.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn trip(&self, cause: &Cause) {
        if self.breaker.trip() {
            self.announce_outage(cause);
        }
    }

    fn announce_outage(&self, cause: &Cause) {
        tracing::warn!(%cause, "Redis does not answer; going on without it and looking for it in the background");
        metrics::gauge!("weiqiao_coord_redis_up").set(0.0);
        self.opened.notify_one();
    }

    /// Makes a new connection and lets Redis answer on it, within the limits that commands will have.
    async fn connect(&self) -> Result<(), Cause> {
        let config = ConnectionManagerConfig::new()
            .set_number_of_retries(0)
            .set_connection_timeout(Some(self.connect_timeout))
            .set_response_timeout(None);
        let connecting = ConnectionManager::new_with_config(self.client.clone(), config);
        let mut fresh = match timeout(self.connect_timeout, connecting).await {
            Ok(made) => made.map_err(|error| cause_of(&error))?,
            Err(_elapsed) => return Err(Cause::Timeout),
        };
        // A Redis that is reachable but slow must not be let in again: every command would wait for its time-out.
        match timeout(self.command_timeout, redis::cmd("PING").query_async::<()>(&mut fresh)).await {
            Ok(answer) => answer.map_err(|error| cause_of(&error))?,
            Err(_elapsed) => return Err(Cause::Timeout),
        }
        *self.connection.write().unwrap_or_else(PoisonError::into_inner) = Some(fresh);
        Ok(())
    }
}

/// Waits for the breaker to open, then makes connections until one answers and closes it.
async fn probe(shared: Arc<Shared>) {
    loop {
        shared.opened.notified().await;
        let mut pause = PROBE_FIRST;
        while let Err(cause) = shared.connect().await {
            tracing::debug!(%cause, "Redis is still away");
            sleep(pause).await;
            pause = (pause * 2).min(PROBE_LONGEST);
        }
        shared.breaker.close();
        metrics::gauge!("weiqiao_coord_redis_up").set(1.0);
        tracing::info!("Redis answers again");
    }
}

/// What failed, in words that hold no address, key, value or password.
fn cause_of(error: &RedisError) -> Cause {
    if error.is_timeout() {
        return Cause::Timeout;
    }
    let word = error.code().unwrap_or_else(|| error.category()).to_owned();
    match error.is_io_error() || error.is_unrecoverable_error() {
        true => Cause::Connection(word),
        false => Cause::Refused(word),
    }
}
