//! The strict reader of XML. quick-xml finds the pieces; here is decided which of them may be there.

use memchr::{memchr, memmem};
use quick_xml::Error;
use quick_xml::Reader;
use quick_xml::events::{BytesDecl, BytesRef, BytesStart, Event};

use super::{Limits, Malformation, Malformed, Span, Tree, is_blank};

/// Names of items that WeChat repeats although they may hold a plain text.
const REPEATED_TEXTS: [&str; 6] = ["item", "List", "PicList", "fail_idx", "illegal_content", "proof_material_id"];

/// Reads `source` from the byte `start` on.
pub(super) fn read(source: &str, start: usize, limits: &Limits) -> Result<Tree, Malformed> {
    let text = source.get(start..).unwrap_or_default();
    let mut reader = Strict {
        source,
        start,
        limits,
        pieces: Reader::from_str(text),
        tree: Tree::with_capacity(),
        open: Vec::with_capacity(4),
        elements: 0,
        root: Root::Before,
    };
    while reader.step().map_err(|wrong| wrong.at(reader.position()))? {}
    Ok(reader.tree)
}

#[derive(PartialEq)]
enum Root {
    Before,
    Inside,
    After,
}

struct Strict<'a> {
    source: &'a str,
    start: usize,
    limits: &'a Limits,
    pieces: Reader<&'a [u8]>,
    tree: Tree,
    open: Vec<Open>,
    elements: usize,
    root: Root,
}

/// An element whose end has not come yet. The root has no node of its own.
struct Open {
    /// Its place in the tree; none for the root.
    node: Option<usize>,
    /// Where those inside it begin.
    inside: usize,
    /// A bit for each of the names inside it, several names for a bit: what is not in here was not there.
    names: u64,
    value: Value,
}

/// The text of an element, put together from its pieces.
#[derive(Default)]
struct Value {
    text: Option<Span>,
    /// White space whose fate is open: layout around CDATA, or part of a text.
    blank: Option<Span>,
    /// The text is being put together behind the source.
    assembled: bool,
    cdata: bool,
}

