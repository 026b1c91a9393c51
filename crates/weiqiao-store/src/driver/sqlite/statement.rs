//! Running statements: numbered parameters in, rows out.

use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{CachedStatement, Connection};
use send_wrapper::SendWrapper;

use super::failure::classify;
use crate::driver::{check, run_now};
use crate::{Read, Row, StoreError, Transaction, Value};

/// Runs a fact inside a transaction that somebody else begins and ends.
pub(super) fn run<T>(
    prepared: &mut Prepared<'_>,
    fact: impl AsyncFnOnce(&mut Statements<'_, '_>) -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    let mut statements = Statements::new(prepared);
    let outcome = run_now(fact(&mut statements));
    statements.finish(outcome)
}

/// A connection, and the statements that ran on it since this was made. The commands of a group mostly say the same: finding a
/// statement among those few costs less than its way out of the connection's cache and back.
pub(super) struct Prepared<'c> {
    connection: &'c Connection,
    ready: Vec<Ready<'c>>,
}

/// A statement, and where its parameters go.
struct Ready<'c> {
    sql: &'static str,
    statement: CachedStatement<'c>,
    /// For each place in the order of SQLite, which of the parameters goes there.
    places: Vec<usize>,
}

impl<'c> Prepared<'c> {
    pub(super) fn on(connection: &'c Connection) -> Self {
        Self { connection, ready: Vec::new() }
    }

    fn bound(&mut self, sql: &'static str, params: &[Value]) -> Result<&mut CachedStatement<'c>, StoreError> {
        check(params)?;
        let at = match self.ready.iter().position(|ready| ready.sql == sql) {
            Some(at) => at,
            None => {
                let statement = self.connection.prepare_cached(sql).map_err(|error| classify(&error))?;
                let places = places(sql, statement.parameter_count())?;
                self.ready.push(Ready { sql, statement, places });
                self.ready.len() - 1
            }
        };
        let Ready { statement, places, .. } =
            self.ready.get_mut(at).ok_or_else(|| StoreError::internal("a statement was lost"))?;
        bind(statement, places, params)?;
        Ok(statement)
    }
}

/// What facts run on, inside a transaction that somebody else begins and ends.
pub(super) struct Statements<'a, 'c> {
    /// The traits of the two engines promise futures that may go to another thread. These never do: they are polled once, here.
    prepared: SendWrapper<&'a mut Prepared<'c>>,
    /// The first failure. From then on nothing runs any more, whatever the fact tries.
    failure: Option<StoreError>,
}

impl<'a, 'c> Statements<'a, 'c> {
    fn new(prepared: &'a mut Prepared<'c>) -> Self {
        Self { prepared: SendWrapper::new(prepared), failure: None }
    }

    /// What came of the fact: a failed statement cannot be passed over.
    fn finish<T>(self, outcome: Result<T, StoreError>) -> Result<T, StoreError> {
        match self.failure {
            Some(failure) => Err(failure),
            None => outcome,
        }
    }

    fn attempt<T>(&mut self, run: impl FnOnce(&mut Self) -> Result<T, StoreError>) -> Result<T, StoreError> {
        if let Some(failure) = &self.failure {
            return Err(failure.clone());
        }
        let outcome = run(self);
        self.failure = outcome.as_ref().err().cloned();
        outcome
    }

    fn rows(&mut self, sql: &'static str, params: &[Value]) -> Result<Vec<Row>, StoreError> {
        let statement = self.prepared.bound(sql, params)?;
        let width = statement.column_count();
        let mut rows = statement.raw_query();
        let mut found = Vec::new();
        while let Some(row) = rows.next().map_err(|error| classify(&error))? {
            let columns = (0..width).map(|index| {
                let column = row.get_ref(index).map_err(|error| classify(&error))?;
                value(column)
            });
            found.push(Row::new(columns.collect::<Result<_, _>>()?));
        }
        Ok(found)
    }

