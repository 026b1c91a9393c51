//! Opening connections, with settings that are read back.

use std::path::Path;
use std::time::Duration;

use refinery::Migrate as _;
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use super::failure::classify;
use crate::schema::{self, Dialect};
use crate::{StoreError, StoreErrorKind};

/// How long to wait for a lock another program holds on the file.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// All statements of all facts stay prepared.
const STATEMENTS: usize = 256;

/// When the WAL starts from its beginning, its file is cut back to this, bytes: what it usually grows to, so that it is written
/// in place from then on, which is cheaper to sync.
const WAL_KEPT: i64 = 96 << 20;

/// Pages the writer keeps in memory, as SQLite wants it: negative, KiB. Taken only as far as it is used.
const WRITER_CACHE: i64 = -16 * 1_024;

/// The connection that writes.
pub(super) fn open_writer(path: &Path) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = open(path, flags)?;
    let mode: String = connection
        .query_row("PRAGMA journal_mode = WAL", [], |row| row.get(0))
        .map_err(|error| during_open(path, &error))?;
    if mode != "wal" {
        return Err(StoreError::config(format!("{}: SQLite cannot use a WAL here ({mode})", path.display())));
    }
    // FULL: a commit is on the disk before it is acknowledged. Checkpoints are ours: see the writer.
    set(&connection, path, "synchronous", "FULL", 2)?;
    set(&connection, path, "foreign_keys", "ON", 1)?;
    set(&connection, path, "wal_autocheckpoint", "0", 0)?;
    set(&connection, path, "journal_size_limit", &WAL_KEPT.to_string(), WAL_KEPT)?;
    set(&connection, path, "cache_size", &WRITER_CACHE.to_string(), WRITER_CACHE)?;
    Ok(connection)
}

/// The connection that folds the WAL into the database, and does nothing else. The one that writes is closed after it.
pub(super) fn open_for_folding(path: &Path) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = open(path, flags)?;
    // The database is on the disk before the WAL that holds the same is written anew.
    set(&connection, path, "synchronous", "FULL", 2)?;
    set(&connection, path, "wal_autocheckpoint", "0", 0)?;
    set(&connection, path, "journal_size_limit", &WAL_KEPT.to_string(), WAL_KEPT)?;
    Ok(connection)
}

/// A connection that only reads.
pub(super) fn open_reader(path: &Path) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = open(path, flags)?;
    set(&connection, path, "query_only", "ON", 1)?;
    Ok(connection)
}

fn open(path: &Path, flags: OpenFlags) -> Result<Connection, StoreError> {
    let connection = Connection::open_with_flags(path, flags).map_err(|error| during_open(path, &error))?;
    connection.busy_timeout(BUSY_TIMEOUT).map_err(|error| during_open(path, &error))?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    // Without this, SQLite built with STAT4 compiles a prepared statement anew for every value that is bound to it.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true).map_err(|error| during_open(path, &error))?;
    set(&connection, path, "trusted_schema", "OFF", 0)?;
    // Sorting and savepoints never leave memory: no half-protected temporary files.
    set(&connection, path, "temp_store", "MEMORY", 2)?;
    Ok(connection)
}

/// Sets a pragma and reads it back: SQLite ignores what it does not know or cannot do.
fn set(connection: &Connection, path: &Path, pragma: &str, value: &str, expected: i64) -> Result<(), StoreError> {
    let set = connection.execute_batch(&format!("PRAGMA {pragma} = {value}"));
    let found = set.and_then(|()| connection.pragma_query_value(None, pragma, |row| row.get::<_, i64>(0)));
    match found {
        Ok(found) if found == expected => Ok(()),
        Ok(found) => {
            Err(StoreError::config(format!("{}: SQLite has {pragma} = {found} where {value} was set", path.display())))
        }
        Err(error) => Err(during_open(path, &error)),
    }
}

fn during_open(path: &Path, error: &rusqlite::Error) -> StoreError {
    let failure = classify(error);
    let kind = match failure.kind() {
        StoreErrorKind::Internal => StoreErrorKind::Config,
        kind => kind,
    };
    StoreError::new(kind, format!("opening the database {}: {failure}", path.display()))
}

/// Brings the schema to the version this program knows.
pub(super) fn migrate(connection: &mut Connection) -> Result<(), StoreError> {
    let runner = schema::runner(Dialect::Sqlite)?;
    if schema_version(connection)?.is_some() {
        let applied = connection.get_applied_migrations(schema::HISTORY).map_err(|error| schema::failed(&error))?;
        if schema::is_up_to_date(&applied, &runner)? {
            return Ok(());
        }
    }
    runner.run(connection).map_err(|error| schema::failed(&error))?;
    Ok(())
}

/// The version that was applied last.
pub(super) fn schema_version(connection: &Connection) -> Result<Option<u32>, StoreError> {
    let known = connection.table_exists(None, schema::HISTORY).map_err(|error| classify(&error))?;
    if !known {
        return Ok(None);
    }
    connection.query_row(schema::VERSION, [], |row| row.get(0)).map_err(|error| classify(&error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_settings_hold_on_a_fresh_connection() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("weiqiao.db");
        std::fs::File::create(&path).unwrap();
        let writer = open_writer(&path).unwrap();
        let reader = open_reader(&path).unwrap();
        let value = |connection: &Connection, pragma: &str| {
            connection.pragma_query_value(None, pragma, |row| row.get::<_, i64>(0)).unwrap()
        };
        assert_eq!(value(&writer, "synchronous"), 2);
        assert_eq!(value(&writer, "foreign_keys"), 1);
        assert_eq!(value(&writer, "busy_timeout"), 5_000);
        assert_eq!(value(&reader, "query_only"), 1);
        assert!(reader.execute_batch("CREATE TABLE t (x)").is_err());
    }

    #[test]
    fn a_setting_that_does_not_hold_is_an_error() {
        let connection = Connection::open_in_memory().unwrap();
        let refusal = set(&connection, Path::new("x.db"), "synchronous", "FULL", 1).unwrap_err();
        assert_eq!(refusal.kind(), StoreErrorKind::Config);
    }
}
