//! Durable facts, written once, on SQLite or Postgres.
//!
//! # What it is for
//!
//! Everything the service must not forget goes through here. A *fact* is one file: a [`Command`] named after what becomes
//! true ([`RecordLogin`](facts::login::RecordLogin), [`ClaimCode`](facts::code::ClaimCode)) or a [`Query`], with its SQL
//! beside it. [`Store`] runs facts on one of two engines, with the same answers:
//!
//! | | SQLite | Postgres |
//! |---|---|---|
//! | for | one process, nothing to set up | any number of instances |
//! | commands | one writer thread; whatever is waiting shares one commit, a failing command undoes only itself | a pool of connections; batches travel together |
//! | queries | point reads on the caller's thread, scans on reading threads | the pool |
//!
//! ```
//! # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
//! # let folder = tempfile::tempdir().unwrap();
//! # let path = folder.path().join("weiqiao.db");
//! use weiqiao_store::facts::setting::{FindSetting, PutSettingOnce};
//! use weiqiao_store::{Store, StoreConfig};
//!
//! let store = Store::open(&StoreConfig::Sqlite { path }).await?;
//! store.migrate().await?;
//! store.run(PutSettingOnce { name: "colour".into(), value: b"green".to_vec(), now: 1_757_062_690_123 }).await?;
//! assert_eq!(store.read(FindSetting { name: "colour".into() }).await?, Some(b"green".to_vec()));
//! store.close().await;
//! # Ok::<(), weiqiao_store::StoreError>(()) }).unwrap();
//! ```
//!
//! # What it promises
//!
//! - When [`Store::run`] answers `Ok`, the fact has been written to the disk (SQLite with `synchronous=FULL`, Postgres
//!   with its own guarantee, which is checked at the start).
//! - A command that was handed over runs to its end even when the caller stops waiting.
//! - A command that fails changes nothing and disturbs no other command.
//!
//! # What it deliberately does not know
//!
//! WeChat, HTTP, keys and secrets. Columns named *sealed* hold bytes it cannot read; times are epoch milliseconds it is
//! given; ids are made by its callers. It has no clock and no randomness.
//!
//! # Map
//!
//! | module | holds |
//! |---|---|
//! | [`facts`] | the catalogue: one folder per noun, one file per fact |
//! | `command` | the waist: [`Read`], [`Transaction`], [`Command`], [`Query`] |
//! | `driver/sqlite/` | files and lock, writer and group commit, readers near and far |
//! | `driver/postgres/` | connecting, pool, transaction |
//! | `schema` | the list of migrations; the files are in `migrations/` |
//!
//! To add a fact, see [`facts`]. To add a migration, see `schema`. The rules of the SQL are in `docs/storage.md`.

mod command;
mod config;
mod driver;
mod error;
pub mod facts;
mod schema;
mod store;
mod value;

pub use command::{Command, Query, Read, Shape, Sharing, Transaction};
pub use config::StoreConfig;
pub use error::{StoreError, StoreErrorKind};
pub use store::Store;
pub use value::{Row, Value};
