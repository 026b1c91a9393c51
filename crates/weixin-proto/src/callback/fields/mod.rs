//! The fields of a body, whatever its language.

mod draft;
mod json;
mod malformed;
mod read;
mod write;
mod xml;

use std::fmt;
use std::ops::Range;

use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};

use crate::json::Repairs;

pub use draft::Draft;
pub use malformed::{Malformation, Malformed};
pub use read::{FieldError, FromField, Problem, Read};
pub(super) use write::{Markup, Sink, legal};

/// How large a body may be before it is refused unread.
///
/// WeChat's own pushes stay far below the defaults. A list of 8 articles, the largest documented one, has 115
/// elements.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the body, of the encrypted one as well as of the one inside. 64 KiB.
    pub bytes: usize,
    /// Levels of nesting, the root being the first. 16.
    pub depth: usize,
    /// Elements (XML) or values (JSON) in all, the root among them. 128.
    pub elements: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { bytes: 64 * 1024, depth: 16, elements: 128 }
    }
}

/// Which of the two languages a body is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// XML: always for official accounts, by choice for mini programs.
    Xml,
    /// JSON: by choice for mini programs.
    Json,
}

/// A push as it stood in the body: an ordered tree of named texts.
///
/// XML and JSON give the same tree. An element or an object holds fields; everything else is a text, also a number. A
/// list is several fields of one name beside each other, which is how XML writes it; a JSON array becomes that. The
/// ways to read are in [`Field`].
///
/// The tree points into the body instead of copying it: reading a push allocates the body, the list of fields, and
/// one more buffer when some text had to be unescaped.
#[derive(Clone)]
pub struct Fields {
    source: String,
    tree: Tree,
    format: Format,
    repairs: Repairs,
}

impl Fields {
    /// Reads a body of XML or JSON; the first character says which it is, a byte order mark may precede it.
    ///
    /// XML is read strictly: no DOCTYPE, no processing instructions, no comments, no attributes, no prefixes, no
    /// entities beyond the five and numbers, one root, nothing after it. Broken UTF-8 inside a text becomes U+FFFD.
    /// JSON is [repaired](crate::json) where WeChat's is known to be damaged. In both, a field that is there twice is
    /// refused unless it is an item of a list.
    ///
    /// # Errors
    ///
    /// Anything of that, and a body over the `limits`.
    pub fn parse(body: impl Into<Vec<u8>>, limits: &Limits) -> Result<Self, Malformed> {
        let body = body.into();
        if body.len() > limits.bytes || u32::try_from(body.len()).is_err() {
            return Err(Malformation::TooLong.at(body.len()));
        }
        let (start, first) = first_character(&body);
        match first {
            Some(b'<') => {
                // Markup is ASCII, so what is replaced here can only be text.
                let source = String::from_utf8(body).unwrap_or_else(|e| String::from_utf8_lossy(e.as_bytes()).into());
                let tree = xml::read(&source, start, limits)?;
                Ok(Self { source, tree, format: Format::Xml, repairs: Repairs::default() })
            }
            Some(b'{') => {
                let (source, tree, repairs) = json::read(body, start, limits)?;
                Ok(Self { source, tree, format: Format::Json, repairs })
            }
            _ => Err(Malformation::Format.at(start)),
        }
    }

    /// Whether the body was XML or JSON.
    #[must_use]
    pub const fn format(&self) -> Format {
        self.format
    }

    /// The body as text.
    #[must_use]
    pub fn source(&self) -> &str {
        &self.source
    }

    /// What had to be repaired in JSON. XML is not repaired.
    #[must_use]
    pub const fn repairs(&self) -> Repairs {
        self.repairs
    }

    /// The root: `<xml>`, or the outermost object.
    #[must_use]
    pub fn root(&self) -> Field<'_> {
        let texts = Texts { source: &self.source, extra: &self.tree.extra };
        Field { texts, name: "", text: "", bare: false, below: &self.tree.nodes }
    }

    /// The field at a path such as `ScanCodeInfo/ScanType`; of several, the first.
    #[must_use]
    pub fn get(&self, path: &str) -> Option<Field<'_>> {
        self.root().get(path)
    }

    /// The text at a path. `None` when there is no such field or when it holds fields itself.
    #[must_use]
    pub fn text(&self, path: &str) -> Option<&str> {
        self.root().get(path).filter(|field| !field.has_fields()).map(|field| field.text())
    }

    /// All fields at a path, for lists: `PicList/item`.
    pub fn list<'a>(&'a self, path: &'a str) -> impl Iterator<Item = Field<'a>> {
        self.root().list(path)
    }
}

