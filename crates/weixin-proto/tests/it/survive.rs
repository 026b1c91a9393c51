//! Whatever arrives, nothing panics.

use proptest::prelude::*;
use serde::Deserialize;
use serde_json::Value;
use weixin_proto::callback::reply::Reply;
use weixin_proto::callback::{Draft, Envelope, Fields, Format, Inbound, Limits, Query, Receiver, SealedReply};
use weixin_proto::envelope::{self, Sealed};
use weixin_proto::json::{de, decode, parse};
use weixin_proto::{AesKey, AppSecret, ErrCode, OpenId, errmsg, sign, user_data};

#[derive(Deserialize)]
#[allow(dead_code, reason = "only reading it matters")]
struct Everything {
    #[serde(default)]
    a: ErrCode,
    #[serde(default, deserialize_with = "de::opt_int")]
    b: Option<i64>,
    #[serde(default, deserialize_with = "de::uint")]
    c: u64,
    #[serde(default, deserialize_with = "de::opt_string")]
    d: Option<String>,
    #[serde(default, deserialize_with = "de::text")]
    e: String,
    #[serde(default, deserialize_with = "de::boolish")]
    f: bool,
    #[serde(default, deserialize_with = "de::list")]
    g: Vec<Value>,
    h: Option<OpenId>,
    i: Option<AppSecret>,
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1024))]

    #[test]
    fn json_of_any_bytes(bytes: Vec<u8>) {
        if let Ok((value, _)) = parse(&bytes) {
            // What comes out is legal: it can be written and read again.
            let again = serde_json::to_vec(&value).unwrap();
            prop_assert_eq!(serde_json::from_slice::<Value>(&again).unwrap(), value);
        }
        let _ = decode::<Everything>(&bytes);
    }

    #[test]
    fn json_that_is_nearly_json(
        text in r#"\{"[a-i]":(("?[0-9.eE+\-]{0,24}"?)|("[\u{0}-\u{7f}\u{4e00}]{0,24}")|\[\]|\{\}|null|true)(,"[a-i]":"(\\|\\u|\\ud8|[0-9a-f]){0,9}")?\}?"#,
    ) {
        let _ = parse(text.as_bytes());
        if let Err(error) = decode::<Everything>(text.as_bytes()) {
            let _ = (error.to_string(), error.position());
        }
    }

    #[test]
    fn envelopes_of_any_text(encrypt in ".{0,200}", app in ".{0,20}") {
        let key = AesKey::parse(&"A".repeat(43)).unwrap();
        prop_assert!(envelope::open([&key], &app.into(), &encrypt).is_err());
    }

    #[test]
    fn envelopes_of_any_blocks(bytes in prop::collection::vec(any::<[u8; 32]>(), 0..6), key in "[A-Za-z0-9+/]{43}") {
        use base64::Engine as _;
        let encrypt = base64::engine::general_purpose::STANDARD.encode(bytes.concat());
        let key = AesKey::parse(&key).unwrap();
        prop_assert!(envelope::open([&key], &"wx1111111111111111".into(), &encrypt).is_err());
        let msg_signature = sign::msg_signature("token", "1", "2", &encrypt);
        let sealed = Sealed { encrypt: &encrypt, msg_signature: &msg_signature, timestamp: "1", nonce: "2" };
        prop_assert!(envelope::open_verified([&"token".into()], [&key], &"wx1".into(), sealed).is_err());
    }

    #[test]
    fn user_data_of_any_text(key in ".{0,30}", data in ".{0,200}", iv in ".{0,30}", now: i64, max_age: i64) {
        prop_assert!(user_data::decrypt(&key.into(), &data, &iv, &"wx1".into(), now, max_age).is_err());
    }

    #[test]
    fn user_data_of_any_blocks(data in prop::collection::vec(any::<[u8; 16]>(), 0..6), key: [u8; 16], iv: [u8; 16]) {
        use base64::Engine as _;
        let base64 = base64::engine::general_purpose::STANDARD;
        let (key, data, iv) = (base64.encode(key), base64.encode(data.concat()), base64.encode(iv));
        prop_assert!(user_data::decrypt(&key.into(), &data, &iv, &"wx1".into(), 0, i64::MAX).is_err());
    }

    #[test]
    fn user_data_of_any_plain_text(plain: Vec<u8>) {
        let key = "tiihtNczf5v6AKRyjwEUhQ==".into();
        let data = user_data::encrypt(&key, [0; 16], &plain).unwrap();
        prop_assert!(user_data::decrypt(&key, &data, "AAAAAAAAAAAAAAAAAAAAAA==", &"wx1".into(), 0, i64::MAX).is_err());
    }

    #[test]
    fn keys_of_any_text(text in ".{0,60}", letters in "[A-Za-z0-9+/]{43}") {
        let _ = AesKey::parse(&text);
        prop_assert!(AesKey::parse(&letters).is_ok());
    }

    #[test]
    fn messages_of_any_text(text in "(.{0,20}|, | rid: |rid:| hint: \\[|hints: \\[| \\]|data\\.|\\.value|invalid ip ){0,8}") {
        let parts = errmsg::split(&text);
        prop_assert!(text.contains(parts.text));
        for code in [40164, 47003] {
            prop_assert!(!ErrCode(code).hint_zh(&text).is_empty());
        }
    }

    #[test]
    fn pushes_of_any_bytes(mut bytes: Vec<u8>, start in prop::sample::select(vec!["", "<", "{", "<xml>", "\u{feff}<xml><a>"])) {
        bytes.splice(0..0, start.bytes());
        read_everything(&bytes);
    }

    #[test]
    fn pushes_that_are_nearly_xml(
        text in r"(<xml>|</xml>|<a>|</a>|<a/>|<Event>|</Event>|<List>|</List>|<!\[CDATA\[|\]\]>|<!--|-->|<\?|\?>|<!DOCTYPE|&amp;|&#65;|&|<|>| |\n|1|\u{0}|微){0,24}",
    ) {
        read_everything(text.as_bytes());
        read_everything(format!("<xml>{text}</xml>").as_bytes());
        read_everything(format!("<xml><MsgType>event</MsgType><Event>SCAN</Event><EventKey>{text}</EventKey></xml>").as_bytes());
    }

    #[test]
    fn pushes_that_are_nearly_json(
        text in r#"(\{|\}|\[|\]|,|:|"a"|"List"|"MsgType"|"event"|"Event"|"\\u0041"|"\\ud83d"|"\\|1|-1\.5e3|true|null| |\u{7}|"|微){0,24}"#,
    ) {
        read_everything(text.as_bytes());
        read_everything(format!("{{{text}}}").as_bytes());
        read_everything(format!(r#"{{"MsgType":"event","Event":"subscribe_msg_sent_event","List":{text}}}"#).as_bytes());
    }

    #[test]
    fn callbacks_of_any_address(
        signature in ".{0,50}", msg_signature in "[0-9a-f]{40}|.{0,50}", timestamp in "[0-9]{0,12}|.{0,12}",
        nonce in ".{0,140}", echostr in ".{0,50}", body: Vec<u8>, now: i64,
    ) {
        let key = AesKey::parse(&"A".repeat(43)).unwrap();
        let query = Query {
            signature: signature.into(),
            msg_signature: msg_signature.into(),
            timestamp: timestamp.into(),
            nonce: nonce.into(),
            echostr: echostr.into(),
        };
        for receiver in [
            Receiver::plain("wx1".into(), "token".into()),
            Receiver::safe("wx1".into(), "token".into(), key.clone()),
            Receiver::compatible("wx1".into(), "token".into(), key.clone()).window_s(u32::MAX),
        ] {
            prop_assert!(receiver.open(&query, &body, now).is_err());
            prop_assert!(receiver.verify_echo(&query, now).is_err());
        }
    }
}

/// Reads a body in every way there is. What is accepted can be written and read again and stays what it was.
pub(crate) fn read_everything(body: &[u8]) {
    let limits = Limits::default();
    let _ = (Envelope::parse(body, &limits), SealedReply::parse(body, &limits), Reply::parse(body, &limits));
    if let Ok(inbound) = Inbound::parse(body, &limits) {
        let _ = (inbound.dedup_key(), inbound.article(), format!("{inbound:?}"));
        serde_json::to_string(&inbound).unwrap();
    }
    if let Ok(fields) = Fields::parse(body, &limits) {
        assert!(
            !fields.source().contains("<!DOCTYPE")
                || fields.source().contains("<![CDATA[")
                || fields.format() == Format::Json
        );
        let json = Draft::from(&fields).to_json();
        // Fields of one name come together, which their order may tell.
        let again = Fields::parse(json, &Limits { bytes: usize::MAX, depth: 17, elements: 129 }).unwrap();
        assert_eq!(serde_json::to_string(&again).unwrap(), serde_json::to_string(&fields).unwrap());
    }
}
