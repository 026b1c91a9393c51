//! The fields of a callback as a tree, written as XML or JSON the way WeChat does.

use serde_json::Value;

/// A field's value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Node {
    /// CDATA in XML, a string in JSON.
    Text(String),
    /// Bare in both.
    Number(String),
    /// Nested in both.
    Group(Fields),
    /// Nested in XML; in JSON its fields stand directly in the parent.
    Wrapper(Fields),
    /// The element repeated in XML, an array in JSON.
    Many(Vec<Node>),
}

/// Fields in WeChat's order.
pub(crate) type Fields = Vec<(String, Node)>;

/// The freedoms WeChat takes with JSON.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct JsonStyle {
    /// Numbers as strings, as in the pushes of subscribe messages.
    pub(crate) numbers_as_text: bool,
    /// A list of one is just that one.
    pub(crate) single_bare: bool,
}

impl Node {
    /// What somebody wrote as JSON; `None` for null.
    pub(crate) fn from_json(value: &Value) -> Option<Self> {
        Some(match value {
            Value::Null => return None,
            Value::Bool(is) => Self::Number(u8::from(*is).to_string()),
            Value::Number(number) => Self::Number(number.to_string()),
            Value::String(text) => Self::Text(text.clone()),
            Value::Array(items) => Self::Many(items.iter().filter_map(Self::from_json).collect()),
            Value::Object(fields) => Self::Group(
                fields.iter().filter_map(|(name, value)| Some((name.clone(), Self::from_json(value)?))).collect(),
            ),
        })
    }
}

/// The whole as XML.
pub(crate) fn xml(fields: &[(String, Node)]) -> String {
    let mut out = String::from("<xml>");
    fields.iter().for_each(|(name, node)| element(&mut out, name, node));
    out.push_str("</xml>");
    out
}

fn element(out: &mut String, name: &str, node: &Node) {
    if let Node::Many(items) = node {
        items.iter().for_each(|item| element(out, name, item));
        return;
    }
    out.extend(["<", name, ">"]);
    match node {
        Node::Text(text) => cdata(out, text),
        Node::Number(number) => out.push_str(number),
        Node::Group(fields) | Node::Wrapper(fields) => {
            fields.iter().for_each(|(name, node)| element(out, name, node));
        }
        Node::Many(_) => {}
    }
    out.extend(["</", name, ">"]);
}

/// `]]>` is split over two sections; control characters that XML cannot hold are left out.
fn cdata(out: &mut String, text: &str) {
    out.push_str("<![CDATA[");
    let held: String = text.chars().filter(|c| !c.is_control() || matches!(c, '\t' | '\n' | '\r')).collect();
    out.push_str(&held.replace("]]>", "]]]]><![CDATA[>"));
    out.push_str("]]>");
}

/// The whole as JSON.
pub(crate) fn json(fields: &[(String, Node)], style: JsonStyle) -> String {
    let mut out = String::new();
    object(&mut out, fields, style);
    out
}

fn object(out: &mut String, fields: &[(String, Node)], style: JsonStyle) {
    out.push('{');
    members(out, fields, style);
    if out.ends_with(',') {
        out.pop();
    }
    out.push('}');
}

fn members(out: &mut String, fields: &[(String, Node)], style: JsonStyle) {
    for (name, node) in fields {
        if let Node::Wrapper(fields) = node {
            members(out, fields, style);
            continue;
        }
        out.push_str(&quoted(name));
        out.push(':');
        member(out, node, style);
        out.push(',');
    }
}

fn member(out: &mut String, node: &Node, style: JsonStyle) {
    match node {
        Node::Text(text) => out.push_str(&quoted(text)),
        Node::Number(number)
            if style.numbers_as_text || serde_json::from_str::<serde_json::Number>(number).is_err() =>
        {
            out.push_str(&quoted(number));
        }
        Node::Number(number) => out.push_str(number),
        Node::Group(fields) | Node::Wrapper(fields) => object(out, fields, style),
        Node::Many(items) => match items.as_slice() {
            [one] if style.single_bare => member(out, one, style),
            items => {
                out.push('[');
                for (at, item) in items.iter().enumerate() {
                    if at > 0 {
                        out.push(',');
                    }
                    member(out, item, style);
                }
                out.push(']');
            }
        },
    }
}

fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}

#[cfg(test)]
mod tests {
    use serde_json::json as value;

    use super::*;

    fn named(fields: &[(&str, Node)]) -> Fields {
        fields.iter().map(|(name, node)| ((*name).to_owned(), node.clone())).collect()
    }

    #[test]
    fn both_languages_say_the_same() {
        let item = |id: &str| Node::Group(named(&[("Id", Node::Text(id.into())), ("N", Node::Number("1".into()))]));
        let fields = named(&[
            ("A", Node::Text("x]]>y\u{1}\"".into())),
            ("W", Node::Wrapper(named(&[("List", Node::Many(vec![item("a"), item("b")]))]))),
            ("Big", Node::Number("18446744073709551615".into())),
        ]);
        assert_eq!(
            xml(&fields),
            "<xml><A><![CDATA[x]]]]><![CDATA[>y\"]]></A><W><List><Id><![CDATA[a]]></Id><N>1</N></List>\
             <List><Id><![CDATA[b]]></Id><N>1</N></List></W><Big>18446744073709551615</Big></xml>"
        );
        assert_eq!(
            json(&fields, JsonStyle::default()),
            r#"{"A":"x]]>y\u0001\"","List":[{"Id":"a","N":1},{"Id":"b","N":1}],"Big":18446744073709551615}"#
        );
    }

    #[test]
    fn wechats_freedoms_with_json() {
        let one = Node::Many(vec![Node::Group(named(&[("N", Node::Number("1".into()))]))]);
        let fields = named(&[("T", Node::Number("5".into())), ("List", one)]);
        let style = JsonStyle { numbers_as_text: true, single_bare: true };
        assert_eq!(json(&fields, style), r#"{"T":"5","List":{"N":"1"}}"#);
        assert_eq!(json(&fields, JsonStyle::default()), r#"{"T":5,"List":[{"N":1}]}"#);
        assert_eq!(json(&named(&[("X", Node::Number("1.50x".into()))]), JsonStyle::default()), r#"{"X":"1.50x"}"#);
    }

    #[test]
    fn what_somebody_writes_becomes_fields() {
        let node = Node::from_json(&value!({ "b": [1, "x"], "c": null, "d": true })).unwrap();
        let expected = [
            ("b", Node::Many(vec![Node::Number("1".into()), Node::Text("x".into())])),
            ("d", Node::Number("1".into())),
        ];
        assert_eq!(node, Node::Group(named(&expected)));
        assert_eq!(Node::from_json(&Value::Null), None);
    }
}
