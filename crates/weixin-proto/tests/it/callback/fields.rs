//! The tree of fields: how texts are put together, and that both languages say the same.

use proptest::prelude::*;
use rstest::rstest;
use weixin_proto::callback::{Draft, Fields, Kind, Limits, MsgId};

use super::push;

fn parse(body: impl Into<Vec<u8>>) -> Fields {
    Fields::parse(body, &Limits::default()).unwrap()
}

#[rstest]
#[case::text("abc", "abc")]
#[case::nothing("", "")]
#[case::text_with_spaces(" abc ", " abc ")]
#[case::only_spaces(" \n", " \n")]
#[case::cdata("<![CDATA[abc]]>", "abc")]
#[case::empty_cdata("<![CDATA[]]>", "")]
#[case::cdata_with_spaces("<![CDATA[ abc ]]>", " abc ")]
#[case::layout_around_cdata("\n  <![CDATA[ abc ]]>\n  ", " abc ")]
#[case::layout_around_nothing(" <![CDATA[]]> ", "")]
#[case::markup_in_cdata("<![CDATA[<a>&amp;</a>]]>", "<a>&amp;</a>")]
#[case::brackets_in_cdata("<![CDATA[]]]]>", "]]")]
#[case::split_cdata("<![CDATA[a]]]]><![CDATA[>b]]>", "a]]>b")]
#[case::three_sections("<![CDATA[a]]><![CDATA[]]><![CDATA[b]]>", "ab")]
#[case::space_between_sections("<![CDATA[a]]> <![CDATA[b]]>", "a b")]
#[case::text_and_cdata("a<![CDATA[b]]>c", "abc")]
#[case::text_with_space_and_cdata(" a <![CDATA[b]]> c ", " a b c ")]
#[case::the_five("&lt;&gt;&amp;&apos;&quot;", "<>&'\"")]
#[case::numbers("&#65;&#x42;&#x1f600;", "AB😀")]
#[case::text_around_an_entity(" a &amp; b ", " a & b ")]
#[case::space_before_an_entity(" &amp;", " &")]
#[case::space_behind_an_entity("&amp; ", "& ")]
#[case::entity_and_cdata("&amp;<![CDATA[b]]>", "&b")]
#[case::cdata_and_entity("<![CDATA[b]]>&amp;", "b&")]
#[case::cdata_space_entity("<![CDATA[b]]> &amp; ", "b &")]
#[case::line_ends("<![CDATA[a\r\nb]]>", "a\r\nb")]
#[case::emoji("<![CDATA[👨‍👩‍👧 \u{e415}]]>", "👨‍👩‍👧 \u{e415}")]
#[case::greater_than("a>b", "a>b")]
#[case::brackets("a]]b", "a]]b")]
fn the_text_of_an_element(#[case] inside: &str, #[case] expected: &str) {
    let fields = parse(format!("<xml><a>{inside}</a><b>{inside}</b><c>!</c></xml>"));
    assert_eq!(fields.text("a"), Some(expected));
    assert_eq!(fields.text("b"), Some(expected));
    assert_eq!(fields.text("c"), Some("!"));
}

#[test]
fn the_spelling_of_tags() {
    let fields = parse("<xml><a />\n<b\t>1</b ><c></c><_d-e.1>2</_d-e.1></xml >");
    let found: Vec<_> = fields.root().fields().map(|field| (field.name(), field.text())).collect();
    assert_eq!(found, [("a", ""), ("b", "1"), ("c", ""), ("_d-e.1", "2")]);
}

#[test]
fn the_text_of_a_json_value() {
    let fields = parse(
        r#"{"text":"a\n\"\u4e2d😀","empty":"","number":1864323726461255680,"beyond":123456789012345678901234567890,
        "float":39.90,"exponent":1e3,"negative":-0,"true":true,"null":null,"object":{},"list":[],"in":[[1,2],[3]],"n\u0061me":"x"}"#,
    );
    for (name, text) in [
        ("text", "a\n\"中😀"),
        ("empty", ""),
        ("number", "1864323726461255680"),
        ("beyond", "123456789012345678901234567890"),
        ("float", "39.90"),
        ("exponent", "1e3"),
        ("negative", "-0"),
        ("true", "true"),
        ("null", ""),
        ("object", ""),
        ("list", ""),
        ("name", "x"),
    ] {
        assert_eq!(fields.text(name), Some(text), "{name}");
    }
    let inner: Vec<Vec<_>> = fields.list("in").map(|list| list.fields().map(|field| field.text()).collect()).collect();
    assert_eq!(inner, [vec!["1", "2"], vec!["3"]]);
}

