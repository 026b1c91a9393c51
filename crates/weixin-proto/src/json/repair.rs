//! Makes legal JSON of the ways in which WeChat's is not.

use std::iter::Peekable;
use std::str::Chars;

/// How often each kind of damage was found. All zero for JSON that needed no repair.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Repairs {
    /// Byte order marks at the start, dropped.
    pub byte_order_marks: u32,
    /// Zero bytes at the end, dropped.
    pub trailing_zeros: u32,
    /// Raw control characters inside a text, kept as the character they are.
    pub control_characters: u32,
    /// Backslashes that begin no escape, kept as backslashes.
    pub stray_backslashes: u32,
    /// Halves of a surrogate pair, replaced by U+FFFD.
    pub lone_surrogates: u32,
    /// Broken sequences of UTF-8, each replaced by U+FFFD.
    pub broken_utf8: u32,
}

impl Repairs {
    /// How many places were repaired.
    #[must_use]
    pub const fn total(&self) -> u32 {
        self.byte_order_marks
            .saturating_add(self.trailing_zeros)
            .saturating_add(self.control_characters)
            .saturating_add(self.stray_backslashes)
            .saturating_add(self.lone_surrogates)
            .saturating_add(self.broken_utf8)
    }

    /// Whether nothing had to be repaired.
    #[must_use]
    pub const fn is_clean(&self) -> bool {
        self.total() == 0
    }
}

const BYTE_ORDER_MARK: char = '\u{feff}';

/// The repaired text; legal JSON comes back as it is, byte for byte.
pub(crate) fn repair(bytes: &[u8]) -> (String, Repairs) {
    let mut repairs = Repairs::default();
    let text = decode_utf8(bytes, &mut repairs);
    let text = trim(&text, &mut repairs);
    let mut out = String::with_capacity(text.len().saturating_add(16));
    let mut rest = text.chars().peekable();
    let mut inside = false;
    while let Some(character) = rest.next() {
        match character {
            '"' => {
                inside = !inside;
                out.push('"');
            }
            '\\' if inside => escape(&mut rest, &mut out, &mut repairs),
            '\0'..='\x1f' if inside => {
                count(&mut repairs.control_characters);
                push_escaped(&mut out, character);
            }
            _ => out.push(character),
        }
    }
    (out, repairs)
}

fn count(counter: &mut u32) {
    *counter = counter.saturating_add(1);
}

fn decode_utf8(bytes: &[u8], repairs: &mut Repairs) -> String {
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        if !chunk.invalid().is_empty() {
            count(&mut repairs.broken_utf8);
            text.push(char::REPLACEMENT_CHARACTER);
        }
    }
    text
}

/// Drops byte order marks in front and zero bytes behind.
fn trim<'a>(text: &'a str, repairs: &mut Repairs) -> &'a str {
    let mut text = text;
    while let Some(rest) = text.strip_prefix(BYTE_ORDER_MARK) {
        count(&mut repairs.byte_order_marks);
        text = rest;
    }
    let mut end = text;
    while let Some(rest) = end.strip_suffix(['\0', ' ', '\t', '\r', '\n']) {
        if end.ends_with('\0') {
            count(&mut repairs.trailing_zeros);
            text = rest;
        }
        end = rest;
    }
    text
}

/// What follows a backslash inside a text. The backslash itself has been taken from `rest`.
fn escape(rest: &mut Peekable<Chars<'_>>, out: &mut String, repairs: &mut Repairs) {
    match rest.peek().copied() {
        Some(character @ ('"' | '\\' | '/' | 'b' | 'f' | 'n' | 'r' | 't')) => {
            rest.next();
            out.push('\\');
            out.push(character);
        }
        Some('u') => match four_digits(rest.clone()) {
            Some((unit, after)) => {
                *rest = after;
                unicode(unit, rest, out, repairs);
            }
            None => stray(out, repairs),
        },
        _ => stray(out, repairs),
    }
}

/// The backslash stands for itself; what follows is ordinary text.
fn stray(out: &mut String, repairs: &mut Repairs) {
    count(&mut repairs.stray_backslashes);
    out.push_str("\\\\");
}

/// A `\uXXXX` with the value `unit`, of which everything has been taken from `rest`.
fn unicode(unit: Unit, rest: &mut Peekable<Chars<'_>>, out: &mut String, repairs: &mut Repairs) {
    if unit.is_high_surrogate() {
        let mut ahead = rest.clone();
        let low = (ahead.next() == Some('\\')).then(|| four_digits(ahead)).flatten();
        if let Some((low, after)) = low.filter(|(low, _)| low.is_low_surrogate()) {
            *rest = after;
            unit.write(out);
            low.write(out);
            return;
        }
    }
    if unit.is_high_surrogate() || unit.is_low_surrogate() {
        count(&mut repairs.lone_surrogates);
        out.push(char::REPLACEMENT_CHARACTER);
    } else {
        unit.write(out);
    }
}

/// The four digits of a `\uXXXX`, as they were written.
#[derive(Clone, Copy)]
struct Unit {
    digits: [char; 4],
    value: u32,
}

impl Unit {
    fn is_high_surrogate(self) -> bool {
        (0xd800..0xdc00).contains(&self.value)
    }

    fn is_low_surrogate(self) -> bool {
        (0xdc00..0xe000).contains(&self.value)
    }

