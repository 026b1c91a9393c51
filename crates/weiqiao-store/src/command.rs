//! The narrow waist: a transaction with two methods, and the facts that run on it.

use std::future::Future;

use crate::{Row, StoreError, Value};

/// Something that answers statements which change nothing.
pub trait Read: Send {
    /// Runs one statement and gives its rows. Parameters are `$1`, `$2` … and may be used more than once.
    ///
    /// Inside a [`Command`] the statement may also write (`INSERT … RETURNING`); inside a [`Query`] the database refuses
    /// that.
    fn query(
        &mut self,
        sql: &'static str,
        params: Vec<Value>,
    ) -> impl Future<Output = Result<Vec<Row>, StoreError>> + Send;

    /// Like [`query`](Self::query), for statements that give one row or none.
    fn query_opt(
        &mut self,
        sql: &'static str,
        params: Vec<Value>,
    ) -> impl Future<Output = Result<Option<Row>, StoreError>> + Send {
        async move {
            let mut rows = self.query(sql, params).await?.into_iter();
            match (rows.next(), rows.next()) {
                (row, None) => Ok(row),
                _ => Err(StoreError::internal("a statement gave several rows where one was expected")),
            }
        }
    }

    /// Like [`query`](Self::query), for statements that always give exactly one row.
    fn query_one(
        &mut self,
        sql: &'static str,
        params: Vec<Value>,
    ) -> impl Future<Output = Result<Row, StoreError>> + Send {
        async move {
            self.query_opt(sql, params)
                .await?
                .ok_or_else(|| StoreError::internal("a statement gave no row where one was expected"))
        }
    }
}

/// A transaction: everything in it becomes true together, or nothing does.
pub trait Transaction: Read {
    /// Runs statements whose rows do not matter, in order, and gives how many rows each one changed. On Postgres they
    /// travel together.
    fn batch(
        &mut self,
        statements: Vec<(&'static str, Vec<Value>)>,
    ) -> impl Future<Output = Result<Vec<u64>, StoreError>> + Send;

    /// Runs one statement whose rows do not matter and gives how many rows it changed.
    fn execute(
        &mut self,
        sql: &'static str,
        params: Vec<Value>,
    ) -> impl Future<Output = Result<u64, StoreError>> + Send {
        async move { Ok(self.batch(vec![(sql, params)]).await?.into_iter().sum()) }
    }

    /// Like [`query`](Read::query), for rows this command is about to change and which another one may be changing just
    /// now: those are left out, the others are this command's until its end. On SQLite one command runs at a time, so
    /// nothing is ever left out.
    fn query_unlocked(
        &mut self,
        sql: &'static str,
        params: Vec<Value>,
    ) -> impl Future<Output = Result<Vec<Row>, StoreError>> + Send {
        self.query(sql, params)
    }
}

/// One atomic business fact, named after what becomes true.
///
/// `run` awaits nothing but its transaction, keeps its promise by unique indexes and conditional updates, and may be run
/// again from the start (another command of its group failed on SQLite, a deadlock on Postgres), so it must not have
/// effects of its own.
pub trait Command: Send + Sync + 'static {
    /// `noun.verb`, for metrics and messages.
    const NAME: &'static str;
    /// What the caller learns.
    type Output: Send + 'static;
    /// Whether it may share a transaction on Postgres.
    fn sharing(&self) -> Sharing<'_> {
        Sharing::Never
    }
    /// Makes it true.
    fn run<T: Transaction>(&self, tx: &mut T) -> impl Future<Output = Result<Self::Output, StoreError>> + Send;
}

/// Whether a command may share a transaction on Postgres with others that say so, their statements mixed with one another's.
///
/// Only where every statement decides by itself: what a command has read may have been changed by another one of the
/// transaction before its next statement, and no lock keeps them apart. Nor may it change rows that many change: two groups would
/// wait for one another. On SQLite all commands share, one after another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sharing<'a> {
    /// It has a transaction of its own.
    Never,
    /// With all the others.
    Always,
    /// Not with one of the same key.
    Unlike(&'a str),
}

/// How much a [`Query`] reads; decides where and how it runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// One statement that finds a few rows by an index.
    Point,
    /// Several statements, or many rows. All of them see the database as it was at one moment.
    Scan,
}

/// One question.
pub trait Query: Send + Sync + 'static {
    /// `noun.verb`, for metrics and messages.
    const NAME: &'static str;
    /// How much it reads.
    const SHAPE: Shape = Shape::Point;
    /// The answer.
    type Output: Send + 'static;
    /// Finds it.
    fn run<R: Read>(&self, db: &mut R) -> impl Future<Output = Result<Self::Output, StoreError>> + Send;
}
