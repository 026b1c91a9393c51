//! The reader of JSON. serde_json finds the pieces and keeps every number as it was written.

use std::borrow::Cow;
use std::fmt;

use serde::de::{self, Deserialize, Deserializer as _, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::{Limits, Malformation, Malformed, Span, Tree};
use crate::json::{Repairs, repair};

/// Reads `body` from the byte `start` on, repaired where necessary. The source that comes back is the repaired one.
pub(super) fn read(body: Vec<u8>, start: usize, limits: &Limits) -> Result<(String, Tree, Repairs), Malformed> {
    let (body, refusal) = match String::from_utf8(body) {
        Ok(source) => match Builder::read(&source, start, limits) {
            Ok(tree) => return Ok((source, tree, Repairs::default())),
            Err(refusal) => (source.into_bytes(), refusal),
        },
        Err(error) => {
            let valid = error.utf8_error().valid_up_to();
            (error.into_bytes(), Malformation::Syntax.at(valid))
        }
    };
    if refusal.malformation() != Malformation::Syntax {
        return Err(refusal);
    }
    let (source, repairs) = repair(&body);
    if repairs.is_clean() || u32::try_from(source.len()).is_err() {
        return Err(refusal);
    }
    let tree = Builder::read(&source, 0, limits)?;
    Ok((source, tree, repairs))
}

struct Builder<'a> {
    source: &'a str,
    limits: &'a Limits,
    tree: Tree,
    elements: usize,
    depth: usize,
    /// serde's errors carry only text; what was refused is kept here.
    refusal: Option<Malformed>,
}

impl<'a> Builder<'a> {
    fn read(source: &'a str, start: usize, limits: &'a Limits) -> Result<Tree, Malformed> {
        let mut builder = Self { source, limits, tree: Tree::with_capacity(), elements: 0, depth: 0, refusal: None };
        let text = source.get(start..).unwrap_or_default();
        builder.element(text)?;
        builder.object(text)?;
        Ok(builder.tree)
    }

    /// Where a part of the source stands in it.
    fn offset(&self, part: &str) -> Option<usize> {
        let start = part.as_ptr().addr().checked_sub(self.source.as_ptr().addr())?;
        (self.source.get(start..start.checked_add(part.len())?)? == part).then_some(start)
    }

    /// Roughly: the start of the part that was being read.
    fn wrong(&self, malformation: Malformation, part: &str) -> Malformed {
        malformation.at(self.offset(part).unwrap_or_default())
    }

    /// A text of the source stays where it is; one that was unescaped is kept behind it.
    fn span(&mut self, text: &str) -> Result<Span, Malformed> {
        let start = self.offset(text).unwrap_or_else(|| {
            let start = self.source.len().saturating_add(self.tree.extra.len());
            self.tree.extra.push_str(text);
            start
        });
        match (u32::try_from(start), u32::try_from(text.len())) {
            (Ok(start), Ok(length)) => Ok(Span { start, length }),
            _ => Err(Malformation::TooLong.at(start)),
        }
    }

    fn element(&mut self, raw: &str) -> Result<(), Malformed> {
        self.elements = self.elements.saturating_add(1);
        if self.elements > self.limits.elements { Err(self.wrong(Malformation::Elements, raw)) } else { Ok(()) }
    }

    /// One value under a name. Of an array every item becomes a field of that name.
    fn field(&mut self, name: &str, first: usize, raw: &'a str) -> Result<(), Malformed> {
        if name.is_empty() {
            return Err(self.wrong(Malformation::Name, raw));
        }
        let name = self.span(name)?;
        if self.tree.neighbour(self.source, first..self.tree.nodes.len(), name).is_some() {
            return Err(self.wrong(Malformation::Duplicate, raw));
        }
        if raw.starts_with('[') { self.array(name, raw) } else { self.value(name, raw) }
    }

