//! The four things a column can hold, and a row of them.

use std::fmt;
use std::str::FromStr;

use serde::Serialize;
use serde::de::DeserializeOwned;
use weiqiao_model::AccountName;
use weiqiao_model::id::Id;

use crate::StoreError;

/// A parameter or a column: what both engines understand alike.
///
/// Times are epoch milliseconds in `Integer`, yes/no is 0 or 1, lists and objects are JSON in `Text`, and sealed data is
/// `Bytes`.
///
/// `Debug` shows what it is, not what it holds: the Postgres client writes parameters into its debug log.
#[derive(Clone, PartialEq, Eq)]
pub enum Value {
    /// Nothing.
    Null,
    /// A whole number: `BIGINT`.
    Integer(i64),
    /// Text without NUL characters: `TEXT`.
    Text(String),
    /// Bytes: `BYTEA` or `BLOB`.
    Bytes(Vec<u8>),
}

impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("Null"),
            Self::Integer(_) => f.write_str("Integer(…)"),
            Self::Text(text) => write!(f, "Text({} bytes)", text.len()),
            Self::Bytes(bytes) => write!(f, "Bytes({} bytes)", bytes.len()),
        }
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Integer(number)
    }
}

impl From<bool> for Value {
    fn from(flag: bool) -> Self {
        Self::Integer(i64::from(flag))
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&String> for Value {
    fn from(text: &String) -> Self {
        Self::Text(text.clone())
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<Vec<u8>> for Value {
    fn from(bytes: Vec<u8>) -> Self {
        Self::Bytes(bytes)
    }
}

impl From<&Vec<u8>> for Value {
    fn from(bytes: &Vec<u8>) -> Self {
        Self::Bytes(bytes.clone())
    }
}

impl<K> From<&Id<K>> for Value {
    fn from(id: &Id<K>) -> Self {
        Self::Text(id.as_str().to_owned())
    }
}

impl From<&AccountName> for Value {
    fn from(account: &AccountName) -> Self {
        Self::Text(account.as_str().to_owned())
    }
}

impl<T: Into<Self>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

impl<K> From<&Option<Id<K>>> for Value {
    fn from(id: &Option<Id<K>>) -> Self {
        id.as_ref().into()
    }
}

impl From<&Option<AccountName>> for Value {
    fn from(account: &Option<AccountName>) -> Self {
        account.as_ref().into()
    }
}

impl From<&Option<String>> for Value {
    fn from(text: &Option<String>) -> Self {
        text.as_ref().into()
    }
}

/// A list or an object as JSON text.
pub(crate) fn json(value: &impl Serialize) -> Result<Value, StoreError> {
    serde_json::to_string(value)
        .map(Value::Text)
        .map_err(|error| StoreError::internal(format!("writing JSON: {error}")))
}

/// The parameters of a statement: anything a [`Value`] can be made from.
macro_rules! params {
    ($($value:expr),* $(,)?) => { vec![$($crate::Value::from($value)),*] };
}
pub(crate) use params;

/// One row of an answer. Its columns are read once, from left to right, in the order the statement names them.
#[derive(Debug)]
pub struct Row {
    columns: std::vec::IntoIter<Value>,
}

impl Row {
    pub(crate) fn new(columns: Vec<Value>) -> Self {
        Self { columns: columns.into_iter() }
    }

    /// The next column, whatever it holds.
    ///
    /// # Errors
    ///
    /// This and every other reader fails when the columns are used up or the next one holds something else: then
    /// statement and reader do not fit each other.
    pub fn value(&mut self) -> Result<Value, StoreError> {
        self.columns.next().ok_or_else(|| StoreError::internal("the row has fewer columns than are read"))
    }

    /// The next column, a number.
    pub fn integer(&mut self) -> Result<i64, StoreError> {
        match self.value()? {
            Value::Integer(number) => Ok(number),
            other => Err(unexpected("a number", &other)),
        }
    }

    /// The next column, a number or nothing.
    pub fn opt_integer(&mut self) -> Result<Option<i64>, StoreError> {
        match self.value()? {
            Value::Null => Ok(None),
            Value::Integer(number) => Ok(Some(number)),
            other => Err(unexpected("a number or nothing", &other)),
        }
    }

    /// The next column, yes or no.
    pub fn flag(&mut self) -> Result<bool, StoreError> {
        Ok(self.integer()? != 0)
    }

    /// The next column, text.
    pub fn text(&mut self) -> Result<String, StoreError> {
        match self.value()? {
            Value::Text(text) => Ok(text),
            other => Err(unexpected("text", &other)),
        }
    }

    /// The next column, text or nothing.
    pub fn opt_text(&mut self) -> Result<Option<String>, StoreError> {
        match self.value()? {
            Value::Null => Ok(None),
            Value::Text(text) => Ok(Some(text)),
            other => Err(unexpected("text or nothing", &other)),
        }
    }

    /// The next column, bytes.
    pub fn bytes(&mut self) -> Result<Vec<u8>, StoreError> {
        match self.value()? {
            Value::Bytes(bytes) => Ok(bytes),
            other => Err(unexpected("bytes", &other)),
        }
    }

    /// The next column, bytes or nothing.
    pub fn opt_bytes(&mut self) -> Result<Option<Vec<u8>>, StoreError> {
        match self.value()? {
            Value::Null => Ok(None),
            Value::Bytes(bytes) => Ok(Some(bytes)),
            other => Err(unexpected("bytes or nothing", &other)),
        }
    }

    /// The next column, an id.
    pub fn id<K>(&mut self) -> Result<Id<K>, StoreError> {
        self.text().map(Id::new)
    }

    /// The next column, an id or nothing.
    pub fn opt_id<K>(&mut self) -> Result<Option<Id<K>>, StoreError> {
        Ok(self.opt_text()?.map(Id::new))
    }

    /// The next column, a word with a meaning, such as a role.
    pub fn word<T: FromStr>(&mut self) -> Result<T, StoreError> {
        let text = self.text()?;
        text.parse()
            .map_err(|_| StoreError::corrupt(format!("a stored word has no meaning as {}", std::any::type_name::<T>())))
    }

    /// The next column, a list or object stored as JSON.
    pub fn json<T: DeserializeOwned>(&mut self) -> Result<T, StoreError> {
        let text = self.text()?;
        // The position is enough to find the fault; the text itself may be about a person.
        serde_json::from_str(&text).map_err(|error| {
            StoreError::corrupt(format!("stored JSON cannot be read: line {}, column {}", error.line(), error.column()))
        })
    }
}

fn unexpected(wanted: &str, found: &Value) -> StoreError {
    let found = match found {
        Value::Null => "nothing",
        Value::Integer(_) => "a number",
        Value::Text(_) => "text",
        Value::Bytes(_) => "bytes",
    };
    StoreError::corrupt(format!("a column holds {found} where {wanted} was expected"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use weiqiao_model::{Role, UserId};

    #[test]
    fn absent_values_become_null() {
        let name: Option<&str> = None;
        assert_eq!(params![name, Some(1_i64), true], [Value::Null, Value::Integer(1), Value::Integer(1)]);
        let id: Option<UserId> = Some(UserId::new("u1"));
        assert_eq!(params![&id], [Value::Text("u1".into())]);
    }

    #[test]
    fn debug_shows_no_content() {
        let values = params!["13800138000", 42_i64, b"secret".to_vec(), None::<i64>];
        assert_eq!(format!("{values:?}"), "[Text(11 bytes), Integer(…), Bytes(6 bytes), Null]");
    }

    #[test]
    fn a_row_that_does_not_fit_is_an_error_without_its_content() {
        let mut row = Row::new(vec![Value::Text("13800138000".into()), Value::Text("god".into())]);
        let refusal = row.integer().unwrap_err().to_string();
        assert!(!refusal.contains("138"), "{refusal}");
        let refusal = row.word::<Role>().unwrap_err().to_string();
        assert!(!refusal.contains("god"), "{refusal}");
        assert!(row.value().is_err());
    }
}
