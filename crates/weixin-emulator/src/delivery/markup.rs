//! A strict little reader of XML for replies: one root, elements, texts and CDATA; nothing that needs trust.

/// One element, or one value of JSON.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Element {
    pub(crate) name: String,
    pub(crate) text: String,
    pub(crate) children: Vec<Element>,
}

impl Element {
    /// The first child of this name.
    pub(crate) fn child(&self, name: &str) -> Option<&Self> {
        self.children.iter().find(|child| child.name == name)
    }

    /// The text of the first child of this name.
    pub(crate) fn text_of(&self, name: &str) -> Option<&str> {
        self.child(name).map(|child| child.text.as_str())
    }

    /// The same tree from JSON; a list is its items one after another, under one name.
    pub(crate) fn from_json(name: &str, value: &serde_json::Value) -> Vec<Self> {
        use serde_json::Value;
        let named = |text: String, children| vec![Self { name: name.to_owned(), text, children }];
        match value {
            Value::Null => named(String::new(), Vec::new()),
            Value::Bool(is) => named(is.to_string(), Vec::new()),
            Value::Number(number) => named(number.to_string(), Vec::new()),
            Value::String(text) => named(text.clone(), Vec::new()),
            Value::Array(items) => items.iter().flat_map(|item| Self::from_json(name, item)).collect(),
            Value::Object(fields) => {
                named(String::new(), fields.iter().flat_map(|(name, value)| Self::from_json(name, value)).collect())
            }
        }
    }
}

/// Elements within elements.
const DEPTH: usize = 16;

/// The root of a whole document.
pub(crate) fn parse(text: &str) -> Result<Element, String> {
    let mut reader = Reader { rest: text };
    reader.skip_blank();
    if reader.eat("<?xml") {
        reader.until("?>")?;
    }
    reader.skip_misc()?;
    let root = reader.element(0)?;
    reader.skip_misc()?;
    if reader.rest.is_empty() { Ok(root) } else { Err(format!("{:?} after the end", reader.glimpse())) }
}

struct Reader<'a> {
    rest: &'a str,
}

impl<'a> Reader<'a> {
    fn glimpse(&self) -> String {
        self.rest.chars().take(24).collect()
    }

    fn skip_blank(&mut self) {
        self.rest = self.rest.trim_start_matches([' ', '\t', '\r', '\n']);
    }

    fn eat(&mut self, what: &str) -> bool {
        match self.rest.strip_prefix(what) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn until(&mut self, end: &str) -> Result<&'a str, String> {
        let (before, after) = self.rest.split_once(end).ok_or_else(|| format!("{end:?} is missing"))?;
        self.rest = after;
        Ok(before)
    }

    /// Blanks and comments.
    fn skip_misc(&mut self) -> Result<(), String> {
        loop {
            self.skip_blank();
            if !self.eat("<!--") {
                return Ok(());
            }
            self.until("-->")?;
        }
    }

