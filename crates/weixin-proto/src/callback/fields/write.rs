//! Texts into XML.

use std::borrow::Cow;
use std::fmt::Write as _;

/// Whether a character may stand in XML at all.
pub(crate) const fn is_xml(character: char) -> bool {
    matches!(character, '\t' | '\n' | '\r' | ' '..='\u{fffd}' | '\u{10000}'..)
}

/// A text as CDATA. Characters that XML cannot hold are left out; `]]>` is split over two sections.
pub(crate) fn write_cdata(out: &mut String, text: &str) {
    out.push_str("<![CDATA[");
    let text = legal(text);
    // Looking for one character first is much faster, and nearly always enough.
    let mut rest = &*text;
    while let Some(end) = rest.contains(']').then(|| rest.find("]]>")).flatten() {
        let (before, after) = rest.split_at(end.saturating_add("]]".len()));
        out.push_str(before);
        out.push_str("]]><![CDATA[");
        rest = after;
    }
    out.push_str(rest);
    out.push_str("]]>");
}

/// The text without the characters that XML cannot hold.
pub(crate) fn legal(text: &str) -> Cow<'_, str> {
    // These characters begin so, as do some that are legal. Written so that it runs over many bytes at once, and so that
    // the full-width punctuation of Chinese, which begins with 0xef too, is not suspicious.
    let bytes = text.as_bytes();
    let following = bytes.get(1..).unwrap_or_default();
    let control = bytes.iter().fold(false, |found, byte| found | (*byte < b' '));
    let end = bytes.iter().zip(following).fold(false, |found, (one, two)| found | ((*one == 0xef) & (*two == 0xbf)));
    let suspicious = control | end;
    if !suspicious || text.chars().all(is_xml) {
        text.into()
    } else {
        text.chars().filter(|character| is_xml(*character)).collect()
    }
}

/// Something that fields can be written to, in either language.
pub(crate) trait Sink {
    /// A text. Characters that XML cannot hold are left out, in JSON too.
    fn text(&mut self, name: &str, text: &str);

    /// A number.
    fn number(&mut self, name: &str, number: i64);

    /// Fields inside a field.
    fn within(&mut self, name: &str, inside: &dyn Fn(&mut dyn Sink));

    /// A text, if there is one.
    fn some(&mut self, name: &str, text: Option<&str>) {
        if let Some(text) = text {
            self.text(name, text);
        }
    }
}

impl Sink for Markup<'_> {
    fn text(&mut self, name: &str, text: &str) {
        self.open(name);
        write_cdata(self.0, text);
        self.close(name);
    }

    fn number(&mut self, name: &str, number: i64) {
        self.bare(name, number);
    }

    fn within(&mut self, name: &str, inside: &dyn Fn(&mut dyn Sink)) {
        self.open(name);
        inside(self);
        self.close(name);
    }
}

/// Elements, one after the other. Names are ours and written as they are.
pub(crate) struct Markup<'a>(pub(crate) &'a mut String);

impl Markup<'_> {
    /// `<name>1</name>`, for numbers only: nothing is escaped.
    pub(crate) fn bare(&mut self, name: &str, number: impl std::fmt::Display) {
        self.open(name);
        let _ = write!(self.0, "{number}");
        self.close(name);
    }

    pub(super) fn open(&mut self, name: &str) {
        self.0.push('<');
        self.0.push_str(name);
        self.0.push('>');
    }

    pub(super) fn close(&mut self, name: &str) {
        self.0.push_str("</");
        self.0.push_str(name);
        self.0.push('>');
    }
}
