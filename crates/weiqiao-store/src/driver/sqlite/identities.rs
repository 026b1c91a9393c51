//! Whether identities may have changed since somebody looked.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use rusqlite::Connection;

use super::failure::classify;
use crate::StoreError;

/// The table whose changes are counted.
const TABLE: &str = "identity";

/// A number that is another one after every commit that changed an identity. Odd from the first changed row on until the
/// commit is done, so whoever finds the same even number before and after a look has seen what is still true.
///
/// SQLite itself tells of every changed row. It would not tell of a table that is emptied by one statement; this one never is
/// in one piece, because others refer to it.
#[derive(Debug, Clone, Default)]
pub(super) struct Identities(Arc<AtomicU64>);

impl Identities {
    /// The number; nothing while identities are being changed.
    pub(super) fn version(&self) -> Option<u64> {
        let version = self.0.load(Ordering::SeqCst);
        version.is_multiple_of(2).then_some(version)
    }

    /// Counts what the only connection that writes does.
    pub(super) fn watch(&self, writer: &mut Connection) -> Result<(), StoreError> {
        let seen = self.clone();
        writer
            .update_hook(Some(move |_, _: &str, table: &str, _| {
                if table == TABLE {
                    seen.changing();
                }
            }))
            .map_err(|error| classify(&error))
    }

    /// Identities are being changed.
    pub(super) fn changing(&self) {
        self.0.fetch_or(1, Ordering::SeqCst);
    }

    /// The change is there or was undone. Must come before anybody hears of it.
    pub(super) fn changed(&self) {
        if self.version().is_none() {
            self.0.fetch_add(1, Ordering::SeqCst);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_changed_row_counts_and_so_does_emptying_the_table() {
        let mut connection = Connection::open_in_memory().unwrap();
        let schema =
            "PRAGMA foreign_keys = ON; CREATE TABLE identity (id TEXT PRIMARY KEY); CREATE TABLE other (id TEXT);
            CREATE TABLE session (identity_id TEXT REFERENCES identity (id))";
        connection.execute_batch(schema).unwrap();
        let identities = Identities::default();
        identities.watch(&mut connection).unwrap();
        let before = identities.version();
        connection.execute_batch("INSERT INTO other VALUES ('a'); DELETE FROM other").unwrap();
        assert_eq!((identities.version(), before), (Some(0), Some(0)));
        for (round, sql) in
            ["INSERT INTO identity VALUES ('a'), ('b')", "UPDATE identity SET id = id", "DELETE FROM identity"]
                .into_iter()
                .enumerate()
        {
            connection.execute_batch(sql).unwrap();
            assert_eq!(identities.version(), None, "{sql}");
            identities.changed();
            assert_eq!(identities.version(), Some(2 * (round as u64 + 1)), "{sql}");
        }
        identities.changed();
        assert_eq!(identities.version(), Some(6), "nothing changed");
    }
}