    fn name(&mut self) -> Result<&'a str, String> {
        let end = self.rest.find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | ':')));
        let (name, rest) = self.rest.split_at_checked(end.unwrap_or(self.rest.len())).unwrap_or((self.rest, ""));
        if name.is_empty() {
            return Err(format!("a name was expected at {:?}", self.glimpse()));
        }
        self.rest = rest;
        Ok(name)
    }

    /// Attributes mean nothing in replies; they only have to end.
    fn attributes(&mut self) -> Result<bool, String> {
        loop {
            self.skip_blank();
            if self.eat("/>") {
                return Ok(true);
            }
            if self.eat(">") {
                return Ok(false);
            }
            self.name()?;
            self.skip_blank();
            if !self.eat("=") {
                return Err(format!("an attribute without a value at {:?}", self.glimpse()));
            }
            self.skip_blank();
            let quote = if self.eat("\"") {
                "\""
            } else if self.eat("'") {
                "'"
            } else {
                return Err(format!("an attribute without quotes at {:?}", self.glimpse()));
            };
            self.until(quote)?;
        }
    }

    fn element(&mut self, depth: usize) -> Result<Element, String> {
        if depth >= DEPTH {
            return Err(format!("more than {DEPTH} elements within each other"));
        }
        if self.rest.starts_with("<!") || self.rest.starts_with("<?") || !self.eat("<") {
            return Err(format!("an element was expected at {:?}", self.glimpse()));
        }
        let mut element = Element { name: self.name()?.to_owned(), ..Element::default() };
        if self.attributes()? {
            return Ok(element);
        }
        loop {
            if self.eat("<![CDATA[") {
                element.text.push_str(self.until("]]>")?);
            } else if self.eat("<!--") {
                self.until("-->")?;
            } else if self.eat("</") {
                let name = self.name()?;
                self.skip_blank();
                if name != element.name || !self.eat(">") {
                    return Err(format!("<{}> ends as </{name}>", element.name));
                }
                return Ok(element);
            } else if self.rest.starts_with('<') {
                element.children.push(self.element(depth + 1)?);
            } else if self.rest.is_empty() {
                return Err(format!("<{}> does not end", element.name));
            } else {
                let end = self.rest.find('<').unwrap_or(self.rest.len());
                let (text, rest) = self.rest.split_at_checked(end).unwrap_or((self.rest, ""));
                self.rest = rest;
                element.text.push_str(&resolved(text)?);
            }
        }
    }
}

/// References in a text.
fn resolved(text: &str) -> Result<String, String> {
    let mut out = String::with_capacity(text.len());
    let mut parts = text.split('&');
    out.push_str(parts.next().unwrap_or_default());
    for part in parts {
        let (reference, rest) = part.split_once(';').ok_or("a bare & in a text")?;
        let character = match reference {
            "amp" => Some('&'),
            "lt" => Some('<'),
            "gt" => Some('>'),
            "quot" => Some('"'),
            "apos" => Some('\''),
            _ => match reference.strip_prefix('#') {
                Some(number) => match number.strip_prefix('x') {
                    Some(hex) => u32::from_str_radix(hex, 16).ok(),
                    None => number.parse().ok(),
                }
                .and_then(char::from_u32),
                None => None,
            },
        };
        out.push(character.ok_or_else(|| format!("&{reference}; is not known"))?);
        out.push_str(rest);
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_texts_and_sections_are_read() {
        let root = parse(
            "<?xml version=\"1.0\"?>\n<!-- a --><xml a='1'>\n <A><![CDATA[x]]]]><![CDATA[>y]]></A><B>1 &lt; 2&#33;&#x4f60;</B>\
             <C/><D><item><T>t</T></item><item/></D></xml>\n",
        )
        .unwrap();
        assert_eq!(root.text_of("A"), Some("x]]>y"));
        assert_eq!(root.text_of("B"), Some("1 < 2!你"));
        assert_eq!(root.text_of("C"), Some(""));
        assert_eq!(root.child("D").unwrap().children.len(), 2);
    }

    #[test]
    fn what_is_not_whole_or_asks_for_trust_is_refused() {
        let deep = format!("{}{}", "<a>".repeat(17), "</a>".repeat(17));
        for wrong in [
            "",
            "hello",
            "<xml>",
            "<xml></xm>",
            "<xml><A></xml>",
            "<xml/><xml/>",
            "<xml/>x",
            "<!DOCTYPE x []><xml/>",
            "<xml><!DOCTYPE x></xml>",
            "<xml>&x;</xml>",
            "<xml>a & b</xml>",
            "<xml a=1/>",
            "<xml><![CDATA[x</xml>",
            "<xml><?php ?></xml>",
            "\u{feff}<xml/>",
            &deep,
        ] {
            assert!(parse(wrong).is_err(), "{wrong}");
        }
    }
}
