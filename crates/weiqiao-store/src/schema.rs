//! The migrations: what the schema went through, in order.
//!
//! To add one: a file of the same name in `migrations/sqlite/` and `migrations/postgres/`, and one line in [`MIGRATIONS`].
//! A migration that was ever released is never edited: its checksum is stored with it, and a database that went through
//! another text is refused. A test compares the schemas of both engines.

use refinery::{Migration, Runner};

use crate::{StoreError, StoreErrorKind};

/// One change of the schema, in both dialects.
struct Change {
    /// `V<number>__<name>`, the name of both files.
    name: &'static str,
    sqlite: &'static str,
    postgres: &'static str,
}

macro_rules! change {
    ($name:literal) => {
        Change {
            name: $name,
            sqlite: include_str!(concat!("../migrations/sqlite/", $name, ".sql")),
            postgres: include_str!(concat!("../migrations/postgres/", $name, ".sql")),
        }
    };
}

const MIGRATIONS: &[Change] = &[
    change!("V1__foundation"),
    change!("V2__jobs"),
    change!("V3__callbacks"),
    change!("V4__login_instances"),
    change!("V5__customers"),
    change!("V6__leads"),
    change!("V7__audit_and_staff"),
    change!("V8__messages"),
];

/// Which dialect a migration is wanted in.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Dialect {
    Sqlite,
    Postgres,
}

/// What runs the migrations. On Postgres a migration that fails leaves the ones before it in place. On SQLite all of them are
/// one transaction: else refinery writes down that a migration was applied in a second one, and a process killed between the
/// two leaves a database that no later start can bring up to date.
pub(crate) fn runner(dialect: Dialect) -> Result<Runner, StoreError> {
    let migrations = MIGRATIONS.iter().map(|change| {
        let sql = match dialect {
            Dialect::Sqlite => change.sqlite,
            Dialect::Postgres => change.postgres,
        };
        Migration::unapplied(change.name, sql)
    });
    let migrations: Vec<Migration> = migrations.collect::<Result<_, _>>().map_err(|error| failed(&error))?;
    Ok(Runner::new(&migrations).set_grouped(matches!(dialect, Dialect::Sqlite)))
}

/// The version this program brings a database to.
pub(crate) fn latest() -> u32 {
    let number = |change: &Change| change.name.strip_prefix('V')?.split("__").next()?.parse().ok();
    MIGRATIONS.iter().filter_map(number).max().unwrap_or(u32::MAX)
}

/// Refuses a database that a newer program has changed: this one does not know what the newer columns mean.
pub(crate) fn check_not_newer(found: Option<u32>) -> Result<(), StoreError> {
    match found {
        Some(version) if version > latest() => Err(StoreError::new(
            StoreErrorKind::SchemaNewer,
            format!(
                "the database has schema version {version}, this program knows up to {}: start the newer program again, \
                 or restore the backup from before the upgrade",
                latest()
            ),
        )),
        _ => Ok(()),
    }
}

/// Where refinery keeps what was applied.
pub(crate) const HISTORY: &str = "refinery_schema_history";

/// The version that was applied last. Both engines understand it.
pub(crate) const VERSION: &str = "SELECT max(version) FROM refinery_schema_history";

/// Whether everything this program knows was applied, as it is written here.
pub(crate) fn is_up_to_date(applied: &[Migration], runner: &Runner) -> Result<bool, StoreError> {
    let newest = applied.iter().map(Migration::version).max();
    check_not_newer(newest.and_then(|version| u32::try_from(version).ok()))?;
    let known = runner.get_migrations();
    for migration in applied {
        if !known.contains(migration) {
            return Err(StoreError::config(format!(
                "the database went through migration {migration}, which reads differently in this program: released \
                 migrations are never edited, add a new one"
            )));
        }
    }
    Ok(applied.len() == known.len())
}

/// A migration did not go through.
pub(crate) fn failed(error: &refinery::Error) -> StoreError {
    StoreError::new(StoreErrorKind::Config, format!("migrating the database: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_in_order_and_each_is_there_once() {
        let runner = runner(Dialect::Sqlite).unwrap();
        let versions: Vec<u32> = runner.get_migrations().iter().map(|m| u32::try_from(m.version()).unwrap()).collect();
        assert!(versions.is_sorted_by(|a, b| a < b), "{versions:?}");
        assert_eq!(versions.len(), MIGRATIONS.len());
        assert_eq!(versions.last(), Some(&latest()));
    }

    #[test]
    fn a_newer_schema_is_refused_in_plain_words() {
        assert!(check_not_newer(None).is_ok());
        assert!(check_not_newer(Some(latest())).is_ok());
        let refusal = check_not_newer(Some(latest() + 1)).unwrap_err();
        assert_eq!(refusal.kind(), StoreErrorKind::SchemaNewer);
        assert!(refusal.to_string().contains("start the newer program"), "{refusal}");
    }
}