/// Where the first character is that says something, and that character.
fn first_character(body: &[u8]) -> (usize, Option<u8>) {
    const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";
    let rest = body.strip_prefix(BYTE_ORDER_MARK).unwrap_or(body);
    let blank = rest.iter().take_while(|byte| is_blank(**byte)).count();
    (body.len() - rest.len() + blank, rest.get(blank).copied())
}

/// The text without white space around it. That there is none is seen at once.
pub(super) fn trim(text: &str) -> &str {
    match text.as_bytes() {
        [first, .., last] if first.is_ascii_graphic() && last.is_ascii_graphic() => text,
        _ => text.trim(),
    }
}

/// White space as XML and JSON know it.
pub(super) const fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | b'\n')
}

impl PartialEq for Fields {
    /// Equal names, texts and order; how they were written does not matter.
    fn eq(&self, other: &Self) -> bool {
        self.root() == other.root()
    }
}

impl fmt::Debug for Fields {
    /// Only how many there are: what people write is not for logs.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Fields({:?}, {} in all)", self.format, self.tree.nodes.len())
    }
}

impl Serialize for Fields {
    /// A JSON object: texts as texts, also numbers; fields of one name together as an array.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.root().serialize(serializer)
    }
}

/// A part of the source, or, beyond its end, of the texts that had to be unescaped. In bytes.
#[derive(Clone, Copy, Default)]
struct Span {
    start: u32,
    length: u32,
}

/// One field. Those inside follow it in the list, all levels of them.
#[derive(Clone, Copy)]
struct Node {
    name: Span,
    text: Span,
    /// How many fields are inside, all levels together.
    below: u32,
    /// Written without quotes (JSON) or outside CDATA (XML), as numbers are.
    bare: bool,
}

#[derive(Clone, Default)]
struct Tree {
    nodes: Vec<Node>,
    extra: String,
}

impl Tree {
    fn with_capacity() -> Self {
        Self { nodes: Vec::with_capacity(16), extra: String::new() }
    }

    /// Opens a field; what is pushed until [`close`](Self::close) is inside.
    fn open(&mut self, name: Span) -> usize {
        self.nodes.push(Node { name, text: Span::default(), below: 0, bare: false });
        self.nodes.len() - 1
    }

    /// Closes the field `at`: whatever was pushed since is inside.
    fn close(&mut self, at: usize, text: Span, bare: bool) {
        let below = self.nodes.len().saturating_sub(at).saturating_sub(1);
        if let Some(node) = self.nodes.get_mut(at) {
            (node.text, node.bare) = (text, bare);
            node.below = u32::try_from(below).unwrap_or(u32::MAX);
        }
    }

    /// The field of this name among those that stand in `range`, all of them closed.
    fn neighbour(&self, source: &str, range: Range<usize>, name: Span) -> Option<Node> {
        let texts = Texts { source, extra: &self.extra };
        let mut neighbours = self.nodes.get(range)?;
        while let Some((neighbour, rest)) = neighbours.split_first() {
            if neighbour.name.length == name.length && texts.bytes(neighbour.name) == texts.bytes(name) {
                return Some(*neighbour);
            }
            neighbours = rest.get(neighbour.below as usize..)?;
        }
        None
    }
}

#[derive(Clone, Copy)]
struct Texts<'a> {
    source: &'a str,
    extra: &'a str,
}

impl<'a> Texts<'a> {
    fn get(self, span: Span) -> &'a str {
        let (start, length) = (span.start as usize, span.length as usize);
        let found = match start.checked_sub(self.source.len()) {
            None => self.source.get(start..start.saturating_add(length)),
            Some(start) => self.extra.get(start..start.saturating_add(length)),
        };
        found.unwrap_or_default()
    }

    /// As [`get`](Self::get), for comparing: nobody has to look where its characters begin.
    fn bytes(self, span: Span) -> &'a [u8] {
        let (start, length) = (span.start as usize, span.length as usize);
        let (text, start) = match start.checked_sub(self.source.len()) {
            None => (self.source, start),
            Some(start) => (self.extra, start),
        };
        text.as_bytes().get(start..start.saturating_add(length)).unwrap_or_default()
    }

    fn field(self, node: &Node, below: &'a [Node]) -> Field<'a> {
        Field { texts: self, name: self.get(node.name), text: self.get(node.text), bare: node.bare, below }
    }
}

