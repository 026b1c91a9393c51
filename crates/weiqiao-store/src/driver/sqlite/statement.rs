//! Running statements: numbered parameters in, rows out.

use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{CachedStatement, Connection};

use super::failure::classify;
use crate::driver::{check, run_now};
use crate::{Read, Row, StoreError, Transaction, Value};

/// Runs a fact inside a transaction that somebody else begins and ends.
pub(super) fn run<T>(
    connection: &mut Connection,
    fact: impl AsyncFnOnce(&mut Statements<'_>) -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    let mut statements = Statements::new(connection);
    let outcome = run_now(fact(&mut statements));
    statements.finish(outcome)
}

/// What facts run on, inside a transaction that somebody else begins and ends.
pub(super) struct Statements<'a> {
    connection: &'a mut Connection,
    /// The first failure. From then on nothing runs any more, whatever the fact tries.
    failure: Option<StoreError>,
}

impl<'a> Statements<'a> {
    fn new(connection: &'a mut Connection) -> Self {
        Self { connection, failure: None }
    }

    /// What came of the fact: a failed statement cannot be passed over.
    fn finish<T>(self, outcome: Result<T, StoreError>) -> Result<T, StoreError> {
        match self.failure {
            Some(failure) => Err(failure),
            None => outcome,
        }
    }

    fn attempt<T>(&mut self, run: impl FnOnce(&Self) -> Result<T, StoreError>) -> Result<T, StoreError> {
        if let Some(failure) = &self.failure {
            return Err(failure.clone());
        }
        let outcome = run(self);
        self.failure = outcome.as_ref().err().cloned();
        outcome
    }

    fn prepare(&self, sql: &str, params: &[Value]) -> Result<CachedStatement<'_>, StoreError> {
        check(params)?;
        let mut statement = self.connection.prepare_cached(sql).map_err(|error| classify(&error))?;
        bind(&mut statement, sql, params)?;
        Ok(statement)
    }

    fn rows(&self, sql: &str, params: &[Value]) -> Result<Vec<Row>, StoreError> {
        let mut statement = self.prepare(sql, params)?;
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

    fn changes(&self, sql: &str, params: &[Value]) -> Result<u64, StoreError> {
        let changed = self.prepare(sql, params)?.raw_execute().map_err(|error| classify(&error))?;
        Ok(u64::try_from(changed).unwrap_or(u64::MAX))
    }
}

impl Read for Statements<'_> {
    async fn query(&mut self, sql: &'static str, params: Vec<Value>) -> Result<Vec<Row>, StoreError> {
        self.attempt(|this| this.rows(sql, &params))
    }
}

impl Transaction for Statements<'_> {
    async fn batch(&mut self, statements: Vec<(&'static str, Vec<Value>)>) -> Result<Vec<u64>, StoreError> {
        self.attempt(|this| statements.into_iter().map(|(sql, params)| this.changes(sql, &params)).collect())
    }
}

/// Binds by number: SQLite takes `$3` for a name and numbers names as it meets them. So does this, because asking for each name
/// costs more than reading the statement. No statement has a `$` elsewhere: then it would have too many parameters, and be refused.
fn bind(statement: &mut CachedStatement<'_>, sql: &str, params: &[Value]) -> Result<(), StoreError> {
    let missing =
        || StoreError::internal("a statement has a parameter that was not given: write $1, $2 … and give all of them");
    let (mut met, mut position) = (0_u64, 0);
    for rest in sql.split('$').skip(1) {
        let number = rest
            .bytes()
            .map_while(digit)
            .fold(0_usize, |number, digit| number.saturating_mul(10).saturating_add(digit));
        let value = number.checked_sub(1).and_then(|index| params.get(index)).ok_or_else(missing)?;
        let this = u32::try_from(number).ok().and_then(|number| 1_u64.checked_shl(number)).ok_or_else(missing)?;
        if met & this != 0 {
            continue;
        }
        met |= this;
        position += 1;
        let value = match value {
            Value::Null => ValueRef::Null,
            Value::Integer(number) => ValueRef::Integer(*number),
            Value::Text(text) => ValueRef::Text(text.as_bytes()),
            Value::Bytes(bytes) => ValueRef::Blob(bytes),
        };
        statement.raw_bind_parameter(position, ToSqlOutput::Borrowed(value)).map_err(|error| classify(&error))?;
    }
    if position == statement.parameter_count() { Ok(()) } else { Err(missing()) }
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
        let mut connection = Connection::open_in_memory().unwrap();
        let statements = Statements::new(&mut connection);
        let mut rows = statements.rows("SELECT $2, $1, $2", &["one".into(), 2_i64.into()]).unwrap();
        let mut row = rows.remove(0);
        assert_eq!((row.integer(), row.text(), row.integer()), (Ok(2), Ok("one".to_owned()), Ok(2)));
        let refusal = statements.rows("SELECT $1, $3", &[1_i64.into(), 2_i64.into()]).unwrap_err();
        assert!(refusal.to_string().contains("was not given"), "{refusal}");
    }
}
