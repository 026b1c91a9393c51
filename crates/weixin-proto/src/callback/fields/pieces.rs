//! The pieces of XML, one after the other: tags, texts, references. What may be where is not decided here.
//!
//! What WeChat never writes is named and not read further: a DOCTYPE, a comment, an instruction.

use memchr::{memchr, memchr2, memchr3};

use super::{Malformation, is_blank};

/// One piece. Its place is known by the [position](Pieces::position) behind it.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Piece<'a> {
    /// `<name>`, or `<name/>`.
    Start {
        /// Up to the first white space.
        name: &'a str,
        /// What stands between the name and the end of the tag.
        rest: &'a str,
        /// `/>`
        empty: bool,
    },
    /// `</name>`, white space behind the name left out.
    End(&'a str),
    /// Text as it stands between markup and references; never empty.
    Text(&'a str),
    /// What stands in `<![CDATA[…]]>`.
    CData(&'a str),
    /// What stands between `&` and `;`.
    Reference(&'a str),
    /// What stands in `<?xml …?>`.
    Declaration(&'a str),
    /// Nothing is left.
    Nothing,
}

/// Takes the pieces of a text.
pub(super) struct Pieces<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Pieces<'a> {
    pub(super) const fn new(text: &'a str) -> Self {
        Self { text, at: 0 }
    }

    /// Behind the piece last taken, in bytes.
    pub(super) const fn position(&self) -> usize {
        self.at
    }

    /// Takes the next piece.
    pub(super) fn next(&mut self) -> Result<Piece<'a>, Malformation> {
        let left = self.left();
        match left.as_bytes() {
            [] => Ok(Piece::Nothing),
            [b'<', b'/', ..] => self.end(),
            [b'<', b'!', ..] => self.bang(left),
            [b'<', b'?', ..] => self.instruction(left),
            [b'<', ..] => self.start(),
            [b'&', after @ ..] => match memchr3(b';', b'&', b'<', after) {
                Some(end) if after.get(end) == Some(&b';') => {
                    self.take(1)?;
                    let reference = self.take(end)?;
                    self.take(1)?;
                    Ok(Piece::Reference(reference))
                }
                _ => Err(Malformation::Syntax),
            },
            bytes => {
                let end = memchr2(b'<', b'&', bytes).unwrap_or(bytes.len());
                self.take(end).map(Piece::Text)
            }
        }
    }

    fn left(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// So many bytes, which end between two characters.
    fn take(&mut self, bytes: usize) -> Result<&'a str, Malformation> {
        let end = self.at.saturating_add(bytes);
        let taken = self.text.get(self.at..end).ok_or(Malformation::Syntax)?;
        self.at = end;
        Ok(taken)
    }

    /// A tag without its brackets, `before` bytes of which are at its front. A `>` in quotes ends it too: then there is
    /// an attribute in it, and it is refused.
    fn tag(&mut self, before: usize) -> Result<&'a str, Malformation> {
        let end = memchr(b'>', self.left().as_bytes()).ok_or(Malformation::Syntax)?;
        self.take(before)?;
        let tag = self.take(end.saturating_sub(before))?;
        self.take(1)?;
        Ok(tag)
    }

    fn start(&mut self) -> Result<Piece<'a>, Malformation> {
        let tag = self.tag("<".len())?;
        let (tag, empty) = tag.strip_suffix('/').map_or((tag, false), |tag| (tag, true));
        let name = tag.bytes().position(is_blank).unwrap_or(tag.len());
        let (name, rest) = tag.split_at_checked(name).ok_or(Malformation::Syntax)?;
        Ok(Piece::Start { name, rest, empty })
    }

    fn end(&mut self) -> Result<Piece<'a>, Malformation> {
        Ok(Piece::End(self.tag("</".len())?.trim_end_matches([' ', '\t', '\r', '\n'])))
    }

    fn bang(&mut self, left: &str) -> Result<Piece<'a>, Malformation> {
        const CDATA: &str = "<![CDATA[";
        const DOCTYPE: &[u8] = b"<!DOCTYPE";
        if left.starts_with(CDATA) {
            self.take(CDATA.len())?;
            let end = find(self.left(), b"]]>").ok_or(Malformation::Syntax)?;
            let text = self.take(end)?;
            self.take("]]>".len())?;
            return Ok(Piece::CData(text));
        }
        if left.starts_with("<!--") {
            return Err(Malformation::Comment);
        }
        let is_doctype = left.as_bytes().get(..DOCTYPE.len()).is_some_and(|start| start.eq_ignore_ascii_case(DOCTYPE));
        Err(if is_doctype { Malformation::Doctype } else { Malformation::Syntax })
    }

    fn instruction(&mut self, left: &str) -> Result<Piece<'a>, Malformation> {
        let declares = left.strip_prefix("<?xml").is_some_and(|rest| rest.starts_with([' ', '\t', '\r', '\n', '?']));
        if !declares {
            return Err(Malformation::Instruction);
        }
        self.take("<?".len())?;
        let end = find(self.left(), b"?>").ok_or(Malformation::Syntax)?;
        let content = self.take(end)?;
        self.take("?>".len())?;
        Ok(Piece::Declaration(content))
    }
}

