use std::fmt;

/// A body that is not a push as WeChat writes them. Its words name the place, never what stood there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Malformed {
    malformation: Malformation,
    offset: usize,
}

impl Malformed {
    /// What is wrong.
    #[must_use]
    pub const fn malformation(self) -> Malformation {
        self.malformation
    }

    /// Where it was noticed, in bytes from the start; of repaired JSON, in the repaired text.
    #[must_use]
    pub const fn offset(self) -> usize {
        self.offset
    }
}

/// What is wrong with a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Malformation {
    /// More bytes than the limit.
    TooLong,
    /// It begins neither with `<` nor with `{`: empty, another encoding such as UTF-16, or something else altogether.
    Format,
    /// Tags that do not match, a bracket too few, a character where none may be.
    Syntax,
    /// A DOCTYPE.
    Doctype,
    /// A processing instruction, or an XML declaration that is not at the very start or not of UTF-8.
    Instruction,
    /// A comment.
    Comment,
    /// An attribute.
    Attribute,
    /// A name with a prefix or with anything but ASCII letters, digits, `_`, `-` and `.`.
    Name,
    /// An entity other than the five and the numbers of legal characters.
    Entity,
    /// Text beside elements.
    Mixed,
    /// The root is not `xml`.
    Root,
    /// Something after the root.
    AfterRoot,
    /// Nested too deep.
    Depth,
    /// Too many elements.
    Elements,
    /// A field that is there twice.
    Duplicate,
}

impl Malformation {
    pub(super) const fn at(self, offset: usize) -> Malformed {
        Malformed { malformation: self, offset }
    }

    const fn words(self) -> &'static str {
        match self {
            Self::TooLong => "the body is too long",
            Self::Format => "the body is neither XML nor JSON in UTF-8",
            Self::Syntax => "the body is cut short or not well-formed",
            Self::Doctype => "the body has a DOCTYPE",
            Self::Instruction => "the body has a processing instruction",
            Self::Comment => "the body has a comment",
            Self::Attribute => "an element has an attribute",
            Self::Name => "an element has a name that WeChat does not use",
            Self::Entity => "the body has an entity that is not allowed",
            Self::Mixed => "an element has text beside elements",
            Self::Root => "the root element is not `xml`",
            Self::AfterRoot => "something follows the root element",
            Self::Depth => "the body is nested too deep",
            Self::Elements => "the body has too many elements",
            Self::Duplicate => "a field is there twice",
        }
    }
}

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (byte {})", self.malformation.words(), self.offset)
    }
}

impl std::error::Error for Malformed {}
