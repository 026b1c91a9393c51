//! What is refused before anybody looks at its meaning.

use rstest::rstest;
use weixin_proto::callback::{Fields, Format, Inbound, Kind, Limits, Malformation, Malformed, ParseError, Problem};

fn parse(body: impl Into<Vec<u8>>) -> Result<Fields, Malformed> {
    Fields::parse(body, &Limits::default())
}

#[track_caller]
fn refused(body: impl Into<Vec<u8>>) -> Malformation {
    let refusal = parse(body).unwrap_err();
    assert!(!refusal.to_string().contains("secret"), "{refusal}");
    refusal.malformation()
}

#[rstest]
#[case::internal_entity(r#"<!DOCTYPE xml [<!ENTITY a "b">]><xml><a>&a;</a></xml>"#, Malformation::Doctype)]
#[case::external_entity(r#"<!DOCTYPE xml SYSTEM "http://127.0.0.1/x"><xml><a>1</a></xml>"#, Malformation::Doctype)]
#[case::doctype_never_used("<!DOCTYPE xml><xml><a>1</a></xml>", Malformation::Doctype)]
#[case::doctype_in_lower_case("<!doctype xml><xml><a>1</a></xml>", Malformation::Doctype)]
#[case::doctype_inside("<xml><!DOCTYPE xml><a>1</a></xml>", Malformation::Doctype)]
#[case::doctype_behind("<xml><a>1</a></xml><!DOCTYPE xml>", Malformation::Doctype)]
#[case::undeclared_entity("<xml><a>&secret;</a></xml>", Malformation::Entity)]
#[case::html_entity("<xml><a>&nbsp;</a></xml>", Malformation::Entity)]
#[case::character_zero("<xml><a>&#0;</a></xml>", Malformation::Entity)]
#[case::control_character("<xml><a>&#x1f;</a></xml>", Malformation::Entity)]
#[case::half_a_pair("<xml><a>&#xd800;</a></xml>", Malformation::Entity)]
#[case::no_character("<xml><a>&#x110000;</a></xml>", Malformation::Entity)]
#[case::no_number("<xml><a>&#x;</a></xml>", Malformation::Entity)]
#[case::number_with_a_sign("<xml><a>&#+65;</a></xml>", Malformation::Entity)]
#[case::lone_ampersand("<xml><a>1 & 2</a></xml>", Malformation::Syntax)]
#[case::instruction("<xml><?php secret ?><a>1</a></xml>", Malformation::Instruction)]
#[case::instruction_in_a_value("<xml><a>1<?x?>2</a></xml>", Malformation::Instruction)]
#[case::instruction_in_front("<?xml-stylesheet href='a'?><xml><a>1</a></xml>", Malformation::Instruction)]
#[case::declaration_inside("<xml><?xml version='1.0'?><a>1</a></xml>", Malformation::Instruction)]
#[case::declaration_twice("<?xml version='1.0'?><?xml version='1.0'?><xml/>", Malformation::Instruction)]
#[case::declaration_with_markup("<?xml version='1<!DOCTYPE a>.0'?><xml/>", Malformation::Instruction)]
#[case::declared_as_utf_16("<?xml version='1.0' encoding='utf-16'?><xml><a>1</a></xml>", Malformation::Instruction)]
#[case::comment_in_a_value("<xml><a>1<!-- secret -->2</a></xml>", Malformation::Comment)]
#[case::comment_between("<xml><!-- --><a>1</a></xml>", Malformation::Comment)]
#[case::comment_in_front("<!-- --><xml><a>1</a></xml>", Malformation::Comment)]
#[case::comment_behind("<xml><a>1</a></xml><!-- -->", Malformation::Comment)]
#[case::attribute("<xml><a b='secret'>1</a></xml>", Malformation::Attribute)]
#[case::attribute_of_the_root("<xml b='1'><a>1</a></xml>", Malformation::Attribute)]
#[case::attribute_of_an_empty_one("<xml><a b='1'/></xml>", Malformation::Attribute)]
#[case::namespace("<xml xmlns='http://a.cn'><a>1</a></xml>", Malformation::Attribute)]
#[case::prefix("<xml><w:a>1</w:a></xml>", Malformation::Name)]
#[case::prefix_alone("<xml><:a>1</:a></xml>", Malformation::Name)]
#[case::digit_in_front("<xml><1a>1</1a></xml>", Malformation::Name)]
#[case::name_of_other_letters("<xml><微>1</微></xml>", Malformation::Name)]
#[case::no_name("<xml><>1</></xml>", Malformation::Name)]
#[case::another_root("<html><a>1</a></html>", Malformation::Root)]
#[case::root_in_upper_case("<XML><a>1</a></XML>", Malformation::Root)]
#[case::two_roots("<xml><a>1</a></xml><xml><a>2</a></xml>", Malformation::AfterRoot)]
#[case::another_element_behind("<xml/><a/>", Malformation::AfterRoot)]
#[case::text_behind("<xml><a>1</a></xml>secret", Malformation::AfterRoot)]
#[case::cdata_behind("<xml><a>1</a></xml><![CDATA[1]]>", Malformation::AfterRoot)]
#[case::character_behind("<xml><a>1</a></xml>&#65;", Malformation::AfterRoot)]
#[case::zero_byte_behind("<xml><a>1</a></xml>\0", Malformation::AfterRoot)]
#[case::vertical_tab_behind("<xml><a>1</a></xml>\u{b}", Malformation::AfterRoot)]
#[case::mark_behind("<xml><a>1</a></xml>\u{feff}", Malformation::AfterRoot)]
#[case::text_in_the_root("<xml>secret<a>1</a></xml>", Malformation::Mixed)]
#[case::text_behind_an_element("<xml><a>1</a>secret</xml>", Malformation::Mixed)]
#[case::text_before_an_element("<xml><a>secret<b>1</b></a></xml>", Malformation::Mixed)]
#[case::cdata_before_an_element("<xml><a><![CDATA[]]><b>1</b></a></xml>", Malformation::Mixed)]
#[case::character_behind_an_element("<xml><a><b>1</b>&amp;</a></xml>", Malformation::Mixed)]
#[case::only_text("<xml>secret</xml>", Malformation::Mixed)]
#[case::second_mark("\u{feff}\u{feff}<xml><a>1</a></xml>", Malformation::Format)]
#[case::twice("<xml><a>1</a><a>2</a></xml>", Malformation::Duplicate)]
#[case::twice_the_same("<xml><a>1</a><a>1</a></xml>", Malformation::Duplicate)]
#[case::twice_apart("<xml><a>1</a><b>1</b><c><a>3</a></c><a>2</a></xml>", Malformation::Duplicate)]
#[case::twice_beside_another(
    "<xml><ToUserName>1</ToUserName><Longitude>1</Longitude><Longitude>1</Longitude></xml>",
    Malformation::Duplicate
)]
#[case::twice_inside("<xml><c><a>1</a><a>2</a></c></xml>", Malformation::Duplicate)]
#[case::text_and_fields("<xml><a>1</a><a><b>1</b></a></xml>", Malformation::Duplicate)]
#[case::fields_and_text("<xml><a><b>1</b></a><a>1</a></xml>", Malformation::Duplicate)]
#[case::not_closed("<xml><a>1</a>", Malformation::Syntax)]
#[case::closed_crosswise("<xml><a><b>1</a></b></xml>", Malformation::Syntax)]
#[case::closed_too_often("<xml></a></xml>", Malformation::Syntax)]
#[case::cut_in_a_tag("<xml><a", Malformation::Syntax)]
#[case::cut_in_cdata("<xml><a><![CDATA[1]]", Malformation::Syntax)]
#[case::end_of_cdata_in_a_text("<xml><a>1]]>2</a></xml>", Malformation::Syntax)]
#[case::cdata_in_lower_case("<xml><a><![cdata[1]]></a></xml>", Malformation::Syntax)]
#[case::attribute_of_an_end("<xml><a>1</a b='1'></xml>", Malformation::Syntax)]
#[case::nothing_but_a_declaration("<?xml version='1.0'?>", Malformation::Syntax)]
fn xml_that_is_refused(#[case] body: &str, #[case] expected: Malformation) {
    assert_eq!(refused(body), expected);
}

