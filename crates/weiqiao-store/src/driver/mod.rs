//! The two engines. Only the modules below know a database crate.

pub(crate) mod postgres;
pub(crate) mod sqlite;

use std::future::Future;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use crate::{StoreError, Value};

/// A database of one kind or the other.
pub(crate) enum Driver {
    Sqlite(sqlite::Sqlite),
    Postgres(postgres::Postgres),
}

/// Refuses what one engine stores and the other does not, so that both behave alike.
pub(crate) fn check(params: &[Value]) -> Result<(), StoreError> {
    let has_nul = |value: &Value| matches!(value, Value::Text(text) if text.as_bytes().contains(&0));
    if params.iter().any(has_nul) {
        return Err(StoreError::new(
            crate::StoreErrorKind::Invalid,
            "text with a NUL character cannot be stored: remove it first",
        ));
    }
    Ok(())
}

/// Runs a future that never waits: on SQLite every statement is done when it is awaited.
pub(crate) fn run_now<T>(future: impl Future<Output = Result<T, StoreError>>) -> Result<T, StoreError> {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(outcome) => outcome,
        Poll::Pending => {
            Err(StoreError::internal("a fact awaited something else than its transaction: take that out of its run"))
        }
    }
}
