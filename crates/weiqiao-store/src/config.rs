//! Where the database is.

use std::fmt;
use std::path::PathBuf;

use crate::StoreError;

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

    /// Reads `sqlite://data/weiqiao.db` (relative), `sqlite:///var/lib/weiqiao.db` (absolute), or a `postgres://…` or
    /// `postgresql://…` address, with the default pool size.
    ///
    /// # Errors
    ///
    /// When it begins in another way or names no file. The address itself is not repeated: it may contain a password.
    pub fn from_url(url: &str) -> Result<Self, StoreError> {
        if let Some(path) = url.strip_prefix("sqlite://") {
            if path.is_empty() || path.ends_with('/') {
                return Err(StoreError::config(
                    "sqlite:// must be followed by the path of a file: sqlite://data/weiqiao.db",
                ));
            }
            return Ok(Self::Sqlite { path: PathBuf::from(path) });
        }
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            return Ok(Self::Postgres { url: url.to_owned(), pool_size: Self::DEFAULT_POOL_SIZE });
        }
        Err(StoreError::config(
            "the address of the database begins neither with sqlite:// nor with postgres://: write \
             sqlite://data/weiqiao.db or postgres://user:password@host:port/database",
        ))
    }
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
    fn an_address_names_its_engine() {
        let sqlite = |path: &str| StoreConfig::Sqlite { path: path.into() };
        assert_eq!(StoreConfig::from_url("sqlite://data/weiqiao.db").unwrap(), sqlite("data/weiqiao.db"));
        assert_eq!(StoreConfig::from_url("sqlite:///var/lib/weiqiao.db").unwrap(), sqlite("/var/lib/weiqiao.db"));
        for url in ["postgres://u:p@db/x", "postgresql://u:p@db/x"] {
            let expected = StoreConfig::Postgres { url: url.into(), pool_size: StoreConfig::DEFAULT_POOL_SIZE };
            assert_eq!(StoreConfig::from_url(url).unwrap(), expected);
        }
        for wrong in ["", "sqlite://", "sqlite://data/", "mysql://u:hunter2@db/x", "data/weiqiao.db"] {
            let refusal = StoreConfig::from_url(wrong).unwrap_err().to_string();
            assert!(!refusal.contains("hunter2"), "{refusal}");
        }
    }

    #[test]
    fn debug_hides_the_password() {
        let config = StoreConfig::Postgres { url: "postgres://u:hunter2@db/x".into(), pool_size: 4 };
        assert!(!format!("{config:?}").contains("hunter2"));
    }
}
