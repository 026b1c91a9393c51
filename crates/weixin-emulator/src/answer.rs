//! What WeChat answers: JSON written from our own templates, errors with their live texts and a request id.

use std::borrow::Cow;
use std::io;

use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::Value;
use serde_json::ser::{CharEscape, CompactFormatter, Formatter};

use crate::settings::{ControlCharacters, RidStyle, Settings, TokenRid};

/// A file WeChat answers instead of JSON.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct File {
    /// Empty: it is not called one.
    pub(crate) filename: String,
    pub(crate) content_type: &'static str,
    pub(crate) bytes: Vec<u8>,
}

/// A JSON object that keeps its fields in the order WeChat writes them; or a file in its place.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Object {
    fields: Vec<(&'static str, Value)>,
    file: Option<File>,
    headers: Headers,
}

/// Headers beside the usual ones, names in lower case.
pub(crate) type Headers = Vec<(&'static str, String)>;

impl Object {
    /// An empty object.
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// No JSON at all but a file.
    pub(crate) fn file(file: File) -> Self {
        Self { file: Some(file), ..Self::default() }
    }

    /// One more header.
    pub(crate) fn with_header(mut self, name: &'static str, value: String) -> Self {
        self.headers.push((name, value));
        self
    }

    /// The headers, taken out.
    pub(crate) fn take_headers(&mut self) -> Headers {
        std::mem::take(&mut self.headers)
    }

    /// The file, if it is one.
    pub(crate) fn into_file(self) -> Result<File, Self> {
        match self.file {
            Some(file) => Ok(file),
            None => Err(self),
        }
    }

    /// `{"errcode":0,"errmsg":"ok"}`, which write calls answer.
    pub(crate) fn ok() -> Self {
        Self::new().with("errcode", 0).with("errmsg", "ok")
    }

    /// One more field.
    pub(crate) fn with(mut self, name: &'static str, value: impl Into<Value>) -> Self {
        self.fields.push((name, value.into()));
        self
    }

    /// One more field, when there is a value.
    pub(crate) fn with_some(self, name: &'static str, value: Option<impl Into<Value>>) -> Self {
        match value {
            Some(value) => self.with(name, value),
            None => self,
        }
    }

    /// One more object inside.
    pub(crate) fn with_object(self, name: &'static str, object: Object) -> Self {
        let inner = object.fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        self.with(name, Value::Object(inner))
    }

    /// A list of objects.
    pub(crate) fn with_list(self, name: &'static str, objects: impl IntoIterator<Item = Object>) -> Self {
        // Writing plain values cannot fail.
        let list = objects.into_iter().map(|object| serde_json::to_value(object).unwrap_or_default());
        self.with(name, list.collect::<Vec<Value>>())
    }

    /// The bytes on the wire.
    pub(crate) fn to_bytes(&self, control_characters: ControlCharacters) -> Vec<u8> {
        let mut out = Vec::new();
        let written = match control_characters {
            ControlCharacters::Escaped => serde_json::to_writer(&mut out, self),
            ControlCharacters::Raw => {
                self.serialize(&mut serde_json::Serializer::with_formatter(&mut out, RawControls(CompactFormatter)))
            }
        };
        // Writing plain values into memory cannot fail.
        written.map_or_else(|_| Vec::new(), |()| out)
    }
}

impl Serialize for Object {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.fields.len()))?;
        for (name, value) in &self.fields {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}

/// Writes control characters as they are, as the real service has done.
struct RawControls(CompactFormatter);

impl Formatter for RawControls {
    fn write_char_escape<W: ?Sized + io::Write>(&mut self, writer: &mut W, escape: CharEscape) -> io::Result<()> {
        match escape {
            CharEscape::AsciiControl(byte) => writer.write_all(&[byte]),
            CharEscape::Tab => writer.write_all(b"\t"),
            CharEscape::LineFeed => writer.write_all(b"\n"),
            CharEscape::CarriageReturn => writer.write_all(b"\r"),
            CharEscape::Backspace => writer.write_all(&[8]),
            CharEscape::FormFeed => writer.write_all(&[12]),
            other => self.0.write_char_escape(writer, other),
        }
    }
}

/// A family of paths with its own habits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Family {
    /// `/cgi-bin/…` and `/wxa/…`: ` rid: …`, `application/json; encoding=utf-8`.
    Api,
    /// `/cgi-bin/token`: as [`Family::Api`], with the disputed separator.
    Token,
    /// `/sns/…`: `, rid: …`, `text/plain`.
    Sns,
}

