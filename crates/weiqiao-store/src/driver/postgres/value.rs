//! Our four kinds of values on Postgres's wire.

use std::error::Error;
use std::fmt;

use bytes::BytesMut;
use tokio_postgres::types::{IsNull, ToSql, Type, to_sql_checked};

use crate::{Row, StoreError, Value};

/// A parameter, written as what the server wants when that can hold it exactly.
#[derive(Debug)]
pub(super) struct Param<'a>(pub(super) &'a Value);

/// The server wants another type for a parameter: a defect of the statement.
#[derive(Debug)]
pub(super) struct Mismatch {
    wanted: Type,
}

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the statement wants {} for a parameter that is something else: cast it", self.wanted)
    }
}

impl Error for Mismatch {}

impl ToSql for Param<'_> {
    fn to_sql(&self, wanted: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
        match self.0 {
            Value::Null => Ok(IsNull::Yes),
            Value::Integer(number) if <i64 as ToSql>::accepts(wanted) => number.to_sql(wanted, out),
            Value::Text(text) if <&str as ToSql>::accepts(wanted) => text.as_str().to_sql(wanted, out),
            Value::Bytes(bytes) if <&[u8] as ToSql>::accepts(wanted) => bytes.as_slice().to_sql(wanted, out),
            _ => Err(Box::new(Mismatch { wanted: wanted.clone() })),
        }
    }

    /// Decided by value, above.
    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

/// A row of the server as a row of ours.
pub(super) fn row(row: &tokio_postgres::Row) -> Result<Row, StoreError> {
    let columns = row.columns().iter().enumerate().map(|(index, column)| column_value(row, index, column.type_()));
    Ok(Row::new(columns.collect::<Result<_, _>>()?))
}

fn column_value(row: &tokio_postgres::Row, index: usize, kind: &Type) -> Result<Value, StoreError> {
    let value = match *kind {
        Type::INT8 => row.try_get::<_, Option<i64>>(index).map(Value::from),
        Type::INT4 => row.try_get::<_, Option<i32>>(index).map(|number| number.map(i64::from).into()),
        Type::BOOL => row.try_get::<_, Option<bool>>(index).map(Value::from),
        Type::TEXT | Type::VARCHAR => row.try_get::<_, Option<String>>(index).map(Value::from),
        Type::BYTEA => row.try_get::<_, Option<Vec<u8>>>(index).map(Value::from),
        _ => {
            return Err(StoreError::internal(format!("a statement gives a column of type {kind}: the store has none")));
        }
    };
    value.map_err(|_| StoreError::corrupt(format!("a column of type {kind} cannot be read")))
}