/// Where `what` begins.
fn find(text: &str, what: &[u8]) -> Option<usize> {
    let (first, bytes) = (*what.first()?, text.as_bytes());
    let mut from = 0_usize;
    loop {
        let left = bytes.get(from..)?;
        let found = memchr(first, left)?;
        if left.get(found..)?.starts_with(what) {
            return Some(from.saturating_add(found));
        }
        from = from.saturating_add(found).saturating_add(1);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use quick_xml::Reader;
    use quick_xml::events::Event;

    use super::*;

    /// The pieces until the end or the first that is wrong.
    fn ours(text: &str) -> (Vec<(String, usize)>, bool) {
        let mut pieces = Pieces::new(text);
        let mut taken = Vec::new();
        loop {
            let words = match pieces.next() {
                Ok(Piece::Nothing) => return (taken, true),
                Ok(Piece::Start { name, rest, empty }) => format!("start {name}{rest} {empty}"),
                Ok(Piece::End(name)) => format!("end {name}"),
                Ok(Piece::Text(text)) => format!("text {text}"),
                Ok(Piece::CData(text)) => format!("cdata {text}"),
                Ok(Piece::Reference(name)) => format!("reference {name}"),
                Ok(Piece::Declaration(content)) => format!("declaration {content}"),
                Err(_) => return (taken, false),
            };
            taken.push((words, pieces.position()));
        }
    }

    /// The same by quick-xml, which reads more: what we do not read counts as wrong.
    fn theirs(text: &str) -> (Vec<(String, usize)>, bool) {
        let mut reader = Reader::from_str(text);
        let config = reader.config_mut();
        config.check_end_names = false;
        config.allow_unmatched_ends = true;
        let mut taken = Vec::new();
        loop {
            let words = match reader.read_event() {
                Ok(Event::Eof) => return (taken, true),
                Ok(Event::Start(tag)) => format!("start {} false", &*tag),
                Ok(Event::Empty(tag)) => format!("start {} true", &*tag),
                Ok(Event::End(tag)) => format!("end {}", tag.name().as_ref()),
                Ok(Event::Text(text)) => format!("text {}", &*text),
                Ok(Event::CData(text)) => format!("cdata {}", &*text),
                Ok(Event::GeneralRef(name)) => format!("reference {}", &*name),
                Ok(Event::Decl(content)) => format!("declaration {}", &*content),
                Ok(Event::DocType(_) | Event::PI(_) | Event::Comment(_)) | Err(_) => return (taken, false),
            };
            taken.push((words, usize::try_from(reader.buffer_position()).unwrap()));
        }
    }

    proptest! {
        /// Of anything without quotes in tags, the same pieces at the same places, and the same end.
        #[test]
        fn another_reader_finds_the_same(
            parts in prop::collection::vec(
                prop::sample::select(vec![
                    "<", ">", "</", "/>", "<xml>", "</xml>", "<a>", "</a>", "<b/>", "<a ", "</a \n>", "a", "微", " ", "\n",
                    "]", "]]>", "<![CDATA[", "<![CDATA[微]]>", "<!", "<!--", "-->", "<!DOCTYPE x>", "<?xml ?>", "<?xml?>",
                    "<?x?>", "<?", "?>", "&", "&amp;", "&#65;", ";", "/", "=", "\0",
                ]),
                0..12,
            )
        ) {
            let text = parts.concat();
            // A mark of byte order and blanks are taken off before.
            prop_assert_eq!(ours(&text), theirs(&text), "{:?}", text);
        }
    }
}
