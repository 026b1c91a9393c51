//! What a request may contain: the fields of a body or a query, checked before anything is done.
//!
//! A request type says its name and its fields in one constant; the checks and their documented texts are here,
//! once. Fields given twice are refused, unknown ones where staff and programs ask, and nothing of serde's own wording
//! reaches a client.

use std::borrow::Cow;

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use weiqiao_app::error::FieldProblem;

use super::ApiError;
use super::envelope::FieldDetail;

/// A request type with described fields.
pub trait Input: DeserializeOwned + Send {
    /// The name used in the documented texts, such as `WechatAuthRequest`.
    const NAME: &'static str;
    /// Its fields, in the order in which problems are told.
    const FIELDS: &'static [Field];
}

/// One field of a request.
#[derive(Debug, Clone, Copy)]
pub struct Field {
    wire: &'static str,
    label: &'static str,
    kind: Kind,
    required: bool,
}

#[derive(Debug, Clone, Copy)]
enum Kind {
    /// A text of at most this many bytes without control characters.
    Text(usize),
    /// The same, but line breaks are allowed.
    Lines(usize),
    /// A text of at most this many bytes, of any characters.
    Raw(usize),
    /// A list of texts.
    Texts,
    /// A list of whatever the use case reads.
    List,
    /// A whole number; in queries and forms its digits.
    Whole,
    /// Yes or no, in a JSON body.
    Flag,
    /// An object, in a JSON body; it may be empty.
    Object,
    /// A time as clients write it: a text or a number.
    Moment,
    /// Whatever the use case reads.
    Free,
}

impl Field {
    /// A text field: `wire` is its name in requests, `label` its name in the documented texts.
    #[must_use]
    pub const fn text(wire: &'static str, label: &'static str) -> Self {
        Self { wire, label, kind: Kind::Text(2048), required: false }
    }

    /// A text field that may contain line breaks.
    #[must_use]
    pub const fn lines(wire: &'static str, label: &'static str) -> Self {
        Self { wire, label, kind: Kind::Lines(2048), required: false }
    }

    /// A text that the use case cleans, so that nothing in it is refused.
    #[must_use]
    pub const fn raw(wire: &'static str, label: &'static str) -> Self {
        Self { wire, label, kind: Kind::Raw(2048), required: false }
    }

    /// A list of texts.
    #[must_use]
    pub const fn texts(wire: &'static str, label: &'static str) -> Self {
        Self { wire, label, kind: Kind::Texts, required: false }
    }

    /// A list whose items the use case reads.
    #[must_use]
    pub const fn list(wire: &'static str, label: &'static str) -> Self {
        Self { wire, label, kind: Kind::List, required: false }
    }

    /// A whole number.
    #[must_use]
    pub const fn whole(wire: &'static str, label: &'static str) -> Self {
        Self { wire, label, kind: Kind::Whole, required: false }
    }

    /// Yes or no.
    #[must_use]
    pub const fn flag(wire: &'static str, label: &'static str) -> Self {
        Self { wire, label, kind: Kind::Flag, required: false }
    }

    /// An object whose fields the use case reads.
    #[must_use]
    pub const fn object(wire: &'static str, label: &'static str) -> Self {
        Self { wire, label, kind: Kind::Object, required: false }
    }

    /// A time as clients write it, which nobody here reads: a text of at most 64 bytes, or a number.
    #[must_use]
    pub const fn moment(wire: &'static str, label: &'static str) -> Self {
        Self { wire, label, kind: Kind::Moment, required: false }
    }

    /// A field that the use case reads as it stands, so that an empty one may say something.
    #[must_use]
    pub const fn free(wire: &'static str, label: &'static str) -> Self {
        Self { wire, label, kind: Kind::Free, required: false }
    }

    /// The field has to be there and not empty.
    #[must_use]
    pub const fn required(mut self) -> Self {
        self.required = true;
        self
    }

    /// The longest text, in bytes.
    #[must_use]
    pub const fn max(mut self, bytes: usize) -> Self {
        self.kind = match self.kind {
            Kind::Text(_) => Kind::Text(bytes),
            Kind::Lines(_) => Kind::Lines(bytes),
            Kind::Raw(_) => Kind::Raw(bytes),
            other => other,
        };
        self
    }

