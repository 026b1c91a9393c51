//! Postgres: a pool of connections.

use crate::{Command, Query, StoreError};

/// An opened Postgres database.
pub(crate) struct Postgres;

impl Postgres {
    pub(crate) async fn open(_url: &str, _pool_size: usize) -> Result<Self, StoreError> {
        Err(StoreError::config("not yet"))
    }

    pub(crate) async fn run<C: Command>(&self, _command: C) -> Result<C::Output, StoreError> {
        Err(StoreError::config("not yet"))
    }

    pub(crate) async fn read<Q: Query>(&self, _query: Q) -> Result<Q::Output, StoreError> {
        Err(StoreError::config("not yet"))
    }

    pub(crate) async fn migrate(&self) -> Result<(), StoreError> {
        Err(StoreError::config("not yet"))
    }

    pub(crate) async fn schema_version(&self) -> Result<Option<u32>, StoreError> {
        Err(StoreError::config("not yet"))
    }

    pub(crate) async fn ping(&self) -> Result<(), StoreError> {
        Err(StoreError::config("not yet"))
    }

    pub(crate) fn close(&self) {}
}