    fn write(self, out: &mut String) {
        out.push_str("\\u");
        out.extend(self.digits);
    }
}

/// Takes `uXXXX`; the iterator behind it comes back with the digits.
fn four_digits<'a>(mut rest: Peekable<Chars<'a>>) -> Option<(Unit, Peekable<Chars<'a>>)> {
    rest.next_if_eq(&'u')?;
    let mut unit = Unit { digits: ['0'; 4], value: 0 };
    for digit in &mut unit.digits {
        *digit = rest.next()?;
        unit.value = unit.value.wrapping_shl(4) | digit.to_digit(16)?;
    }
    Some((unit, rest))
}

fn push_escaped(out: &mut String, control: char) {
    const HEX: [char; 16] = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'];
    let value = control as usize;
    out.push_str("\\u00");
    out.extend(HEX.get(value >> 4));
    out.extend(HEX.get(value & 0xf));
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::json::parse;

    #[track_caller]
    fn repaired(bytes: &[u8]) -> (serde_json::Value, Repairs) {
        let (value, repairs) = parse(bytes).unwrap();
        assert!(serde_json::from_slice::<serde_json::Value>(bytes).is_err(), "this needed no repair");
        (value, repairs)
    }

    #[test]
    fn a_byte_order_mark_is_dropped() {
        let (value, repairs) = repaired(b"\xef\xbb\xbf{\"errcode\":0}");
        assert_eq!(value, json!({"errcode": 0}));
        assert_eq!(repairs, Repairs { byte_order_marks: 1, ..Repairs::default() });
    }

    #[test]
    fn zero_bytes_behind_are_dropped() {
        let (value, repairs) = repaired(b"{\"errcode\":0}\n\0\0 \0\n");
        assert_eq!(value, json!({"errcode": 0}));
        assert_eq!(repairs, Repairs { trailing_zeros: 3, ..Repairs::default() });
    }

    #[test]
    fn raw_control_characters_stay_what_they_are() {
        let (value, repairs) = repaired(b"{\"nickname\":\"a\x00b\x07c\nd\x1fe\",\n\t\"sex\":1}");
        assert_eq!(value, json!({"nickname": "a\0b\u{7}c\nd\u{1f}e", "sex": 1}));
        assert_eq!(repairs, Repairs { control_characters: 4, ..Repairs::default() });
    }

    #[test]
    fn a_backslash_that_escapes_nothing_stands_for_itself() {
        let (value, repairs) = repaired(br#"{"a":"\x","b":"\'","c":"C:\Users","d":"\u12","e":"\ug000","f":"\u"}"#);
        assert_eq!(value, json!({"a": "\\x", "b": "\\'", "c": "C:\\Users", "d": "\\u12", "e": "\\ug000", "f": "\\u"}));
        assert_eq!(repairs, Repairs { stray_backslashes: 6, ..Repairs::default() });
    }

    #[test]
    fn legal_escapes_beside_a_stray_one_keep_their_meaning() {
        let (value, _) = repaired(br#"{"a":"\x\"\\\/\b\f\n\r\t\u4e2d\ud83d\ude00"}"#);
        assert_eq!(value, json!({"a": "\\x\"\\/\u{8}\u{c}\n\r\t中😀"}));
    }

    #[test]
    fn half_an_emoji_becomes_a_replacement_character() {
        let (value, repairs) =
            repaired(br#"{"a":"x\ud83dy","b":"\ude00","c":"\ud83d\ud83d\ude00","d":"\ud83d\u4e2d"}"#);
        assert_eq!(value, json!({"a": "x\u{fffd}y", "b": "\u{fffd}", "c": "\u{fffd}😀", "d": "\u{fffd}中"}));
        assert_eq!(repairs, Repairs { lone_surrogates: 4, ..Repairs::default() });
        let (value, repairs) = repaired(br#"{"a":"\ud83d\n","b":"\ud83d\x"}"#);
        assert_eq!(value, json!({"a": "\u{fffd}\n", "b": "\u{fffd}\\x"}));
        assert_eq!(repairs, Repairs { lone_surrogates: 2, stray_backslashes: 1, ..Repairs::default() });
    }

    #[test]
    fn broken_utf8_becomes_replacement_characters() {
        let (value, repairs) = repaired(b"{\"nickname\":\"\xe4\xb8\xad\xe4\xb8\xff\xf0\x9f\x98\"}");
        assert_eq!(value, json!({"nickname": "中\u{fffd}\u{fffd}\u{fffd}"}));
        assert_eq!(repairs, Repairs { broken_utf8: 3, ..Repairs::default() });
    }

    #[test]
    fn everything_at_once() {
        let (value, repairs) = repaired(b"\xef\xbb\xbf{\"n\":\"\x01\\x\\ud800\xff\"}\0");
        assert_eq!(value, json!({"n": "\u{1}\\x\u{fffd}\u{fffd}"}));
        assert_eq!(repairs.total(), 6);
        assert!(!repairs.is_clean());
    }

    #[test]
    fn what_is_not_json_is_not_made_json() {
        for bytes in [&b"{\"a\":\"\x07\""[..], b"\0", b"\xef\xbb\xbf", b"{\"a\":\x071}", b"\xff", br#"{"a":"b\"}"#] {
            assert!(parse(bytes).is_err(), "{}", bytes.escape_ascii());
        }
    }
}