    fn changes(&mut self, sql: &'static str, params: &[Value]) -> Result<u64, StoreError> {
        let changed = self.prepared.bound(sql, params)?.raw_execute().map_err(|error| classify(&error))?;
        Ok(u64::try_from(changed).unwrap_or(u64::MAX))
    }
}

impl Read for Statements<'_, '_> {
    async fn query(&mut self, sql: &'static str, params: Vec<Value>) -> Result<Vec<Row>, StoreError> {
        self.attempt(|this| this.rows(sql, &params))
    }
}

impl Transaction for Statements<'_, '_> {
    async fn batch(&mut self, statements: Vec<(&'static str, Vec<Value>)>) -> Result<Vec<u64>, StoreError> {
        self.attempt(|this| statements.into_iter().map(|(sql, params)| this.changes(sql, &params)).collect())
    }
}

fn missing() -> StoreError {
    StoreError::internal("a statement has a parameter that was not given: write $1, $2 … and give all of them")
}

/// Parameters are numbered: SQLite takes `$3` for a name and numbers names as it meets them. So does this, because asking for each
/// name costs more than reading the statement. No statement has a `$` elsewhere: then it would have more parameters than SQLite
/// says, and be refused.
fn places(sql: &str, count: usize) -> Result<Vec<usize>, StoreError> {
    let mut places = Vec::with_capacity(count);
    for rest in sql.split('$').skip(1) {
        let number = rest
            .bytes()
            .map_while(digit)
            .fold(0_usize, |number, digit| number.saturating_mul(10).saturating_add(digit));
        let index = number.checked_sub(1).ok_or_else(missing)?;
        if !places.contains(&index) {
            places.push(index);
        }
    }
    if places.len() == count { Ok(places) } else { Err(missing()) }
}

fn bind(statement: &mut CachedStatement<'_>, places: &[usize], params: &[Value]) -> Result<(), StoreError> {
    for (at, index) in places.iter().enumerate() {
        let value = match params.get(*index).ok_or_else(missing)? {
            Value::Null => ValueRef::Null,
            Value::Integer(number) => ValueRef::Integer(*number),
            Value::Text(text) => ValueRef::Text(text.as_bytes()),
            Value::Bytes(bytes) => ValueRef::Blob(bytes),
        };
        statement.raw_bind_parameter(at + 1, ToSqlOutput::Borrowed(value)).map_err(|error| classify(&error))?;
    }
    Ok(())
}

fn digit(byte: u8) -> Option<usize> {
    byte.is_ascii_digit().then(|| usize::from(byte - b'0'))
}

fn value(column: ValueRef<'_>) -> Result<Value, StoreError> {
    match column {
        ValueRef::Null => Ok(Value::Null),
        ValueRef::Integer(number) => Ok(Value::Integer(number)),
        ValueRef::Text(text) => match std::str::from_utf8(text) {
            Ok(text) => Ok(Value::Text(text.to_owned())),
            Err(_) => Err(StoreError::corrupt("a stored text is not UTF-8")),
        },
        ValueRef::Blob(bytes) => Ok(Value::Bytes(bytes.to_vec())),
        ValueRef::Real(_) => Err(StoreError::internal("a statement gives a fraction: the store has none")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_go_by_number_not_by_order() {
        let connection = Connection::open_in_memory().unwrap();
        let mut prepared = Prepared::on(&connection);
        let mut statements = Statements::new(&mut prepared);
        // The second time it is one that ran before.
        for number in [2, 3] {
            let mut rows = statements.rows("SELECT $2, $1, $2", &["one".into(), number.into()]).unwrap();
            let mut row = rows.remove(0);
            assert_eq!((row.integer(), row.text(), row.integer()), (Ok(number), Ok("one".to_owned()), Ok(number)));
        }
        let refusal = statements.rows("SELECT $1, $3", &[1_i64.into(), 2_i64.into()]).unwrap_err();
        assert!(refusal.to_string().contains("was not given"), "{refusal}");
    }
}
