//! How the typed kinds read their fields.

use std::fmt;

use super::{Field, trim};
use crate::id::{Id, Kind, is_printable_ascii};

/// What can be made of a field that is there.
///
/// Implemented by texts, numbers, ids and by the parts of messages and events that hold fields themselves.
pub trait Read: Sized {
    /// Reads the field, or the fields inside it.
    ///
    /// # Errors
    ///
    /// The field, or the one inside it, that could not be read.
    fn read(field: Field<'_>) -> Result<Self, FieldError>;
}

/// What can be made of a field that may be missing: a [`Read`] must be there, an `Option` of it need not, and a `Vec`
/// takes all fields of the name.
///
/// A field without any text counts as missing for an `Option` and as no item of a `Vec`: it is how XML writes "none".
pub trait FromField: Sized {
    /// Reads the field `name` of `parent`.
    ///
    /// # Errors
    ///
    /// The field is missing or could not be read.
    fn from_field(parent: Field<'_>, name: &str) -> Result<Self, FieldError>;
}

impl<T: Read> FromField for T {
    fn from_field(parent: Field<'_>, name: &str) -> Result<Self, FieldError> {
        parent.child(name).map_or_else(|| Err(Problem::Missing.of(name)), T::read)
    }
}

impl<T: Read> FromField for Option<T> {
    fn from_field(parent: Field<'_>, name: &str) -> Result<Self, FieldError> {
        parent.child(name).filter(|field| !field.is_blank()).map(T::read).transpose()
    }
}

impl<T: Read> FromField for Vec<T> {
    fn from_field(parent: Field<'_>, name: &str) -> Result<Self, FieldError> {
        parent.list(name).filter(|field| !field.is_blank()).map(T::read).collect()
    }
}

impl Field<'_> {
    /// Reads the field `name` inside this one.
    ///
    /// # Errors
    ///
    /// It is missing and must not be, or it could not be read.
    pub fn read<T: FromField>(&self, name: &str) -> Result<T, FieldError> {
        T::from_field(*self, name)
    }

    /// As [`read`](Self::read), of the first of `names` that is there: WeChat spells some fields in two ways.
    ///
    /// # Errors
    ///
    /// As [`read`](Self::read).
    pub fn read_any<T: FromField>(&self, names: &[&str]) -> Result<T, FieldError> {
        let found = names.iter().find(|name| self.child(name).is_some());
        self.read(found.or(names.first()).copied().unwrap_or_default())
    }

    /// The field `name` inside this one, for what it holds.
    ///
    /// # Errors
    ///
    /// It is missing.
    pub fn inside(&self, name: &str) -> Result<Self, FieldError> {
        self.child(name).ok_or_else(|| Problem::Missing.of(name))
    }

    /// The field that holds the list of an event: the wrapper of XML when it is there, otherwise this one.
    #[must_use]
    pub fn unwrapped(&self, wrapper: &str) -> Self {
        self.child(wrapper).filter(Self::has_fields).unwrap_or(*self)
    }

    fn plain(&self) -> Result<&str, FieldError> {
        if self.has_fields() { Err(Problem::NotText.of(self.name())) } else { Ok(self.text()) }
    }

    fn parsed<T: std::str::FromStr>(&self, problem: Problem) -> Result<T, FieldError> {
        trim(self.plain()?).parse().map_err(|_| problem.of(self.name()))
    }
}

impl Read for String {
    /// The text as it is, which may be empty.
    fn read(field: Field<'_>) -> Result<Self, FieldError> {
        field.plain().map(str::to_owned)
    }
}

impl Read for i64 {
    fn read(field: Field<'_>) -> Result<Self, FieldError> {
        field.parsed(Problem::NotInteger)
    }
}

impl Read for u64 {
    fn read(field: Field<'_>) -> Result<Self, FieldError> {
        field.parsed(Problem::NotInteger)
    }
}

impl Read for f64 {
    fn read(field: Field<'_>) -> Result<Self, FieldError> {
        let number: Self = field.parsed(Problem::NotNumber)?;
        if number.is_finite() { Ok(number) } else { Err(Problem::NotNumber.of(field.name())) }
    }
}

impl Read for bool {
    /// 0 and 1, `false` and `true`.
    fn read(field: Field<'_>) -> Result<Self, FieldError> {
        match field.plain()?.trim() {
            "0" | "false" => Ok(false),
            "1" | "true" => Ok(true),
            _ => Err(Problem::NotBoolean.of(field.name())),
        }
    }
}

impl<K: Kind> Read for Id<K> {
    /// White space around it is dropped: some senders pad.
    fn read(field: Field<'_>) -> Result<Self, FieldError> {
        let text = trim(field.plain()?);
        if text.is_empty() {
            return Err(Problem::Missing.of(field.name()));
        }
        if is_printable_ascii(text) { Ok(Self::new(text)) } else { Err(Problem::NotId.of(field.name())) }
    }
}

/// A field that could not be read. Its words name the field, never what stood in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldError {
    field: Box<str>,
    problem: Problem,
}

impl FieldError {
    /// The name of the field, as WeChat spells it.
    #[must_use]
    pub fn field(&self) -> &str {
        &self.field
    }

    /// What is wrong with it.
    #[must_use]
    pub const fn problem(&self) -> Problem {
        self.problem
    }
}

/// What is wrong with a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Problem {
    /// It is not there, or an id without text.
    Missing,
    /// It holds fields where a text was expected.
    NotText,
    /// It is no whole number of 64 bits.
    NotInteger,
    /// It is no number.
    NotNumber,
    /// It is neither 0 nor 1.
    NotBoolean,
    /// It is an id with something else than printable ASCII.
    NotId,
    /// It is none of the words that are known.
    NotKnown,
}

impl Problem {
    pub(crate) fn of(self, field: &str) -> FieldError {
        FieldError { field: field.into(), problem: self }
    }
}

impl fmt::Display for FieldError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words = match self.problem {
            Problem::Missing => "is missing",
            Problem::NotText => "holds fields instead of a text",
            Problem::NotInteger => "is no whole number",
            Problem::NotNumber => "is no number",
            Problem::NotBoolean => "is neither 0 nor 1",
            Problem::NotId => "is an id with illegal characters",
            Problem::NotKnown => "has a value that is not known",
        };
        write!(f, "the field `{}` {words}", self.field)
    }
}

impl std::error::Error for FieldError {}
