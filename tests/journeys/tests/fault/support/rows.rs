//! The database as the tests see it, beside the service: rows of texts.

use std::path::PathBuf;

use rusqlite::{Connection, OpenFlags};
use tokio_postgres::NoTls;

/// Reads the database without changing it, also while the service is dead.
pub(crate) enum Rows {
    Sqlite(PathBuf),
    /// Read as a copy, because it is on a disk only the service sees.
    Unseen(PathBuf),
    Postgres(tokio_postgres::Client),
}

impl Rows {
    pub(crate) async fn postgres(url: &str) -> Self {
        let (client, connection) = tokio_postgres::connect(url, NoTls).await.unwrap();
        tokio::spawn(connection);
        Self::Postgres(client)
    }

    /// All rows, every column as text; nothing for NULL.
    pub(crate) async fn all(&self, sql: &str) -> Vec<Vec<Option<String>>> {
        match self {
            Self::Sqlite(path) => {
                // Cannot write: neither folds the WAL in nor removes it, so the next start finds what the dead one left.
                rows(&Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap(), sql)
            }
            Self::Unseen(path) => {
                let folder = tempfile::tempdir().unwrap();
                for suffix in ["", "-wal"] {
                    let name = format!("weiqiao.db{suffix}");
                    std::fs::copy(path.with_file_name(&name), folder.path().join(&name)).unwrap();
                }
                rows(&Connection::open(folder.path().join("weiqiao.db")).unwrap(), sql)
            }
            Self::Postgres(client) => {
                let rows = client.query(sql, &[]).await.unwrap();
                let texts = |row: &tokio_postgres::Row| (0..row.len()).map(|column| row.get(column)).collect();
                rows.iter().map(texts).collect()
            }
        }
    }

    /// The first column of all rows.
    pub(crate) async fn texts(&self, sql: &str) -> Vec<String> {
        self.all(sql).await.into_iter().map(|mut row| row.remove(0).unwrap()).collect()
    }

    /// One number.
    pub(crate) async fn number(&self, sql: &str) -> i64 {
        self.all(&format!("SELECT CAST(({sql}) AS TEXT)")).await[0][0].as_ref().unwrap().parse().unwrap()
    }
}

fn rows(connection: &Connection, sql: &str) -> Vec<Vec<Option<String>>> {
    let mut statement = connection.prepare(sql).unwrap();
    let width = statement.column_count();
    let read = |row: &rusqlite::Row<'_>| (0..width).map(|column| row.get(column)).collect();
    statement.query_map([], read).unwrap().map(Result::unwrap).collect()
}