    /// Whether a field that is there says nothing. An empty list does only where a list is meant.
    fn is_nothing(&self, value: &Value) -> bool {
        is_empty(value) && (!value.is_array() || matches!(self.kind, Kind::Texts | Kind::List))
    }

    /// Looks at the value and says what is wrong with it.
    fn problem(&self, value: Option<&Value>) -> Option<(&'static str, String)> {
        let wire = self.wire;
        if value.is_none_or(|value| self.is_nothing(value)) {
            return self.required.then(|| ("required", format!("{wire} 不能为空")));
        }
        match (self.kind, value?) {
            (Kind::Text(longest) | Kind::Lines(longest) | Kind::Raw(longest), Value::String(text))
                if text.len() > longest =>
            {
                Some(("max", format!("{wire} 不能超过 {longest} 字节")))
            }
            (Kind::Text(_), Value::String(text)) if text.chars().any(char::is_control) => {
                Some(("format", format!("{wire} 含有控制字符")))
            }
            (Kind::Lines(_), Value::String(text)) if text.chars().any(is_no_line) => {
                Some(("format", format!("{wire} 含有控制字符")))
            }
            (Kind::Text(_) | Kind::Lines(_) | Kind::Raw(_), Value::String(_)) => None,
            (Kind::Text(_) | Kind::Lines(_) | Kind::Raw(_), _) => Some(("type", format!("{wire} 必须是字符串"))),
            (Kind::Texts, Value::Array(items)) if items.iter().all(Value::is_string) => None,
            (Kind::Texts, _) => Some(("type", format!("{wire} 必须是字符串数组"))),
            (Kind::List, Value::Array(_)) => None,
            (Kind::List, _) => Some(("type", format!("{wire} 必须是数组"))),
            (Kind::Whole, Value::Number(number)) if number.is_i64() => None,
            (Kind::Whole, _) => Some(("type", format!("{wire} 必须是整数"))),
            (Kind::Flag, Value::Bool(_)) => None,
            (Kind::Moment, Value::Number(_)) => None,
            (Kind::Moment, Value::String(text)) if text.len() <= 64 && !text.chars().any(char::is_control) => None,
            (Kind::Moment, _) => Some(("type", format!("{wire} 必须是时间（文本或数字）"))),
            (Kind::Object, Value::Object(_)) => None,
            (Kind::Object, _) => Some(("type", format!("{wire} 必须是对象"))),
            (Kind::Flag, _) => Some(("type", format!("{wire} 必须是 true 或 false"))),
            (Kind::Free, _) => None,
        }
    }
}

/// Whether a field that is there says nothing.
pub(super) fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        Value::Array(items) => items.is_empty(),
        _ => false,
    }
}

/// Control characters other than those that shape lines.
fn is_no_line(character: char) -> bool {
    character.is_control() && !matches!(character, '\n' | '\r' | '\t')
}

/// Turns checked fields into the request type.
pub(super) fn read<T: Input>(mut fields: Map<String, Value>) -> Result<T, ApiError> {
    let mut texts = Vec::new();
    let mut details = Vec::new();
    for field in T::FIELDS {
        let value = fields.get(field.wire);
        if let Some((rule, message)) = field.problem(value) {
            texts.push(text_of(T::NAME, field, rule, &message));
            details.push(FieldDetail { field: Cow::Borrowed(field.wire), rule, message });
        } else if value.is_some_and(|value| is_blank(value, field)) {
            // An optional field that is present but empty means the same as an absent one.
            fields.remove(field.wire);
        }
    }
    if !details.is_empty() {
        return Err(ApiError::validation(&texts.join("\n"), details));
    }
    // Types were checked above; what is left is a shape that the description and the type disagree about.
    serde_json::from_value(Value::Object(fields)).map_err(|_| ApiError::validation("字段格式不正确", Vec::new()))
}

fn is_blank(value: &Value, field: &Field) -> bool {
    match (value, field.kind) {
        (_, Kind::Free) => false,
        (Value::Null, _) => true,
        (Value::String(text), _) => text.trim().is_empty(),
        _ => false,
    }
}

