//! Requests that WeChat did not make.

use weixin_proto::callback::{Format, Query, Reason};

use super::receive::{APP, Request, key, safe, token};

const TEXT: &str = "<xml><ToUserName>gh_97417a04a28d</ToUserName><FromUserName>oABCD</FromUserName>\
                    <CreateTime>1714112445</CreateTime><MsgType>text</MsgType><Content>hello</Content></xml>";

/// Numbers that are the same every time: a failure can be looked at again.
pub(crate) struct Numbers(pub(crate) u64);

impl Numbers {
    pub(crate) fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 11).unwrap() % end
    }

    pub(crate) fn byte(&mut self) -> u8 {
        u8::try_from(self.below(256)).unwrap()
    }
}

/// Changes one thing about some bytes. White space is never put in: between tags it would mean nothing.
fn change(bytes: &mut Vec<u8>, numbers: &mut Numbers) {
    let at = numbers.below(bytes.len());
    match numbers.below(5) {
        0 => bytes[at] ^= 1 << numbers.below(8),
        1 => {
            bytes.remove(at);
        }
        2 => loop {
            let byte = numbers.byte();
            if !byte.is_ascii_whitespace() {
                bytes.insert(at, byte);
                break;
            }
        },
        3 => bytes.truncate(at),
        _ => {
            let other = numbers.below(bytes.len());
            bytes.swap(at, other);
        }
    }
}

fn changed(text: &str, numbers: &mut Numbers) -> String {
    let mut bytes = text.as_bytes().to_vec();
    change(&mut bytes, numbers);
    String::from_utf8_lossy(&bytes).into_owned()
}

#[test]
fn of_a_hundred_thousand_changed_callbacks_none_is_accepted() {
    let receiver = safe();
    let original = Request::sealed(&token(), &key(), APP, TEXT, Format::Xml);
    assert!(original.open(&receiver).is_ok());
    let mut numbers = Numbers(0x9e37_79b9_7f4a_7c15);
    let mut tried = 0;
    while tried < 100_000 {
        let mut request = original.clone();
        for _ in 0..=numbers.below(3) {
            match numbers.below(8) {
                0 => request.query.msg_signature = changed(&original.query.msg_signature, &mut numbers).into(),
                1 => request.query.timestamp = changed(&original.query.timestamp, &mut numbers).into(),
                2 => request.query.nonce = changed(&original.query.nonce, &mut numbers).into(),
                _ if request.body.is_empty() => {}
                _ => change(&mut request.body, &mut numbers),
            }
        }
        if request.body == original.body && request.query == original.query {
            continue;
        }
        tried += 1;
        let refused = request.open(&receiver).expect_err("a changed request was accepted");
        assert!(!refused.is_malformed(), "{:?}: the sender learns more than that he is refused", refused.reason());
    }
}

#[test]
fn every_form_of_a_signature_that_is_not_the_signature() {
    let receiver = safe();
    let original = Request::sealed(&token(), &key(), APP, TEXT, Format::Xml);
    let right = original.query.msg_signature.clone().into_owned();
    let forms = [
        String::new(),
        right.to_uppercase(),
        format!("{right} "),
        format!(" {right}"),
        format!("{right}\n"),
        format!("{right}\0"),
        format!("{right}0"),
        format!("0{right}"),
        format!("0x{right}"),
        right[1..].to_owned(),
        right[..39].to_owned(),
        right.chars().rev().collect(),
        right.replace(|character: char| character.is_ascii_digit(), "０"),
        format!("[\"{right}\"]"),
        format!("{right},{right}"),
        "null".to_owned(),
        "0".repeat(40),
        "f".repeat(40),
        // The signature of the address does not cover the body.
        original.query.signature.clone().into_owned(),
        "微".repeat(40),
    ];
    for form in forms {
        let query = Query { msg_signature: form.clone().into(), ..original.query.clone() };
        let refused = Request { query, ..original.clone() }.open(&receiver).unwrap_err();
        assert!(matches!(refused.reason(), Reason::Signature | Reason::Query("msg_signature")), "{form}");
        assert!(!refused.is_malformed());
    }
}

#[test]
fn a_signature_in_an_array_is_two_signatures() {
    let pairs = [("msg_signature", "a"), ("timestamp", "1"), ("msg_signature", "b")];
    assert_eq!(Query::from_pairs(pairs).unwrap_err().reason(), &Reason::Query("msg_signature"));
    // Another name is another value.
    assert_eq!(Query::from_pairs([("msg_signature[]", "a")]).unwrap(), Query::default());
}