#[rstest]
#[case::empty("", Malformation::Format)]
#[case::blank(" \r\n\t", Malformation::Format)]
#[case::words("success", Malformation::Format)]
#[case::array("[1]", Malformation::Format)]
#[case::text("\"a\"", Malformation::Format)]
#[case::cut(r#"{"a":1"#, Malformation::Syntax)]
#[case::comma(r#"{"a":1,}"#, Malformation::Syntax)]
#[case::single_quotes("{'a':1}", Malformation::Syntax)]
#[case::comment(r#"{"a":1 /* secret */}"#, Malformation::Syntax)]
#[case::two_objects("{}{}", Malformation::Syntax)]
#[case::words_behind("{} secret", Malformation::Syntax)]
#[case::number_no_json_has(r#"{"a":01}"#, Malformation::Syntax)]
#[case::not_a_number(r#"{"a":NaN}"#, Malformation::Syntax)]
#[case::twice(r#"{"a":1,"a":2}"#, Malformation::Duplicate)]
#[case::twice_by_escape(r#"{"a":1,"\u0061":2}"#, Malformation::Duplicate)]
#[case::twice_a_list(r#"{"List":[1],"List":[2]}"#, Malformation::Duplicate)]
#[case::twice_an_empty_list(r#"{"List":[],"List":{"a":2}}"#, Malformation::Duplicate)]
#[case::twice_inside(r#"{"b":{"a":1,"a":1}}"#, Malformation::Duplicate)]
#[case::no_name(r#"{"":1}"#, Malformation::Name)]
fn json_that_is_refused(#[case] body: &str, #[case] expected: Malformation) {
    assert_eq!(refused(body), expected);
}