fn text_of(name: &str, field: &Field, rule: &str, message: &str) -> String {
    if rule == "required" {
        let label = field.label;
        format!("Key: '{name}.{label}' Error:Field validation for '{label}' failed on the 'required' tag")
    } else {
        message.to_owned()
    }
}

/// Fields from decoded pairs: every value a text, whole numbers read as such, nothing twice.
pub(super) fn from_pairs<T: Input>(pairs: Vec<(String, String)>) -> Result<Map<String, Value>, ApiError> {
    let mut fields = Map::new();
    for (name, text) in pairs {
        let whole = T::FIELDS.iter().any(|field| field.wire == name && matches!(field.kind, Kind::Whole));
        let value = match text.parse::<i64>() {
            Ok(number) if whole => Value::from(number),
            _ => Value::String(text),
        };
        insert_once(&mut fields, name, value)?;
    }
    Ok(fields)
}

/// Where a field or a parameter that is not described is refused: for staff and programs. One that counts for nothing would
/// show everything instead of what was asked for, or make a key that lives as long as any other. Elsewhere it is passed over:
/// pages and WeChat add parameters of their own, and the documented clients fields.
fn refuses_unknown(path: &str) -> bool {
    path.starts_with("/api/admin/") || path == "/api/users"
}

/// Refuses what is none of the fields where that is done, and says which there are. `noun` is what people call one of them.
pub(super) fn check_known<T: Input>(path: &str, noun: &str, given: &Map<String, Value>) -> Result<(), ApiError> {
    if !refuses_unknown(path) {
        return Ok(());
    }
    let Some(name) = given.keys().find(|name| T::FIELDS.iter().all(|field| field.wire != *name)) else {
        return Ok(());
    };
    let name = FieldProblem::spoken_name(name).to_owned();
    let known: Vec<_> = T::FIELDS.iter().map(|field| field.wire).collect();
    let message = format!("没有{noun} {name}；可以使用 {}", known.join("、"));
    let detail = FieldDetail { field: Cow::Owned(name), rule: "unknown", message: message.clone() };
    Err(ApiError::validation(&message, vec![detail]))
}

/// Adds a field that must not be there yet.
pub(super) fn insert_once(fields: &mut Map<String, Value>, name: String, value: Value) -> Result<(), ApiError> {
    if fields.contains_key(&name) {
        return Err(duplicate(&name));
    }
    fields.insert(name, value);
    Ok(())
}

/// The answer to a field that was given twice.
pub(super) fn duplicate(name: &str) -> ApiError {
    let name = FieldProblem::spoken_name(name).to_owned();
    let message = format!("{name} 重复出现");
    let detail = FieldDetail { field: Cow::Owned(name), rule: "duplicate", message: message.clone() };
    ApiError::validation(&message, vec![detail])
}

/// Decodes `application/x-www-form-urlencoded` text (a query or a form) strictly: bytes that are no UTF-8 are
/// refused instead of replaced, because a replaced character would be signed, stored or compared later.
pub(super) fn decode_pairs(encoded: &[u8]) -> Result<Vec<(String, String)>, ApiError> {
    const MOST: usize = 256;
    let mut pairs = Vec::new();
    for part in encoded.split(|&byte| byte == b'&').filter(|part| !part.is_empty()) {
        if pairs.len() == MOST {
            return Err(ApiError::validation("参数过多", Vec::new()));
        }
        let mut halves = part.splitn(2, |&byte| byte == b'=');
        let name = decode(halves.next().unwrap_or_default())?;
        let value = decode(halves.next().unwrap_or_default())?;
        pairs.push((name, value));
    }
    Ok(pairs)
}

fn decode(encoded: &[u8]) -> Result<String, ApiError> {
    let spaced: Vec<u8> = encoded.iter().map(|&byte| if byte == b'+' { b' ' } else { byte }).collect();
    let bytes: Vec<u8> = percent_encoding::percent_decode(&spaced).collect();
    String::from_utf8(bytes).map_err(|_| ApiError::validation("参数不是合法的 UTF-8 编码", Vec::new()))
}
