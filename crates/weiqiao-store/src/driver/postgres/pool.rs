//! The pool: how connections are made, checked and limited.

use std::time::Duration;

use deadpool_postgres::{Hook, HookError, Manager, ManagerConfig, Object, Pool, RecyclingMethod, Runtime};
use tokio_postgres::NoTls;
use tokio_postgres_rustls::MakeRustlsConnect;

use super::address::{Address, Encryption};
use super::{failure, tls};
use crate::StoreError;

/// How long a caller waits for a connection when all are in use.
const WAIT: Duration = Duration::from_secs(2);

/// How long making a connection may take.
const CONNECT: Duration = Duration::from_secs(3);

/// After how long without an answer from the network a connection is given up.
const NETWORK: Duration = Duration::from_secs(10);

/// After how much silence the network is asked whether the other side is still there.
const SILENCE: Duration = Duration::from_secs(30);

/// What every connection begins with. Ordinary settings rather than connection options, which poolers refuse. Statements here take
/// milliseconds: compiling one to machine code takes a quarter of a second.
const SESSION: &str = "SET statement_timeout = '5s'; SET lock_timeout = '2s'; SET jit = off; \
    SET idle_in_transaction_session_timeout = '10s'; SET default_transaction_isolation = 'read committed'";

/// A pool that has not connected yet.
pub(super) fn build(url: &str, size: usize) -> Result<Pool, StoreError> {
    let Address { mut config, encryption } = Address::parse(url)?;
    if config.get_connect_timeout().is_none() {
        config.connect_timeout(CONNECT);
    }
    if config.get_application_name().is_none() {
        config.application_name("weiqiao");
    }
    config.keepalives_idle(SILENCE).tcp_user_timeout(NETWORK);

    let settings = ManagerConfig { recycling_method: RecyclingMethod::Fast };
    let manager = match encryption {
        Encryption::None => Manager::from_config(config, NoTls, settings),
        Encryption::Verified { authority } => {
            Manager::from_config(config, MakeRustlsConnect::new(tls::config(authority.as_deref())?), settings)
        }
    };
    Pool::builder(manager)
        .max_size(size.max(1))
        .wait_timeout(Some(WAIT))
        .create_timeout(Some(CONNECT + WAIT))
        .recycle_timeout(Some(WAIT))
        .runtime(Runtime::Tokio1)
        .post_create(Hook::async_fn(|client, _| {
            Box::pin(async move { client.batch_execute(SESSION).await.map_err(HookError::Backend) })
        }))
        .build()
        .map_err(|error| StoreError::internal(format!("building the pool: {error}")))
}

/// A connection that was alive when the pool last heard of it.
pub(super) async fn get(pool: &Pool) -> Result<Object, StoreError> {
    pool.get().await.map_err(|error| failure::of_pool(error, pool.status().max_size))
}