    fn value(&mut self, name: Span, raw: &'a str) -> Result<(), Malformed> {
        self.element(raw)?;
        let at = self.tree.open(name);
        let (mut text, mut bare) = (Span::default(), false);
        if raw.starts_with('{') {
            self.object(raw)?;
        } else if let Some(quoted) = raw.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
            text = if quoted.contains('\\') {
                let Text(unescaped) = serde_json::from_str(raw).map_err(|_| self.wrong(Malformation::Syntax, raw))?;
                self.span(&unescaped)?
            } else {
                self.span(quoted)?
            };
        } else if raw != "null" {
            (text, bare) = (self.span(raw)?, true);
        }
        self.tree.close(at, text, bare);
        Ok(())
    }

    fn object(&mut self, raw: &'a str) -> Result<(), Malformed> {
        self.nested(raw, |builder| {
            let first = builder.tree.nodes.len();
            let mut reader = serde_json::Deserializer::from_str(raw);
            reader.deserialize_map(Object { builder, first }).and_then(|()| reader.end())
        })
    }

    fn array(&mut self, name: Span, raw: &'a str) -> Result<(), Malformed> {
        let before = self.tree.nodes.len();
        self.nested(raw, |builder| {
            let mut reader = serde_json::Deserializer::from_str(raw);
            reader.deserialize_seq(Array { builder, name }).and_then(|()| reader.end())
        })?;
        if self.tree.nodes.len() == before {
            // No item at all is written as XML would: as an empty element.
            self.element(raw)?;
            self.tree.open(name);
        }
        Ok(())
    }

    fn item(&mut self, name: Span, raw: &'a str) -> Result<(), Malformed> {
        if !raw.starts_with('[') {
            return self.value(name, raw);
        }
        // A list inside a list.
        self.element(raw)?;
        let at = self.tree.open(name);
        let item = self.span("item")?;
        self.array(item, raw)?;
        self.tree.close(at, Span::default(), false);
        Ok(())
    }

    fn nested(
        &mut self,
        raw: &'a str,
        read: impl FnOnce(&mut Self) -> Result<(), serde_json::Error>,
    ) -> Result<(), Malformed> {
        if self.depth >= self.limits.depth {
            return Err(self.wrong(Malformation::Depth, raw));
        }
        self.depth = self.depth.saturating_add(1);
        let result = read(self);
        self.depth = self.depth.saturating_sub(1);
        result.map_err(|_| self.refusal.take().unwrap_or_else(|| self.wrong(Malformation::Syntax, raw)))
    }

    /// Takes a refusal through serde.
    fn carry<E: de::Error>(&mut self, result: Result<(), Malformed>) -> Result<(), E> {
        result.map_err(|refusal| {
            self.refusal = Some(refusal);
            E::custom("refused")
        })
    }
}

struct Object<'b, 'a> {
    builder: &'b mut Builder<'a>,
    first: usize,
}

impl<'a> Visitor<'a> for Object<'_, 'a> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'a>>(self, mut fields: A) -> Result<(), A::Error> {
        while let Some((Text(name), raw)) = fields.next_entry::<Text<'a>, &'a RawValue>()? {
            let result = self.builder.field(&name, self.first, raw.get());
            self.builder.carry(result)?;
        }
        Ok(())
    }
}

struct Array<'b, 'a> {
    builder: &'b mut Builder<'a>,
    name: Span,
}

impl<'a> Visitor<'a> for Array<'_, 'a> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array")
    }

    fn visit_seq<A: SeqAccess<'a>>(self, mut items: A) -> Result<(), A::Error> {
        while let Some(raw) = items.next_element::<&'a RawValue>()? {
            let result = self.builder.item(self.name, raw.get());
            self.builder.carry(result)?;
        }
        Ok(())
    }
}

/// A text that is borrowed when it had no escapes.
struct Text<'a>(Cow<'a, str>);

impl<'a> Deserialize<'a> for Text<'a> {
    fn deserialize<D: de::Deserializer<'a>>(deserializer: D) -> Result<Self, D::Error> {
        struct Borrow;
        impl<'a> Visitor<'a> for Borrow {
            type Value = Text<'a>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text")
            }

            fn visit_borrowed_str<E>(self, text: &'a str) -> Result<Self::Value, E> {
                Ok(Text(Cow::Borrowed(text)))
            }

            fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
                Ok(Text(Cow::Owned(text.to_owned())))
            }
        }
        deserializer.deserialize_str(Borrow)
    }
}
