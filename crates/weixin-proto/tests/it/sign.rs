use proptest::prelude::*;
use serde::Deserialize;
use weixin_proto::sign::{self, callback_signature, jssdk_signature, msg_signature};

use crate::vectors;

#[derive(Deserialize)]
struct Callback {
    id: String,
    token: String,
    timestamp: String,
    nonce: String,
    encrypt: Option<String>,
    joined: Option<String>,
    signature: String,
}

#[test]
fn callbacks_and_encrypted_messages() {
    let vectors: Vec<Callback> = vectors!("callback_signatures.json");
    assert_eq!(vectors.len(), 17);
    for Callback { id, token, timestamp, nonce, encrypt, joined, signature } in vectors {
        let verified = match &encrypt {
            None => {
                assert_eq!(callback_signature(&token, &timestamp, &nonce), signature, "{id}");
                sign::verify_callback(&token, &timestamp, &nonce, &signature)
            }
            Some(encrypt) => {
                assert_eq!(msg_signature(&token, &timestamp, &nonce, encrypt), signature, "{id}");
                sign::verify_msg(&token, &timestamp, &nonce, encrypt, &signature)
            }
        };
        assert!(verified, "{id}");
        if let Some(joined) = joined {
            assert_eq!(callback_signature(&joined, "", ""), signature, "{id}");
        }
    }
}

#[derive(Deserialize)]
struct Pages {
    jsapi: Vec<Page>,
    card: Vec<Card>,
}

#[derive(Deserialize)]
struct Page {
    id: String,
    ticket: String,
    nonce: String,
    timestamp: i64,
    url: String,
    signed: String,
    signature: String,
}

#[derive(Deserialize)]
struct Card {
    id: String,
    values: Vec<String>,
    signed: String,
    signature: String,
}

#[test]
fn pages_and_cards() {
    let vectors: Pages = vectors!("page_signatures.json");
    assert_eq!((vectors.jsapi.len(), vectors.card.len()), (2, 1));
    for Page { id, ticket, nonce, timestamp, url, signed, signature } in vectors.jsapi {
        assert_eq!(jssdk_signature(&ticket, &nonce, timestamp, &url), signature, "{id}");
        assert_eq!(sign::raw_data_signature(&signed, ""), signature, "{id}: the signed text itself");
    }
    for Card { id, values, signed, signature } in vectors.card {
        let values: Vec<&str> = values.iter().map(String::as_str).rev().collect();
        assert_eq!(sign::card_signature(&values), signature, "{id}");
        assert_eq!(sign::raw_data_signature(&signed, ""), signature, "{id}: the signed text itself");
    }
}

#[derive(Deserialize)]
struct Sessions {
    raw_data: Vec<RawData>,
    hmac: Vec<Body>,
}

#[derive(Deserialize)]
struct RawData {
    id: String,
    session_key: String,
    raw_data: String,
    signature: String,
}

#[derive(Deserialize)]
struct Body {
    id: String,
    session_key: String,
    body: String,
    signature: String,
}

#[test]
fn session_keys() {
    let vectors: Sessions = vectors!("session_signatures.json");
    assert_eq!((vectors.raw_data.len(), vectors.hmac.len()), (1, 2));
    for RawData { id, session_key, raw_data, signature } in vectors.raw_data {
        assert_eq!(sign::raw_data_signature(&raw_data, &session_key), signature, "{id}");
        assert!(sign::verify_raw_data(&raw_data, &session_key, &signature), "{id}");
        assert!(!sign::verify_raw_data(&raw_data, "another key", &signature), "{id}");
    }
    for Body { id, session_key, body, signature } in vectors.hmac {
        assert_eq!(sign::session_signature(&session_key, body.as_bytes()), signature, "{id}");
        assert!(sign::verify_session(&session_key, body.as_bytes(), &signature), "{id}");
        assert!(!sign::verify_session(&session_key, b"another body", &signature), "{id}");
    }
}

proptest! {
    #[test]
    fn the_order_of_the_values_does_not_matter(a in ".{0,9}", b in ".{0,9}", c in ".{0,9}", d in ".{0,9}") {
        prop_assert_eq!(callback_signature(&a, &b, &c), callback_signature(&c, &a, &b));
        prop_assert_eq!(msg_signature(&a, &b, &c, &d), msg_signature(&d, &c, &b, &a));
        prop_assert_eq!(msg_signature(&a, &b, &c, ""), callback_signature(&a, &b, &c));
    }

    #[test]
    fn only_the_exact_text_verifies(token in ".{0,9}", nonce in ".{0,9}", given in "[0-9a-fA-F]{0,41}") {
        let right = callback_signature(&token, "1", &nonce);
        prop_assert!(sign::verify_callback(&token, "1", &nonce, &right));
        prop_assert_eq!(sign::verify_callback(&token, "1", &nonce, &given), given == right);
        prop_assert!(!sign::verify_callback(&token, "1", &nonce, &right.to_uppercase()));
    }

    #[test]
    fn a_fragment_never_changes_the_signature(page in "[^#]{0,40}", fragment in ".{0,20}", nonce in "[a-zA-Z0-9]{16}") {
        prop_assert_eq!(
            jssdk_signature("ticket", &nonce, 1, &page),
            jssdk_signature("ticket", &nonce, 1, &format!("{page}#{fragment}"))
        );
    }

    #[test]
    fn equal_means_equal(a in any::<Vec<u8>>(), b in any::<Vec<u8>>()) {
        prop_assert_eq!(sign::ct_eq(&a, &b), a == b);
        prop_assert!(sign::ct_eq(&a, &a.clone()));
    }
}