/// One field, or the root. Cheap to copy.
#[derive(Clone, Copy)]
pub struct Field<'a> {
    texts: Texts<'a>,
    name: &'a str,
    text: &'a str,
    bare: bool,
    below: &'a [Node],
}

impl<'a> Field<'a> {
    /// The name, spelled as in the body; empty for the root.
    #[must_use]
    pub const fn name(&self) -> &'a str {
        self.name
    }

    /// The text, nothing trimmed; empty when it holds fields.
    #[must_use]
    pub const fn text(&self) -> &'a str {
        self.text
    }

    /// Whether it holds fields instead of a text.
    #[must_use]
    pub const fn has_fields(&self) -> bool {
        !self.below.is_empty()
    }

    /// Whether it holds neither fields nor any text but white space.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        self.below.is_empty() && self.text.bytes().all(is_blank)
    }

    /// The fields inside, in their order.
    pub fn fields(&self) -> impl Iterator<Item = Field<'a>> + use<'a> {
        let texts = self.texts;
        self.nodes().map(move |(node, below)| texts.field(node, below))
    }

    /// The nodes of the fields inside, each with what is below it.
    fn nodes(&self) -> impl Iterator<Item = (&'a Node, &'a [Node])> + use<'a> {
        let mut rest = self.below;
        std::iter::from_fn(move || {
            let (node, after) = rest.split_first()?;
            let (below, after) = after.split_at_checked(node.below as usize)?;
            rest = after;
            Some((node, below))
        })
    }

    /// The first field inside with this name.
    #[must_use]
    pub fn child(&self, name: &str) -> Option<Field<'a>> {
        let named =
            |node: &Node| node.name.length as usize == name.len() && self.texts.bytes(node.name) == name.as_bytes();
        self.nodes().find(|(node, _)| named(node)).map(|(node, below)| self.texts.field(node, below))
    }

    /// The field at a path such as `ScanCodeInfo/ScanType`; of several, the first.
    #[must_use]
    pub fn get(&self, path: &str) -> Option<Field<'a>> {
        if path.contains('/') {
            path.split('/').try_fold(*self, |field, name| field.child(name))
        } else {
            self.child(path)
        }
    }

    /// All fields at a path, for lists: `PicList/item`.
    pub fn list<'p>(&self, path: &'p str) -> impl Iterator<Item = Field<'a>> + use<'a, 'p> {
        let (parent, name) = match path.rsplit_once('/') {
            Some((parent, name)) => (self.get(parent), name),
            None => (Some(*self), path),
        };
        parent.into_iter().flat_map(move |parent| parent.fields().filter(move |field| field.name == name))
    }
}

impl PartialEq for Field<'_> {
    /// Equal names, texts and order; how they were written does not matter.
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
            && self.text == other.text
            && self.below.len() == other.below.len()
            && self.fields().eq(other.fields())
    }
}

impl fmt::Debug for Field<'_> {
    /// The name only: what people write is not for logs.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Field({})", self.name)
    }
}

impl Serialize for Field<'_> {
    /// As [`Fields`]. An empty element is the empty text.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if !self.has_fields() && !self.name.is_empty() {
            return serializer.serialize_str(self.text);
        }
        self.serialize_without(&[], serializer)
    }
}

impl Field<'_> {
    /// The object without some of its fields.
    pub(super) fn serialize_without<S: Serializer>(&self, left_out: &[&str], serializer: S) -> Result<S::Ok, S::Error> {
        let mut object = serializer.serialize_map(None)?;
        let mut seen: Vec<&str> = Vec::new();
        for field in self.fields() {
            if seen.contains(&field.name) || left_out.contains(&field.name) {
                continue;
            }
            seen.push(field.name);
            if self.list(field.name).nth(1).is_some() {
                object.serialize_entry(field.name, &Repeated { parent: *self, name: field.name })?;
            } else {
                object.serialize_entry(field.name, &field)?;
            }
        }
        object.end()
    }
}

struct Repeated<'a> {
    parent: Field<'a>,
    name: &'a str,
}

impl Serialize for Repeated<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut array = serializer.serialize_seq(None)?;
        for item in self.parent.list(self.name) {
            array.serialize_element(&item)?;
        }
        array.end()
    }
}
