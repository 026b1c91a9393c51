//! Texts into XML.

use std::borrow::Cow;

/// Whether a character may stand in XML at all.
pub(crate) const fn is_xml(character: char) -> bool {
    matches!(character, '\t' | '\n' | '\r' | ' '..='\u{fffd}' | '\u{10000}'..)
}

/// What stands between the marks of a CDATA section. Characters that XML cannot hold are left out; `]]>` is split over
/// two sections.
fn write_text(out: &mut String, text: &str) {
    let found = Found::in_text(text);
    if !found.suspicious && !found.bracket {
        out.push_str(text);
        return;
    }
    let text = legal(text);
    let mut rest = &*text;
    while let Some(end) = rest.find("]]>") {
        let (before, after) = rest.split_at(end.saturating_add("]]".len()));
        out.push_str(before);
        out.push_str("]]><![CDATA[");
        rest = after;
    }
    out.push_str(rest);
}

/// What one look over all bytes of a text tells, many at once. Nearly always it is nothing, and then nothing else has
/// to be looked for.
struct Found {
    /// There may be a character that XML cannot hold.
    suspicious: bool,
    /// There is a `]`.
    bracket: bool,
}

impl Found {
    fn in_text(text: &str) -> Self {
        const CONTROL: u8 = 1;
        const BRACKET: u8 = 2;
        // The two characters beyond the control ones are U+FFFE and U+FFFF: `ef bf be` and `ef bf bf`. Full-width
        // punctuation of Chinese begins with 0xef too, so one of the two bytes alone is not suspicious.
        const FIRST: u8 = 4;
        const SECOND: u8 = 8;
        const BLOCK: usize = 16;

        #[inline]
        fn look(found: &mut [u8; BLOCK], block: &[u8; BLOCK]) {
            for (found, byte) in found.iter_mut().zip(block) {
                let mark = |is: bool, mark: u8| if is { mark } else { 0 };
                *found |= mark(*byte < b' ', CONTROL)
                    | mark(*byte == b']', BRACKET)
                    | mark(*byte == 0xef, FIRST)
                    | mark(*byte == 0xbf, SECOND);
            }
        }

        let (blocks, rest) = text.as_bytes().as_chunks::<BLOCK>();
        let mut found = [0; BLOCK];
        for block in blocks {
            look(&mut found, block);
        }
        let mut last = [b' '; BLOCK];
        if let Some(start) = last.get_mut(..rest.len()) {
            start.copy_from_slice(rest);
        }
        look(&mut found, &last);
        let found = found.iter().fold(0, |all, found| all | found);
        Self {
            suspicious: found & CONTROL != 0 || found & (FIRST | SECOND) == FIRST | SECOND,
            bracket: found & BRACKET != 0,
        }
    }
}

/// The text without the characters that XML cannot hold.
pub(crate) fn legal(text: &str) -> Cow<'_, str> {
    if !Found::in_text(text).suspicious || text.chars().all(is_xml) {
        text.into()
    } else {
        text.chars().filter(|character| is_xml(*character)).collect()
    }
}

/// Something that fields can be written to, in either language.
pub(crate) trait Sink {
    /// A text. Characters that XML cannot hold are left out, in JSON too.
    fn text(&mut self, name: &str, text: &str);

    /// A word of ours: nothing in it has to be looked for.
    fn word(&mut self, name: &str, word: &'static str) {
        self.text(name, word);
    }

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
        self.cdata(name, |out| write_text(out, text));
    }

    fn word(&mut self, name: &str, word: &'static str) {
        self.harmless(name, word);
    }

    fn number(&mut self, name: &str, number: i64) {
        self.bare(name, itoa::Buffer::new().format(number));
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
    pub(crate) fn bare(&mut self, name: &str, number: &str) {
        self.open(name);
        self.0.push_str(number);
        self.close(name);
    }

    /// A text of our own making, as Base64 and hex digits are: nothing in it has to be looked for.
    pub(crate) fn harmless(&mut self, name: &str, text: &str) {
        self.cdata(name, |out| out.push_str(text));
    }

    fn cdata(&mut self, name: &str, write: impl FnOnce(&mut String)) {
        self.0.push('<');
        self.0.push_str(name);
        self.0.push_str("><![CDATA[");
        write(self.0);
        self.0.push_str("]]></");
        self.0.push_str(name);
        self.0.push('>');
    }

    pub(crate) fn open(&mut self, name: &str) {
        self.0.push('<');
        self.0.push_str(name);
        self.0.push('>');
    }

    pub(crate) fn close(&mut self, name: &str) {
        self.0.push_str("</");
        self.0.push_str(name);
        self.0.push('>');
    }
}

#[cfg(test)]
mod tests {
    use super::{Markup, Sink as _, legal};

    fn written(text: &str) -> String {
        let mut out = String::new();
        Markup(&mut out).text("a", text);
        out
    }

    #[test]
    fn what_cannot_stay_is_found_at_every_place() {
        for before in 0..40 {
            for after in [0, 1, 15, 16, 17] {
                let around = |middle: &str| format!("{}{middle}{}", "x".repeat(before), "？".repeat(after));
                for illegal in ["\0", "\u{1f}", "\u{fffe}", "\u{ffff}"] {
                    assert_eq!(legal(&around(illegal)), around(""), "{before}, {after}");
                }
                for legal_one in ["\t", "\u{7f}", "]]", "\u{ffe5}", "\u{fffd}"] {
                    assert_eq!(legal(&around(legal_one)), around(legal_one), "{before}, {after}");
                }
                let split = format!("<a><![CDATA[{}]]></a>", around("]]]]><![CDATA[>"));
                assert_eq!(written(&around("]]>")), split, "{before}, {after}");
            }
        }
    }
}