impl Family {
    /// The content type of its answers.
    pub(crate) fn content_type(self) -> &'static str {
        match self {
            Self::Api | Self::Token => "application/json; encoding=utf-8",
            Self::Sns => "text/plain",
        }
    }
}

/// WeChat says no.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) errcode: i64,
    pub(crate) text: Cow<'static, str>,
    /// This call puts ` hint: [xxxx]` before the request id.
    pub(crate) hinted: bool,
}

impl Refusal {
    /// A refusal with the text as it stands on the wire, without request id.
    pub(crate) const fn new(errcode: i64, text: &'static str) -> Self {
        Self { errcode, text: Cow::Borrowed(text), hinted: false }
    }

    /// A refusal with a composed text.
    pub(crate) fn composed(errcode: i64, text: String) -> Self {
        Self { errcode, text: Cow::Owned(text), hinted: false }
    }

    /// The same with a hint.
    pub(crate) const fn hinted(errcode: i64, text: &'static str) -> Self {
        Self { errcode, text: Cow::Borrowed(text), hinted: true }
    }

    /// The errmsg with its suffix.
    pub(crate) fn errmsg(&self, family: Family, rid: &str, settings: &Settings) -> String {
        let text = &self.text;
        let short = rid.rsplit('-').next().unwrap_or(rid);
        match settings.rid_style {
            RidStyle::None => text.to_string(),
            RidStyle::Hint => format!("{text} hint: [{short}]"),
            RidStyle::Hints => format!("{text}, hints: [ req_id: {short} ]"),
            RidStyle::Current if self.hinted => format!("{text} hint: [{short}] rid: {rid}"),
            RidStyle::Current => {
                let comma = match family {
                    Family::Sns => true,
                    Family::Api => false,
                    Family::Token => settings.token_rid == TokenRid::Comma && self.errcode != 40164,
                };
                format!("{text}{} rid: {rid}", if comma { "," } else { "" })
            }
        }
    }

    /// The whole error object.
    pub(crate) fn object(&self, family: Family, rid: &str, settings: &Settings) -> Object {
        Object::new().with("errcode", self.errcode).with("errmsg", self.errmsg(family, rid, settings))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RID: &str = "6aac005a-01bfdbee-79769285";

    #[test]
    fn objects_keep_the_order_of_their_fields() {
        let object = Object::ok().with("ticket", "t").with_object("a", Object::new().with("z", 1).with("b", 2));
        let text = String::from_utf8(object.to_bytes(ControlCharacters::Escaped)).unwrap();
        assert!(text.starts_with(r#"{"errcode":0,"errmsg":"ok","ticket":"t","a":{"#), "{text}");
    }

    #[test]
    fn control_characters_go_raw_or_escaped() {
        let object = Object::new().with("nickname", "a\u{1}b\n\"\\小");
        assert_eq!(object.to_bytes(ControlCharacters::Raw), "{\"nickname\":\"a\u{1}b\n\\\"\\\\小\"}".as_bytes());
        assert_eq!(
            object.to_bytes(ControlCharacters::Escaped),
            br#"{"nickname":"a\u0001b\n\"\\"#.to_vec().into_iter().chain("小\"}".bytes()).collect::<Vec<u8>>()
        );
    }

    #[test]
    fn request_ids_follow_the_habits_of_the_family() {
        let settings = Settings::default();
        let bad = Refusal::new(40029, "invalid code");
        assert_eq!(bad.errmsg(Family::Sns, RID, &settings), format!("invalid code, rid: {RID}"));
        assert_eq!(bad.errmsg(Family::Api, RID, &settings), format!("invalid code rid: {RID}"));
        assert_eq!(bad.errmsg(Family::Token, RID, &settings), format!("invalid code, rid: {RID}"));
        let ip = Refusal::new(40164, "x, not in whitelist");
        assert_eq!(ip.errmsg(Family::Token, RID, &settings), format!("x, not in whitelist rid: {RID}"));
        let hinted = Refusal::hinted(40029, "invalid code");
        assert_eq!(hinted.errmsg(Family::Api, RID, &settings), format!("invalid code hint: [79769285] rid: {RID}"));
        let old = Settings { rid_style: RidStyle::Hints, ..settings };
        assert_eq!(bad.errmsg(Family::Sns, RID, &old), "invalid code, hints: [ req_id: 79769285 ]");
    }
}