impl Strict<'_> {
    /// Behind the piece last read, in bytes of the whole source.
    fn position(&self) -> usize {
        let read = usize::try_from(self.pieces.buffer_position()).unwrap_or(usize::MAX);
        self.start.saturating_add(read)
    }

    /// A span of the source that ends `behind` bytes before the current position.
    fn span(&self, length: usize, behind: usize) -> Result<Span, Malformation> {
        let start = self.position().checked_sub(length.saturating_add(behind)).ok_or(Malformation::Syntax)?;
        let fit = |number| u32::try_from(number).map_err(|_| Malformation::TooLong);
        Ok(Span { start: fit(start)?, length: fit(length)? })
    }

    /// Takes one piece; `false` at the end.
    fn step(&mut self) -> Result<bool, Malformation> {
        match self.pieces.read_event().map_err(|error| syntax(&error))? {
            Event::Start(tag) => self.start(&tag, 1)?,
            Event::Empty(tag) => {
                self.start(&tag, 2)?;
                self.end()?;
            }
            Event::End(_) => self.end()?,
            Event::Text(text) => {
                let span = self.span(text.len(), 0)?;
                if text.iter().all(|byte| is_blank(*byte)) {
                    self.blank(span);
                } else if memchr(b']', &text).is_some() && memmem::find(&text, b"]]>").is_some() {
                    return Err(Malformation::Syntax);
                } else {
                    self.text(span, false)?;
                }
            }
            Event::CData(text) => {
                let span = self.span(text.len(), "]]>".len())?;
                self.text(span, true)?;
            }
            Event::GeneralRef(reference) => {
                let character = character(&reference)?;
                self.character(character)?;
            }
            Event::Decl(declaration) => {
                if self.position() != self.start.saturating_add("<?".len() + declaration.len() + "?>".len())
                    || memchr(b'<', &declaration).is_some()
                    || !is_utf8(&declaration)
                {
                    return Err(Malformation::Instruction);
                }
            }
            Event::DocType(_) => return Err(Malformation::Doctype),
            Event::PI(_) => return Err(Malformation::Instruction),
            Event::Comment(_) => return Err(Malformation::Comment),
            Event::Eof => {
                return match self.root {
                    Root::After => Ok(false),
                    Root::Before | Root::Inside => Err(Malformation::Syntax),
                };
            }
        }
        Ok(true)
    }

    /// A start tag that ends with `behind` characters of markup.
    fn start(&mut self, tag: &BytesStart<'_>, behind: usize) -> Result<(), Malformation> {
        let name = tag.name();
        let name = name.as_ref();
        if !is_name(name) {
            return Err(Malformation::Name);
        }
        let rest = tag.len().saturating_sub(name.len());
        if rest > 0 && !tag.attributes_raw().iter().all(|byte| is_blank(*byte)) {
            return Err(Malformation::Attribute);
        }
        self.elements = self.elements.saturating_add(1);
        if self.elements > self.limits.elements {
            return Err(Malformation::Elements);
        }
        if self.open.len() >= self.limits.depth {
            return Err(Malformation::Depth);
        }
        let Some(parent) = self.open.last_mut() else {
            return self.root(name);
        };
        if parent.value.text.is_some() {
            return Err(Malformation::Mixed);
        }
        parent.value.blank = None;
        let span = self.span(name.len(), rest.saturating_add(behind))?;
        let node = self.tree.open(span);
        self.open.push(Open { node: Some(node), inside: node.saturating_add(1), names: 0, value: Value::default() });
        Ok(())
    }

    fn root(&mut self, name: &[u8]) -> Result<(), Malformation> {
        match self.root {
            Root::Before if name == b"xml" => {
                self.root = Root::Inside;
                self.open.push(Open { node: None, inside: 0, names: 0, value: Value::default() });
                Ok(())
            }
            Root::Before => Err(Malformation::Root),
            Root::Inside | Root::After => Err(Malformation::AfterRoot),
        }
    }

    fn end(&mut self) -> Result<(), Malformation> {
        let Some(Open { node, mut value, .. }) = self.open.pop() else {
            return Err(Malformation::Syntax);
        };
        let Some(node) = node else {
            self.root = Root::After;
            return Ok(());
        };
        let has_fields = self.tree.nodes.len() > node.saturating_add(1);
        if !has_fields && !value.cdata {
            // White space alone, or at the end of a text that is not in CDATA, was meant.
            value.take_blank(self.source, &mut self.tree.extra)?;
        }
        let text = value.text.unwrap_or_default();
        self.tree.close(node, text, !value.cdata);
        self.once(node, has_fields)
    }

    /// A field may be repeated as an item of a list: when it holds fields each time, or has a name known for it.
    fn once(&mut self, node: usize, has_fields: bool) -> Result<(), Malformation> {
        let Some(span) = self.tree.nodes.get(node).map(|node| node.name) else { return Ok(()) };
        let Some(parent) = self.open.last_mut() else { return Ok(()) };
        let name = super::Texts { source: self.source, extra: "" }.get(span);
        let bit = bit(name);
        if parent.names & bit == 0 {
            parent.names |= bit;
            return Ok(());
        }
        match self.tree.neighbour(self.source, parent.inside..node, span) {
            None => Ok(()),
            Some(other) if other.below > 0 && has_fields => Ok(()),
            Some(_) if REPEATED_TEXTS.contains(&name) => Ok(()),
            Some(_) => Err(Malformation::Duplicate),
        }
    }

    /// The element that a text belongs to.
    fn value(&mut self) -> Result<(&mut Value, &mut String), Malformation> {
        match self.open.last_mut() {
            Some(Open { node: Some(node), value, .. }) => {
                if self.tree.nodes.len() > node.saturating_add(1) {
                    return Err(Malformation::Mixed);
                }
                Ok((value, &mut self.tree.extra))
            }
            Some(_) => Err(Malformation::Mixed),
            None if self.root == Root::After => Err(Malformation::AfterRoot),
            None => Err(Malformation::Syntax),
        }
    }

    fn text(&mut self, span: Span, cdata: bool) -> Result<(), Malformation> {
        let source = self.source;
        let (value, extra) = self.value()?;
        if cdata && value.text.is_none() {
            value.blank = None;
        }
        value.take_blank(source, extra)?;
        value.cdata |= cdata;
        value.push(source, extra, span)
    }

    fn blank(&mut self, span: Span) {
        if let Some(open) = self.open.last_mut() {
            open.value.blank = Some(span);
        }
    }

    fn character(&mut self, character: char) -> Result<(), Malformation> {
        let source = self.source;
        let (value, extra) = self.value()?;
        value.take_blank(source, extra)?;
        value.assemble(source, extra)?;
        extra.push(character);
        value.lengthen(character.len_utf8())
    }
}

