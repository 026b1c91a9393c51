use proptest::prelude::*;
use serde::Deserialize;
use serde_json::Value;
use weixin_proto::json::{JsonErrorKind, Repairs, de, decode, from_slice, parse};
use weixin_proto::{AccessTokenValue, ErrCode, OpenId, UnionId};

/// The fields WeChat is known to change its mind about, in one answer.
#[derive(Debug, PartialEq, Deserialize)]
struct Answer {
    #[serde(default)]
    errcode: ErrCode,
    #[serde(default)]
    errmsg: String,
    #[serde(default, deserialize_with = "de::opt_int")]
    expires_in: Option<i64>,
    #[serde(default, deserialize_with = "de::opt_uint")]
    msgid: Option<u64>,
    #[serde(default, deserialize_with = "de::string")]
    country_code: String,
    #[serde(default, deserialize_with = "de::opt_string")]
    remark: Option<String>,
    #[serde(default, deserialize_with = "de::text")]
    nickname: String,
    #[serde(default, deserialize_with = "de::opt_id")]
    unionid: Option<UnionId>,
    #[serde(default, deserialize_with = "de::boolish")]
    is_snapshotuser: bool,
    #[serde(default, deserialize_with = "de::list")]
    list: Vec<Item>,
    #[serde(default, deserialize_with = "de::list")]
    privilege: Vec<String>,
    #[serde(default, deserialize_with = "de::list")]
    numbers: Vec<u64>,
}

#[derive(Debug, PartialEq, Deserialize)]
struct Item {
    #[serde(deserialize_with = "de::int")]
    id: i64,
}

fn answer(json: &str) -> Answer {
    from_slice(json.as_bytes()).unwrap_or_else(|error| panic!("{json}: {error}"))
}

#[test]
fn nothing_has_to_be_there() {
    let Answer { errcode, errmsg, expires_in, msgid, nickname, list, .. } = answer("{}");
    assert_eq!((errcode, errmsg.as_str(), expires_in, msgid), (ErrCode::OK, "", None, None));
    assert_eq!((nickname.as_str(), list), ("", vec![]));
}

