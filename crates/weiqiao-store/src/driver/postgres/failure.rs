//! What a failure of Postgres means to us.

use std::error::Error as _;
use std::io;

use deadpool_postgres::{HookError, PoolError, TimeoutType};
use tokio_postgres::Error;
use tokio_postgres::error::DbError;

use super::connection::Trouble;
use super::value::Mismatch;
use crate::{StoreError, StoreErrorKind};

/// Classifies a failure. Only the server's main text is kept, and not even that where it may quote a stored value; its
/// detail quotes whole rows.
pub(super) fn classify(error: &Error) -> StoreError {
    if let Some(failure) = error.as_db_error() {
        return of_server(failure);
    }
    if let Some(mismatch) = error.source().and_then(|source| source.downcast_ref::<Mismatch>()) {
        return StoreError::internal(format!("Postgres: {mismatch}"));
    }
    match error.source() {
        Some(cause) => StoreError::unavailable(format!("Postgres: {error}: {cause}")),
        None => StoreError::unavailable(format!("Postgres: {error}")),
    }
}

fn of_server(failure: &DbError) -> StoreError {
    let code = failure.code().code();
    let kind = match class(code) {
        "08" | "53" | "55" | "57" | "58" => StoreErrorKind::Unavailable,
        "25" | "40" => StoreErrorKind::Unavailable,
        "22" => StoreErrorKind::Invalid,
        "23" => StoreErrorKind::Conflict,
        "28" | "3D" => StoreErrorKind::Config,
        _ if matches!(code, "XX001" | "XX002") => StoreErrorKind::Corrupt,
        // The server's own 5 s, 2 s and 10 s limits are in the classes above; the rest are statements it cannot run.
        _ => StoreErrorKind::Internal,
    };
    let text = match kind {
        StoreErrorKind::Invalid => "a value cannot be stored".to_owned(),
        StoreErrorKind::Conflict => format!(
            "the schema does not allow this ({}{})",
            failure.table().unwrap_or("?"),
            failure.constraint().map_or_else(String::new, |name| format!(", {name}"))
        ),
        _ => failure.message().to_owned(),
    };
    StoreError::new(kind, format!("Postgres: {text} ({code})"))
}

/// The first two characters of an SQLSTATE.
fn class(code: &str) -> &str {
    code.get(..2).unwrap_or_default()
}

/// What a failure before the commit means for trying again.
pub(super) fn trouble(error: &Error) -> Trouble {
    match error.as_db_error().map(|failure| failure.code().code()) {
        // Serialisation failure, deadlock.
        Some("40001" | "40P01") => Trouble::Again,
        // The server is shutting down or starting, or ended this session.
        Some("57P01" | "57P02" | "57P03" | "57P05" | "25P03") => Trouble::Lost,
        Some(code) if class(code) == "08" => Trouble::Lost,
        Some(_) => Trouble::Lasting,
        None if error.is_closed() => Trouble::Lost,
        None if error.source().is_some_and(|cause| cause.is::<io::Error>()) => Trouble::Lost,
        None => Trouble::Lasting,
    }
}

/// Why the pool gave no connection.
pub(super) fn of_pool(error: PoolError, size: usize) -> StoreError {
    match error {
        PoolError::Timeout(TimeoutType::Wait) => StoreError::unavailable(format!(
            "all {size} connections to Postgres are in use and none came free in time: try later, or raise the pool size"
        )),
        PoolError::Timeout(_) => StoreError::unavailable("Postgres did not answer in time"),
        PoolError::Backend(error) | PoolError::PostCreateHook(HookError::Backend(error)) => {
            classify(&error).during("connecting")
        }
        PoolError::Closed => StoreError::unavailable("the database is closed: the service is stopping"),
        PoolError::NoRuntimeSpecified => StoreError::internal("the pool has no runtime"),
        PoolError::PostCreateHook(HookError::Message(message)) => StoreError::unavailable(message),
    }
}
