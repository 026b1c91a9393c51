//! Where the database is.

use std::fmt;
use std::path::PathBuf;

/// Which engine, and where.
#[derive(Clone, PartialEq, Eq)]
pub enum StoreConfig {
    /// One file on a local disk, used by one process.
    Sqlite {
        /// The file; it and its folder are made when missing, readable by the owner only.
        path: PathBuf,
    },
    /// A Postgres server (15 or newer), shared by any number of instances.
    Postgres {
        /// `postgres://user:password@host:port/database?sslmode=…` or the `key=value` form. `sslmode` is `disable`,
        /// `prefer` (default: encrypted when the server offers it, plain on loopback), or `require`, `verify-ca`,
        /// `verify-full`, which all verify the certificate and the host name; `sslrootcert` names a PEM file with the
        /// authority when it is not one the system trusts.
        url: String,
        /// The most connections to hold open, at least 1. 16 is plenty for most services.
        pool_size: usize,
    },
}

impl StoreConfig {
    /// The default size of the Postgres pool.
    pub const DEFAULT_POOL_SIZE: usize = 16;
}

impl fmt::Debug for StoreConfig {
    /// Names the engine; a Postgres URL contains a password and is not shown.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite { path } => f.debug_struct("Sqlite").field("path", path).finish(),
            Self::Postgres { pool_size, .. } => {
                f.debug_struct("Postgres").field("url", &"[secret]").field("pool_size", pool_size).finish()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_hides_the_password() {
        let config = StoreConfig::Postgres { url: "postgres://u:hunter2@db/x".into(), pool_size: 4 };
        assert!(!format!("{config:?}").contains("hunter2"));
    }
}