#[test]
fn numbers_and_texts_stand_for_each_other() {
    let wanted = answer(r#"{"errcode":0,"expires_in":7200,"msgid":9007199254740993,"country_code":"86"}"#);
    assert_eq!(wanted.msgid, Some(9_007_199_254_740_993));
    for same in [
        r#"{"errcode":"0","expires_in":"7200","msgid":"9007199254740993","country_code":86}"#,
        r#"{"errcode":0.0,"expires_in":7.2e3,"msgid":"9007199254740993","country_code":"86","new":{}}"#,
    ] {
        assert_eq!(answer(same), wanted, "{same}");
    }
    assert_eq!(answer(r#"{"msgid":18446744073709551615}"#).msgid, Some(u64::MAX));
}

#[test]
fn digits_are_never_lost_silently() {
    for json in [
        r#"{"msgid":18446744073709551616}"#,
        r#"{"msgid":1e17}"#,
        r#"{"country_code":18446744073709551616}"#,
        r#"{"numbers":1.5}"#,
    ] {
        assert_eq!(from_slice::<Answer>(json.as_bytes()).unwrap_err().kind(), JsonErrorKind::Shape, "{json}");
    }
}

#[test]
fn nothing_is_written_in_many_ways() {
    for json in [
        r#"{"expires_in":null,"remark":null,"nickname":null,"unionid":null,"is_snapshotuser":null,"list":null}"#,
        r#"{"expires_in":"","remark":"","nickname":"","unionid":"","is_snapshotuser":"","list":""}"#,
        r#"{"list":[],"is_snapshotuser":0}"#,
    ] {
        assert_eq!(answer(json), answer("{}"), "{json}");
    }
}

#[test]
fn a_list_of_one_may_be_the_item_itself() {
    assert_eq!(answer(r#"{"list":{"id":"1"}}"#).list, [Item { id: 1 }]);
    assert_eq!(answer(r#"{"list":[{"id":1},{"id":2}]}"#).list, [Item { id: 1 }, Item { id: 2 }]);
    assert_eq!(answer(r#"{"privilege":"chinaunicom"}"#).privilege, ["chinaunicom"]);
    assert_eq!(answer(r#"{"numbers":7}"#).numbers, [7]);
    assert!(from_slice::<Answer>(br#"{"list":[{"id":1},{}]}"#).is_err());
    assert!(from_slice::<Answer>(br#"{"list":true}"#).is_err());
}

#[test]
fn what_people_read_loses_its_control_characters_only() {
    let family = "👨\u{200d}👩\u{200d}👧 \u{e415}\u{202e}e\u{301}";
    let escaped = serde_json::to_string(family).unwrap();
    assert_eq!(answer(&format!(r#"{{"nickname":{escaped}}}"#)).nickname, family);
    assert_eq!(answer(r#"{"nickname":"a\u0000b\u0007\u007fc\u0085\n"}"#).nickname, "abc");
    assert_eq!(answer("{\"nickname\":\"a\x01b\"}").nickname, "ab");
    assert_eq!(answer(r#"{"nickname":7}"#).nickname, "7");
}

#[test]
fn a_known_field_twice_is_refused_an_unknown_one_is_not() {
    assert!(from_slice::<Answer>(br#"{"errcode":0,"errcode":40001}"#).is_err());
    assert!(from_slice::<Answer>(b"{\"errcode\":0,\"errmsg\":\"\x01\",\"errcode\":40001}").is_err());
    assert_eq!(answer(r#"{"new":1,"new":2}"#), answer("{}"));
    assert_eq!(parse(br#"{"a":1,"a":2}"#).unwrap().0, serde_json::json!({"a": 2}));
}

#[derive(Debug, Deserialize)]
struct Profile {
    openid: OpenId,
    access_token: AccessTokenValue,
    #[serde(deserialize_with = "de::text")]
    nickname: String,
}

fn profile(nickname: &[u8]) -> Vec<u8> {
    [
        &br#"{"openid":"oGZUI0egBJY1zhBYw2KhdUfwVJJE","nickname":""#[..],
        nickname,
        br#"","access_token":"ACCESS-token_1"}"#,
    ]
    .concat()
}

/// Nicknames WeChat has no business sending, more than 200 of them.
fn damaged_nicknames() -> Vec<Vec<u8>> {
    let raw_controls = (0..0x20_u8).map(|control| vec![b'a', control, b'b']);
    let strange_escapes =
        (0x20..0x7f_u8).filter(|after| *after != b'"').map(|after| vec![b'\\', after, b'z', b'z', b'z', b'z']);
    let broken_utf8 = (0x80..=0xff_u8).map(|byte| vec![b'a', byte, b'b']);
    let surrogates = ["\\ud83d", "\\ude00", "\\ude00\\ud83d", "\\ud83dx", "\\uD83D\\u0041", "x\\udfffy"];
    raw_controls
        .chain(strange_escapes)
        .chain(broken_utf8)
        .chain(surrogates.map(|text| text.as_bytes().to_vec()))
        .collect()
}

#[test]
fn no_nickname_keeps_anybody_from_logging_in() {
    let nicknames = damaged_nicknames();
    assert!(nicknames.len() > 200);
    let mut repaired = 0;
    for nickname in nicknames {
        let (Profile { openid, access_token, nickname: text }, repairs): (Profile, Repairs) =
            decode(&profile(&nickname)).unwrap_or_else(|error| panic!("{}: {error}", nickname.escape_ascii()));
        assert_eq!((openid.as_str(), access_token.expose()), ("oGZUI0egBJY1zhBYw2KhdUfwVJJE", "ACCESS-token_1"));
        assert!(!text.contains(char::is_control));
        repaired += usize::from(!repairs.is_clean());
    }
    // All but the escapes that are legal: eight of one letter.
    assert!(repaired > 240, "{repaired}");
}

#[test]
fn an_identifier_that_was_damaged_is_refused_not_repaired() {
    for openid in [&b"oA\xffBC"[..], b"oA\x01BC", b"oA\\ud83dBC", b"oA\\xBC\xff", "o中".as_bytes(), b"oA BC"] {
        let json = [&b"{\"openid\":\""[..], openid, b"\",\"access_token\":\"t\",\"nickname\":\"n\"}"].concat();
        let error = decode::<Profile>(&json).unwrap_err();
        assert_eq!(error.kind(), JsonErrorKind::Shape);
        assert!(error.to_string().contains("expected OpenId of printable ASCII"), "{error}");
    }
    let json = b"{\"openid\":\"oA\",\"access_token\":\"t\xff\",\"nickname\":\"n\"}";
    assert!(decode::<Profile>(json).unwrap_err().to_string().contains("AccessTokenValue"));
}

#[test]
fn an_answer_cut_short_is_never_taken_for_whole() {
    let whole = br#"{"access_token":"ACCESS","expires_in":7200,"openid":"oABCDE"}"#;
    assert!(parse(whole).is_ok());
    for end in 0..whole.len() {
        assert!(parse(&whole[..end]).is_err(), "cut at {end}");
        assert!(parse(&[&whole[..end], b"\0\0"].concat()).is_err(), "cut at {end} and filled with zeros");
    }
}

#[test]
fn what_gateways_send_instead() {
    for (body, kind) in [
        (&b""[..], JsonErrorKind::Empty),
        (b"<html><body>502 Bad Gateway</body></html>", JsonErrorKind::Syntax),
        (b"{\"errcode\":0}{\"errcode\":0}", JsonErrorKind::Syntax),
        (b"errcode=0", JsonErrorKind::Syntax),
        (b"\0\0\0", JsonErrorKind::Empty),
    ] {
        assert_eq!(parse(body).unwrap_err().kind(), kind, "{}", body.escape_ascii());
    }
}

#[test]
fn depth_is_limited() {
    assert!(parse(&[[b'['; 100], [b']'; 100]].concat()).is_ok());
    for depth in [200, 100_000] {
        assert!(parse(&vec![b'['; depth]).is_err());
        assert!(parse(&[&b"\xef\xbb\xbf"[..], &vec![b'['; depth]].concat()).is_err());
        assert!(parse(&[vec![b'['; depth], vec![b']'; depth]].concat()).is_err());
    }
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 40, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::hash_map(any::<String>(), inner, 0..6).prop_map(|map| map.into_iter().collect::<Value>()),
        ]
    })
}

proptest! {
    #[test]
    fn valid_json_means_what_serde_json_says(value in any_json(), pretty: bool) {
        let text = if pretty { serde_json::to_vec_pretty(&value) } else { serde_json::to_vec(&value) }.unwrap();
        let (read, repairs) = parse(&text).unwrap();
        prop_assert_eq!(read, serde_json::from_slice::<Value>(&text).unwrap());
        prop_assert!(repairs.is_clean());
    }

    #[test]
    fn whatever_serde_json_accepts_is_accepted_unrepaired(text in r#"[\[\]{}:, 0-9eE+.\-"\\untrfalse\u{0}-\u{1f}]{0,24}"#) {
        let strict = serde_json::from_str::<Value>(&text);
        let tolerant = parse(text.as_bytes());
        if let Ok(strict) = strict {
            prop_assert_eq!(tolerant.unwrap(), (strict, Repairs::default()));
        } else if let Ok((_, repairs)) = tolerant {
            prop_assert!(!repairs.is_clean());
        }
    }

    #[test]
    fn damage_in_one_field_never_touches_another(nickname in prop::collection::vec(any::<u8>(), 0..40)) {
        // A quote ends the text and a backslash before it would not; neither can be repaired and neither is tried.
        let nickname: Vec<u8> = nickname.into_iter().filter(|byte| *byte != b'"').chain(*b"z").collect();
        let Profile { openid, access_token, .. } = from_slice(&profile(&nickname)).unwrap();
        prop_assert_eq!(openid.as_str(), "oGZUI0egBJY1zhBYw2KhdUfwVJJE");
        prop_assert_eq!(access_token.expose(), "ACCESS-token_1");
    }

    #[test]
    fn frames_around_json_do_not_change_it(value in any_json(), mark: bool, zeros in 0_usize..4) {
        let mut bytes = if mark { b"\xef\xbb\xbf".to_vec() } else { vec![] };
        bytes.extend(serde_json::to_vec(&value).unwrap());
        let plain = serde_json::from_slice::<Value>(&serde_json::to_vec(&value).unwrap()).unwrap();
        bytes.extend(vec![0; zeros]);
        let (read, repairs) = parse(&bytes).unwrap();
        prop_assert_eq!(read, plain);
        prop_assert_eq!(repairs.total() as usize, usize::from(mark) + zeros);
    }
}