impl Value {
    /// White space before or between pieces turned out to be text.
    fn take_blank(&mut self, source: &str, extra: &mut String) -> Result<(), Malformation> {
        match self.blank.take() {
            Some(span) => self.push(source, extra, span),
            None => Ok(()),
        }
    }

    fn push(&mut self, source: &str, extra: &mut String, span: Span) -> Result<(), Malformation> {
        if self.text.is_none() {
            self.text = Some(span);
            return Ok(());
        }
        self.assemble(source, extra)?;
        let start = span.start as usize;
        let piece = source.get(start..start.saturating_add(span.length as usize)).unwrap_or_default();
        extra.push_str(piece);
        self.lengthen(piece.len())
    }

    /// From now on the text is behind the source, at the end of `extra`.
    fn assemble(&mut self, source: &str, extra: &mut String) -> Result<(), Malformation> {
        if self.assembled {
            return Ok(());
        }
        self.assembled = true;
        let start = source.len().saturating_add(extra.len());
        if let Some(span) = self.text {
            let from = span.start as usize;
            extra.push_str(source.get(from..from.saturating_add(span.length as usize)).unwrap_or_default());
        }
        let length = self.text.map_or(0, |span| span.length);
        let start = u32::try_from(start).map_err(|_| Malformation::TooLong)?;
        self.text = Some(Span { start, length });
        Ok(())
    }

    fn lengthen(&mut self, by: usize) -> Result<(), Malformation> {
        let span = self.text.get_or_insert_default();
        let longer = u32::try_from(by).ok().and_then(|by| span.length.checked_add(by));
        span.length = longer.ok_or(Malformation::TooLong)?;
        Ok(())
    }
}

/// One bit out of 64, by the length, the first and the last byte of a name: the names of one push differ in these.
const fn bit(name: &str) -> u64 {
    let ends = match name.as_bytes() {
        [first, .., last] => (*first as usize) ^ ((*last as usize) << 1),
        [only] => *only as usize,
        [] => 0,
    };
    1 << ((ends ^ (name.len() << 3)) & 63)
}

/// A name as WeChat's are; with that, a prefix is refused too.
fn is_name(name: &[u8]) -> bool {
    #[allow(clippy::indexing_slicing, reason = "computed by the compiler, which would notice")]
    const NAME: [bool; 256] = {
        let mut names = [false; 256];
        let mut rest: &[u8] = b"_-.0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
        while let [byte, others @ ..] = rest {
            names[*byte as usize] = true;
            rest = others;
        }
        names
    };
    let fits = |byte: &u8| NAME.get(usize::from(*byte)).copied().unwrap_or_default();
    name.first().is_some_and(|first| first.is_ascii_alphabetic() || *first == b'_')
        && name.iter().fold(true, |all, byte| all & fits(byte))
}

fn character(reference: &BytesRef<'_>) -> Result<char, Malformation> {
    match &**reference {
        b"lt" => Ok('<'),
        b"gt" => Ok('>'),
        b"amp" => Ok('&'),
        b"apos" => Ok('\''),
        b"quot" => Ok('"'),
        _ => match reference.resolve_char_ref() {
            Ok(Some(character)) if super::write::is_xml(character) => Ok(character),
            _ => Err(Malformation::Entity),
        },
    }
}

fn is_utf8(declaration: &BytesDecl<'_>) -> bool {
    match declaration.encoding() {
        None => true,
        Some(Ok(encoding)) => encoding.eq_ignore_ascii_case(b"utf-8"),
        Some(Err(_)) => false,
    }
}

const fn syntax(_error: &Error) -> Malformation {
    Malformation::Syntax
}