#[test]
fn paths() {
    let fields = parse("<xml><a><b>1</b><c><item>2</item><item>3</item></c></a><a><b>4</b></a></xml>");
    assert_eq!(fields.text("a/b"), Some("1"));
    assert_eq!(fields.text("a/c/item"), Some("2"));
    assert_eq!(fields.list("a/c/item").map(|item| item.text()).collect::<Vec<_>>(), ["2", "3"]);
    assert_eq!(fields.list("a").map(|a| a.child("b").unwrap().text()).collect::<Vec<_>>(), ["1", "4"]);
    assert_eq!(fields.text("a"), None);
    assert!(fields.get("a").unwrap().has_fields());
    for nowhere in ["x", "a/x", "a/b/x", "", "/", "a/"] {
        assert!(fields.get(nowhere).is_none(), "{nowhere}");
        assert_eq!(fields.list(nowhere).count(), 0, "{nowhere}");
    }
}

#[test]
fn items_of_a_list_may_be_repeated() {
    let fields = parse(
        "<xml><P><fail_idx>1</fail_idx><fail_idx>2</fail_idx></P><List><T>1</T></List><List><T>1</T></List>\
         <Actions><T>1</T></Actions><Actions><T>2</T></Actions></xml>",
    );
    assert_eq!(fields.list("P/fail_idx").count(), 2);
    assert_eq!(fields.list("List").count(), 2);
    assert_eq!(fields.list("Actions").count(), 2);
}

#[test]
fn a_stranger_survives_with_its_fields() {
    let inbound = push(
        "<xml><ToUserName>gh_1</ToUserName><FromUserName>o1</FromUserName><CreateTime>5</CreateTime>\
         <MsgType>event</MsgType><Event>brand_new_event</Event><Info><Key>k</Key></Info>\
         <Row><N>1</N></Row><Row><N>2</N></Row></xml>",
    );
    let Kind::Event(event) = &inbound.kind else { panic!("an event") };
    assert_eq!(event.name(), "brand_new_event");
    assert!(!inbound.is_known() && inbound.problem().is_none());
    assert_eq!(inbound.fields().text("Info/Key"), Some("k"));
    assert_eq!(
        serde_json::to_string(&inbound).unwrap(),
        r#"{"type":"event","event":"brand_new_event","to":"gh_1","from":"o1","create_time":5,"known":false,"data":{"Info":{"Key":"k"},"Row":[{"N":"1"},{"N":"2"}]}}"#
    );
    let inbound = push(r#"{"ToUserName":"gh_1","FromUserName":"o1","MsgType":"hologram","MsgId":"77","Depth":3}"#);
    assert_eq!(inbound.msg_id, Some(MsgId(77)));
    assert_eq!(
        serde_json::to_string(&inbound).unwrap(),
        r#"{"type":"hologram","to":"gh_1","from":"o1","create_time":0,"msg_id":"77","known":false,"data":{"Depth":"3"}}"#
    );
}

#[test]
fn debug_shows_nobody() {
    let inbound = push(
        "<xml><ToUserName>gh_1</ToUserName><FromUserName>oGZUI0egBJY1zhBYw2KhdUfwVJJE</FromUserName>\
         <MsgType>text</MsgType><Content>hunter2</Content></xml>",
    );
    let shown = format!("{inbound:?} {:?} {:?}", inbound.fields(), inbound.fields().root());
    assert!(!shown.contains("hunter2") && !shown.contains("VJJE"), "{shown}");
}

#[test]
fn where_a_message_came_from() {
    let inbound = push(
        r#"{"MsgType":"text","Content":"1","MsgId":1,"MsgDataId":"2247","Idx":"3","BusinessId":9,"FromUserName":" o1 "}"#,
    );
    let article = inbound.article().unwrap();
    assert_eq!((article.msg_data_id, article.idx), ("2247", Some(3)));
    assert_eq!(inbound.business_id(), Some("9"));
    assert_eq!(inbound.from.as_str(), "o1");
    let json = serde_json::to_value(&inbound).unwrap();
    assert_eq!((&json["msg_data_id"], &json["idx"], &json["business_id"]), (&"2247".into(), &3.into(), &"9".into()));
    assert_eq!(push("<xml><MsgType>text</MsgType><Content>1</Content></xml>").article(), None);
}

/// A tree with names that are unique or repeated as a list, and texts that XML can hold.
fn draft() -> impl Strategy<Value = Draft> {
    let text = prop_oneof![
        3 => "[ -~]{0,12}",
        2 => "(\\PC|[\t\r\n]){0,8}",
        1 => "( ?(\\]\\]>|<!\\[CDATA\\[|&amp;|<|>|\"|\\\\|]| |\n|\u{1f600}) ?){0,5}",
    ];
    let leaf = prop_oneof![
        text.prop_map(Value::Text),
        any::<i64>().prop_map(|number| Value::Number(number.to_string())),
        (any::<i16>(), 0_u32..1000).prop_map(|(whole, part)| Value::Number(format!("{whole}.{part:03}"))),
    ];
    let fields = leaf.prop_recursive(4, 40, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 1..5).prop_map(Value::Fields),
            prop::collection::vec(prop::collection::vec(inner, 1..4), 1..4).prop_map(Value::List),
        ]
    });
    prop::collection::vec(fields, 0..6).prop_map(|values| build(&values))
}

