//! Sending statements. What is sent on one connection is done in the order in which it was first polled.

use deadpool_postgres::Object;
use futures_util::TryStreamExt as _;
use futures_util::future::{join, join_all};
use tokio_postgres::Statement;

use super::connection::Failure;
use super::value::{Param, row};
use crate::driver::check;
use crate::{Row, Value};

/// The most statements of a batch that are in flight together.
pub(super) const IN_FLIGHT: usize = 16;

/// Leaves out the rows another transaction is changing, and keeps the others from it. The only words of the dialect that
/// are not in a fact: SQLite needs none.
const SKIP_LOCKED: &str = " FOR UPDATE SKIP LOCKED";

/// A statement that looks at what nobody else is changing.
pub(super) fn unlocked(sql: &str) -> String {
    [sql, SKIP_LOCKED].concat()
}

/// A statement and its parameters, ready to be sent.
pub(super) type Prepared<'p> = (Statement, &'p [Value]);

pub(super) async fn prepare<'p>(client: &Object, sql: &str, params: &'p [Value]) -> Result<Prepared<'p>, Failure> {
    check(params)?;
    Ok((client.prepare_cached(sql).await?, params))
}

/// The rows of a statement; `begin` goes before it.
pub(super) async fn rows(
    client: &Object,
    begin: Option<&'static str>,
    (statement, params): Prepared<'_>,
) -> Result<Vec<Row>, Failure> {
    let answer = async {
        let rows = client.query_raw(&statement, params.iter().map(Param)).await?;
        rows.try_collect::<Vec<_>>().await
    };
    let (begun, rows) = join(send(client, begin), answer).await;
    begun?;
    Ok(rows?.iter().map(row).collect::<Result<_, _>>()?)
}

/// How many rows each statement changes; `begin` goes before the first.
pub(super) async fn changes(
    client: &Object,
    begin: Option<&'static str>,
    statements: &[Prepared<'_>],
) -> Result<Vec<u64>, Failure> {
    let mut begin = send(client, begin);
    let mut counts = Vec::with_capacity(statements.len());
    for chunk in statements.chunks(IN_FLIGHT) {
        let answers = chunk.iter().map(|(statement, params)| client.execute_raw(statement, params.iter().map(Param)));
        let (begun, answers) = join(begin, join_all(answers)).await;
        begun?;
        for count in answers {
            counts.push(count?);
        }
        begin = send(client, None);
    }
    Ok(counts)
}

async fn send(client: &Object, sql: Option<&'static str>) -> Result<(), tokio_postgres::Error> {
    match sql {
        Some(sql) => client.batch_execute(sql).await,
        None => Ok(()),
    }
}
