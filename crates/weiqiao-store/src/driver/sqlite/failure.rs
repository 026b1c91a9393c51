//! What a failure of SQLite means to us.

use rusqlite::ffi::{SQLITE_IOERR_DIR_FSYNC, SQLITE_IOERR_FSYNC, SQLITE_READONLY};
use rusqlite::{Error, ErrorCode};

use crate::{StoreError, StoreErrorKind};

/// Classifies a failure. SQLite's own texts name tables and columns, never stored values.
pub(super) fn classify(error: &Error) -> StoreError {
    let Error::SqliteFailure(failure, _) = error else {
        return StoreError::internal(format!("SQLite: {error}"));
    };
    let (kind, hint) = match failure.code {
        ErrorCode::DiskFull => (StoreErrorKind::Unavailable, "free some space on the disk of the database"),
        ErrorCode::SystemIoFailure => (StoreErrorKind::Unavailable, "look at the disk of the database"),
        ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => {
            (StoreErrorKind::Unavailable, "another program has the database file open")
        }
        ErrorCode::ReadOnly if failure.extended_code == SQLITE_READONLY => {
            (StoreErrorKind::Internal, "a query tried to write, or the file may not be written")
        }
        ErrorCode::ReadOnly | ErrorCode::CannotOpen | ErrorCode::PermissionDenied => {
            (StoreErrorKind::Unavailable, "look at the file of the database and its folder")
        }
        ErrorCode::OutOfMemory | ErrorCode::OperationInterrupted | ErrorCode::FileLockingProtocolFailed => {
            (StoreErrorKind::Unavailable, "try again")
        }
        ErrorCode::ConstraintViolation => (StoreErrorKind::Conflict, "the schema does not allow this"),
        ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase => {
            (StoreErrorKind::Corrupt, "stop the service and restore a backup")
        }
        _ => (StoreErrorKind::Internal, "a statement does not fit the schema; was the database migrated?"),
    };
    StoreError::new(kind, format!("SQLite: {error} ({hint})"))
}

/// Whether nobody knows any more what the disk holds. The kernel reports a failed sync once and then forgets which pages
/// were lost, so a second try that succeeds proves nothing: only reading the file anew does.
pub(super) fn is_fatal(error: &Error) -> bool {
    matches!(error, Error::SqliteFailure(failure, _)
        if matches!(failure.extended_code, SQLITE_IOERR_FSYNC | SQLITE_IOERR_DIR_FSYNC)
            || matches!(failure.code, ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase))
}

#[cfg(test)]
mod tests {
    use rusqlite::ffi::{
        self, SQLITE_BUSY, SQLITE_CONSTRAINT_UNIQUE, SQLITE_CORRUPT, SQLITE_FULL, SQLITE_IOERR_SHMSIZE,
        SQLITE_IOERR_WRITE,
    };

    use super::*;

    fn failure(code: i32) -> Error {
        Error::SqliteFailure(ffi::Error::new(code), None)
    }

    #[test]
    fn a_full_disk_heals_by_itself_and_a_failed_sync_does_not() {
        for passing in [SQLITE_FULL, SQLITE_IOERR_WRITE, SQLITE_IOERR_SHMSIZE, SQLITE_BUSY] {
            assert!(classify(&failure(passing)).is_unavailable() && !is_fatal(&failure(passing)), "{passing}");
        }
        for lasting in [SQLITE_IOERR_FSYNC, SQLITE_IOERR_DIR_FSYNC, SQLITE_CORRUPT] {
            assert!(is_fatal(&failure(lasting)), "{lasting}");
        }
        assert_eq!(classify(&failure(SQLITE_CONSTRAINT_UNIQUE)).kind(), StoreErrorKind::Conflict);
        assert_eq!(classify(&failure(SQLITE_CORRUPT)).kind(), StoreErrorKind::Corrupt);
    }
}