#[derive(Debug, Clone)]
enum Value {
    Text(String),
    Number(String),
    Fields(Vec<Value>),
    List(Vec<Vec<Value>>),
}

fn build(values: &[Value]) -> Draft {
    values.iter().enumerate().fold(Draft::new(), |draft, (at, value)| {
        let name = ["MsgType", "Event", "a", "B_1", "c-d.e", "Content"][at];
        match value {
            Value::Text(text) => draft.text(name, text),
            Value::Number(number) => draft.number(name, number),
            Value::Fields(values) => draft.fields(name, build(values)),
            Value::List(items) => draft.list(name, items.iter().map(|values| build(values))),
        }
    })
}

const WIDE: Limits = Limits { bytes: 1 << 20, depth: 16, elements: 2000 };

proptest! {
    /// XML and JSON of one push are one push.
    #[test]
    fn both_languages_say_the_same(draft in draft()) {
        let xml = Fields::parse(draft.to_xml(), &WIDE).unwrap();
        let json = Fields::parse(draft.to_json(), &WIDE).unwrap();
        prop_assert_eq!(&xml, &json);
        // And so do what they say, typed or not.
        let (left, right) = (serde_json::to_string(&xml).unwrap(), serde_json::to_string(&json).unwrap());
        prop_assert_eq!(left, right);
    }

    /// What was read can be written and is the same when read again, in either language.
    #[test]
    fn written_again_it_is_the_same(draft in draft()) {
        for body in [draft.to_xml(), draft.to_json()] {
            let fields = Fields::parse(body, &WIDE).unwrap();
            let again = Draft::from(&fields);
            prop_assert_eq!(&Fields::parse(again.to_xml(), &WIDE).unwrap(), &fields);
            prop_assert_eq!(&Fields::parse(again.to_json(), &WIDE).unwrap(), &fields);
        }
    }

    /// However a text is cut into sections, entities and plain text, it is the same text.
    #[test]
    fn however_a_text_is_written(text in "(\\PC|[\t\n]){0,20}", cuts in prop::collection::vec(0_u8..4, 20)) {
        let mut body = String::from("<xml><a><![CDATA[]]>");
        for (character, how) in text.chars().zip(cuts) {
            match how {
                0 => body += &format!("<![CDATA[{character}]]>"),
                1 => body += &format!("&#{};", u32::from(character)),
                2 => body += &format!("&#x{:x};", u32::from(character)),
                _ => match character {
                    '<' => body += "&lt;",
                    '&' => body += "&amp;",
                    '>' => body += "&gt;",
                    // White space at the end would be layout.
                    ' ' | '\t' | '\n' => body += &format!("&#{};", u32::from(character)),
                    other => body.push(other),
                },
            }
        }
        body += "</a></xml>";
        let fields = parse(body);
        prop_assert_eq!(fields.text("a"), Some(text.as_str()));
    }
}
