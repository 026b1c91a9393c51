use std::fmt;

use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};
use serde_json::value::RawValue;

use super::write::{Markup, Sink, legal};
use super::{Field, Fields};

/// A body being written: what [`Fields`] is to reading. For the emulator of WeChat and for tests.
///
/// ```
/// use weixin_proto::callback::{Draft, Fields, Limits};
///
/// let push = Draft::new()
///     .text("ToUserName", "gh_97417a04a28d")
///     .number("CreateTime", 1714037059)
///     .fields("ScanCodeInfo", Draft::new().text("ScanType", "qrcode").text("ScanResult", "1"));
/// assert_eq!(
///     push.to_xml(),
///     "<xml><ToUserName><![CDATA[gh_97417a04a28d]]></ToUserName><CreateTime>1714037059</CreateTime>\
///      <ScanCodeInfo><ScanType><![CDATA[qrcode]]></ScanType><ScanResult><![CDATA[1]]></ScanResult></ScanCodeInfo></xml>"
/// );
/// assert_eq!(
///     push.to_json(),
///     r#"{"ToUserName":"gh_97417a04a28d","CreateTime":1714037059,"ScanCodeInfo":{"ScanType":"qrcode","ScanResult":"1"}}"#
/// );
/// let limits = Limits::default();
/// assert_eq!(Fields::parse(push.to_xml(), &limits).unwrap(), Fields::parse(push.to_json(), &limits).unwrap());
/// ```
#[derive(Clone, Default)]
pub struct Draft {
    fields: Vec<(Box<str>, Value)>,
}

#[derive(Clone)]
enum Value {
    Text(Box<str>),
    Number(Box<str>),
    Fields(Draft),
    /// In JSON an array, also when it has one item only.
    List(Vec<Draft>),
}

impl Draft {
    /// Nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a text: CDATA in XML.
    #[must_use]
    pub fn text(self, name: &str, text: impl Into<String>) -> Self {
        self.with(name, Value::Text(text.into().into_boxed_str()))
    }

    /// Adds a number, or something else that WeChat writes without quotes.
    ///
    /// What is no JSON number is written as a text.
    #[must_use]
    pub fn number(self, name: &str, number: impl fmt::Display) -> Self {
        let number = number.to_string().into_boxed_str();
        // Blanks around it are part of a text, and would be lost around a number.
        let is_bare = !number.starts_with(|c: char| c.is_ascii_whitespace())
            && !number.ends_with(|c: char| c.is_ascii_whitespace());
        let is_number = is_bare && serde_json::from_str::<serde_json::Number>(&number).is_ok();
        self.with(name, if is_number { Value::Number(number) } else { Value::Text(number) })
    }

    /// Adds fields inside a field. Several of one name are a list; alone, JSON has it as an object.
    #[must_use]
    pub fn fields(self, name: &str, fields: Self) -> Self {
        self.with(name, Value::Fields(fields))
    }

    /// Adds a list: repeated elements in XML, always an array in JSON.
    #[must_use]
    pub fn list(self, name: &str, items: impl IntoIterator<Item = Self>) -> Self {
        self.with(name, Value::List(items.into_iter().collect()))
    }

    fn with(mut self, name: &str, value: Value) -> Self {
        self.fields.push((name.into(), value));
        self
    }

    /// The body in XML. The names must be names of XML.
    #[must_use]
    pub fn to_xml(&self) -> String {
        let mut out = String::with_capacity(512);
        let mut xml = Markup(&mut out);
        xml.open("xml");
        self.write(&mut xml);
        xml.close("xml");
        out
    }

    fn write(&self, xml: &mut Markup<'_>) {
        for (name, value) in &self.fields {
            value.write(name, xml);
        }
    }

    fn write_within(&self, name: &str, xml: &mut Markup<'_>) {
        xml.open(name);
        self.write(xml);
        xml.close(name);
    }

    /// The body in JSON.
    #[must_use]
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}

impl Value {
    fn write(&self, name: &str, xml: &mut Markup<'_>) {
        match self {
            Self::Text(text) => xml.text(name, text),
            Self::Number(number) => xml.bare(name, number),
            Self::Fields(fields) => fields.write_within(name, xml),
            Self::List(items) => items.iter().for_each(|item| item.write_within(name, xml)),
        }
    }
}

impl Sink for Draft {
    fn text(&mut self, name: &str, text: &str) {
        self.fields.push((name.into(), Value::Text(legal(text).into())));
    }

    fn number(&mut self, name: &str, number: i64) {
        self.fields.push((name.into(), Value::Number(number.to_string().into())));
    }

    fn within(&mut self, name: &str, inside: &dyn Fn(&mut dyn Sink)) {
        let mut fields = Self::new();
        inside(&mut fields);
        self.fields.push((name.into(), Value::Fields(fields)));
    }
}

impl From<Field<'_>> for Draft {
    /// The same fields again. What was a number stays one.
    fn from(field: Field<'_>) -> Self {
        field.fields().fold(Self::new(), |draft, field| match field {
            _ if field.has_fields() => draft.fields(field.name(), field.into()),
            _ if field.bare => draft.number(field.name(), field.text()),
            _ => draft.text(field.name(), field.text()),
        })
    }
}

impl From<&Fields> for Draft {
    fn from(fields: &Fields) -> Self {
        fields.root().into()
    }
}

impl fmt::Debug for Draft {
    /// Only how many there are: what people write is not for logs.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Draft({})", self.fields.len())
    }
}

impl Serialize for Draft {
    /// A JSON object; fields of one name together as an array.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut object = serializer.serialize_map(None)?;
        for (at, (name, value)) in self.fields.iter().enumerate() {
            let named = |rest: &[(Box<str>, Value)]| rest.iter().any(|(other, _)| other == name);
            if named(self.fields.get(..at).unwrap_or_default()) {
                continue;
            }
            if named(self.fields.get(at.saturating_add(1)..).unwrap_or_default()) {
                object.serialize_entry(name, &Repeated { draft: self, name })?;
            } else {
                object.serialize_entry(name, value)?;
            }
        }
        object.end()
    }
}

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Text(text) => serializer.serialize_str(text),
            Self::Number(number) => match serde_json::from_str::<&RawValue>(number) {
                Ok(digits) => digits.serialize(serializer),
                Err(_) => serializer.serialize_str(number),
            },
            Self::Fields(fields) => fields.serialize(serializer),
            Self::List(items) => serializer.collect_seq(items),
        }
    }
}

struct Repeated<'a> {
    draft: &'a Draft,
    name: &'a str,
}

impl Serialize for Repeated<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut array = serializer.serialize_seq(None)?;
        for (_, value) in self.draft.fields.iter().filter(|(name, _)| **name == *self.name) {
            match value {
                Value::List(items) => items.iter().try_for_each(|item| array.serialize_element(item))?,
                one => array.serialize_element(one)?,
            }
        }
        array.end()
    }
}