#[rstest]
#[case::utf_16_little_endian(&[0xff, 0xfe])]
#[case::utf_16_big_endian(&[0xfe, 0xff])]
fn utf_16_is_refused(#[case] mark: &[u8]) {
    let text = "<xml><a>1</a></xml>";
    let units =
        |big: bool| text.encode_utf16().flat_map(move |unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() });
    let with_mark: Vec<u8> = mark.iter().copied().chain(units(mark[0] == 0xfe)).collect();
    assert_eq!(refused(with_mark), Malformation::Format);
    let without_mark: Vec<u8> = units(mark[0] == 0xfe).collect();
    assert!(matches!(refused(without_mark), Malformation::Format | Malformation::Name));
}

#[test]
fn a_byte_order_mark_is_allowed() {
    for (body, format) in [("<xml><a>1</a></xml>", Format::Xml), (r#"{"a":1}"#, Format::Json)] {
        let fields = parse(format!("\u{feff}\r\n {body}\n")).unwrap();
        assert_eq!((fields.format(), fields.text("a")), (format, Some("1")));
    }
}

#[test]
fn a_declaration_is_allowed() {
    for declaration in ["<?xml version='1.0'?>", "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"] {
        assert_eq!(parse(format!("{declaration}<xml><a>1</a></xml>")).unwrap().text("a"), Some("1"));
    }
}

#[test]
fn broken_utf8_in_a_text_does_not_lose_the_message() {
    // A text cut by bytes in the middle of a character.
    let broken = b"<xml><Label><![CDATA[\xe5\xb9\xbf\xe5\xb7]]></Label><a>1</a></xml>";
    let fields = parse(broken).unwrap();
    assert_eq!((fields.text("Label"), fields.text("a")), (Some("广\u{fffd}"), Some("1")));
    let fields = parse(b"{\"Label\":\"\xe5\xb9\xbf\xe5\xb7\",\"a\":\"b\x07\"}").unwrap();
    assert_eq!((fields.text("Label"), fields.text("a")), (Some("广\u{fffd}"), Some("b\u{7}")));
    assert_eq!(fields.repairs().total(), 2);
    // In a name it is no text.
    assert_eq!(refused(b"<xml><La\xe5bel>1</La\xe5bel></xml>"), Malformation::Name);
}

fn nested(depth: usize) -> (String, String) {
    let xml = format!("<xml>{}{}</xml>", "<a>".repeat(depth - 1), "</a>".repeat(depth - 1));
    let json = format!("{}1{}", r#"{"a":"#.repeat(depth - 1), "}".repeat(depth - 1));
    (xml, json)
}

#[test]
fn how_deep() {
    let (xml, _) = nested(16);
    parse(xml).unwrap();
    let (xml, _) = nested(17);
    assert_eq!(refused(xml), Malformation::Depth);
    let (_, json) = nested(17);
    parse(json).unwrap();
    let (_, json) = nested(18);
    assert_eq!(refused(json), Malformation::Depth);
    assert_eq!(refused(format!("{{\"a\":{}", "[".repeat(40_000))), Malformation::Syntax);
    assert_eq!(refused(format!("{{\"a\":{}{}}}", "[".repeat(20_000), "]".repeat(20_000))), Malformation::Depth);
    assert_eq!(refused("<xml>".to_owned() + &"<a>".repeat(20_000)), Malformation::Depth);
}

#[test]
fn how_many() {
    let xml = |count: usize| format!("<xml>{}</xml>", "<item>1</item>".repeat(count - 1));
    let json = |count: usize| format!(r#"{{"a":[{}]}}"#, vec!["1"; count - 1].join(","));
    for body in [xml(128), json(128)] {
        parse(body).unwrap();
    }
    for body in [xml(129), json(129)] {
        assert_eq!(refused(body), Malformation::Elements);
    }
}

#[test]
fn how_long() {
    let of = |length: usize| {
        let frame = "<xml><a></a></xml>".len();
        format!("<xml><a>{}</a></xml>", "1".repeat(length - frame))
    };
    parse(of(64 * 1024)).unwrap();
    assert_eq!(refused(of(64 * 1024 + 1)), Malformation::TooLong);
    let more = Limits { bytes: 1024 * 1024, ..Limits::default() };
    Fields::parse(of(1024 * 1024), &more).unwrap();
}

#[test]
fn a_billion_laughs_are_not_heard() {
    let mut bomb = String::from("<!DOCTYPE xml [<!ENTITY a0 'ha'>");
    for level in 1..10 {
        bomb += &format!("<!ENTITY a{level} '{}'>", format!("&a{};", level - 1).repeat(10));
    }
    assert_eq!(refused(bomb + "]><xml><a>&a9;</a></xml>"), Malformation::Doctype);
}

#[test]
fn a_common_field_that_is_damaged() {
    for (field, problem) in [
        ("<CreateTime>soon</CreateTime>", Problem::NotInteger),
        ("<CreateTime>1.5</CreateTime>", Problem::NotInteger),
        ("<CreateTime>99999999999999999999</CreateTime>", Problem::NotInteger),
        ("<FromUserName>微信</FromUserName>", Problem::NotId),
        ("<FromUserName>o A</FromUserName>", Problem::NotId),
        ("<ToUserName><a>1</a></ToUserName>", Problem::NotText),
    ] {
        let body = format!("<xml><MsgType>text</MsgType><Content>1</Content>{field}</xml>");
        match Inbound::parse(body, &Limits::default()) {
            Err(ParseError::Field(error)) => assert_eq!(error.problem(), problem, "{field}"),
            other => panic!("{field}: {other:?}"),
        }
    }
}

#[test]
fn nothing_in_particular_is_still_read() {
    for body in ["<xml/>", "<xml></xml>", "{}", r#"{"action":"CheckContainerPath"}"#] {
        let inbound = Inbound::parse(body, &Limits::default()).unwrap();
        assert_eq!(inbound.kind, Kind::Other);
        assert!(inbound.from.is_empty() && inbound.to.is_empty() && inbound.create_time == 0);
    }
}
