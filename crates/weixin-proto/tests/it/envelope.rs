use proptest::prelude::*;
use serde::Deserialize;
use weixin_proto::envelope::{Reason, Sealed, open, open_verified, seal};
use weixin_proto::{AesKey, AppId, CallbackToken, sign};

use crate::vectors;

#[derive(Deserialize)]
struct Vector {
    id: String,
    key: String,
    key_hex: Option<String>,
    app_id: String,
    random: String,
    message: String,
    message_bytes: usize,
    fill: usize,
    sealed_bytes: usize,
    encrypt: String,
}

#[test]
fn every_vector_opens_and_seals_to_the_same_bytes() {
    let vectors: Vec<Vector> = vectors!("envelopes.json");
    assert_eq!(vectors.len(), 13);
    for vector in vectors {
        let Vector { id, key, key_hex, app_id, random, message, message_bytes, fill, sealed_bytes, encrypt } = vector;
        let key = AesKey::parse(&key).unwrap();
        if let Some(key_hex) = key_hex {
            assert_eq!(hex::encode(key.expose()), key_hex, "{id}");
        }
        let app_id = AppId::new(app_id);
        assert_eq!(message.len(), message_bytes, "{id}");
        assert_eq!(16 + 4 + message_bytes + app_id.as_str().len() + fill, sealed_bytes, "{id}");

        assert_eq!(open([&key], &app_id, &encrypt).unwrap(), message.as_bytes(), "{id}");
        let random = random.as_bytes().try_into().unwrap();
        assert_eq!(seal(&key, &app_id, message.as_bytes(), random).unwrap(), encrypt, "{id}");
    }
}

#[derive(Deserialize)]
struct KeyVector {
    key: String,
    key_hex: String,
    same_key_ends_in: Vec<String>,
    strict_decoder_refuses: bool,
}

#[test]
fn keys_with_free_bits_in_the_last_character() {
    use base64::Engine as _;
    let vectors: Vec<KeyVector> = vectors!("aes_keys.json");
    assert_eq!(vectors.len(), 4);
    for KeyVector { key, key_hex, same_key_ends_in, strict_decoder_refuses } in vectors {
        let strict = base64::engine::general_purpose::STANDARD.decode(format!("{key}="));
        assert_eq!(strict.is_err(), strict_decoder_refuses, "{key}");
        assert_eq!(same_key_ends_in.len(), 4);
        for last in same_key_ends_in {
            let twin = AesKey::parse(&format!("{}{last}", &key[..42])).unwrap();
            assert_eq!(hex::encode(twin.expose()), key_hex, "{key} ending in {last}");
        }
    }
}

const APP: &str = "wxb11529c136998cb6";
const TOKEN: &str = "pamtest";

fn key() -> AesKey {
    AesKey::parse("abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG").unwrap()
}

fn old_key() -> AesKey {
    AesKey::parse("jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C").unwrap()
}

/// Encrypts 32-byte blocks as they are: for frames nobody would seal.
fn encrypt_frame(frame: &[u8]) -> String {
    use aes::Aes256;
    use base64::Engine as _;
    use cbc::cipher::block_padding::NoPadding;
    use cbc::cipher::{BlockModeEncrypt as _, KeyIvInit as _};
    let key = *key().expose();
    let sealed =
        cbc::Encryptor::<Aes256>::new_from_slices(&key, &key[..16]).unwrap().encrypt_padded_vec::<NoPadding>(frame);
    base64::engine::general_purpose::STANDARD.encode(sealed)
}

/// A frame with a message of `length` (as announced), the appid `app`, and `fill` as its fill.
fn frame(length: u32, message: &[u8], app: &str, fill: &[u8]) -> Vec<u8> {
    [&[b'r'; 16][..], &length.to_be_bytes(), message, app.as_bytes(), fill].concat()
}

#[track_caller]
fn refused(frame: &[u8]) -> Reason {
    open([&key()], &APP.into(), &encrypt_frame(frame)).unwrap_err().reason()
}

#[test]
fn the_fill_is_checked_whole() {
    // 16 + 4 + 26 + 18 = 64: the fill is a block of its own.
    let good = frame(26, &[b'm'; 26], APP, &[32; 32]);
    assert_eq!(open([&key()], &APP.into(), &encrypt_frame(&good)).unwrap(), [b'm'; 26]);
    for at in 64..96 {
        let mut bad = good.clone();
        bad[at] ^= 1;
        assert_eq!(refused(&bad), Reason::Fill, "byte {at}");
    }
    for fill in [0, 33, 48, 255] {
        assert_eq!(refused(&frame(26, &[b'm'; 26], APP, &[fill; 32])), Reason::Fill, "{fill}");
    }
}

#[test]
fn the_length_must_fit() {
    for length in [27 + 18, 26 + 18 + 1, 1000, u32::MAX] {
        assert_eq!(refused(&frame(length, &[b'm'; 26], APP, &[32; 32])), Reason::Frame, "{length}");
    }
    // Nothing but fill; and random bytes alone.
    assert_eq!(refused(&[32; 32]), Reason::Frame);
    assert_eq!(refused(&[&[b'r'; 16][..], &[16; 16]].concat()), Reason::Frame);
    // One more or less than the message moves a byte between message and appid.
    for length in [25, 27, 26 + 18] {
        assert_eq!(refused(&frame(length, &[b'm'; 26], APP, &[32; 32])), Reason::AppId, "{length}");
    }
}

#[test]
fn spaces_behind_the_appid_are_forgiven_nothing_else_is() {
    let padded = frame(23, &[b'm'; 23], &format!("{APP}   "), &[32; 32]);
    assert_eq!(open([&key()], &APP.into(), &encrypt_frame(&padded)).unwrap(), [b'm'; 23]);
    assert_eq!(open([&key()], &format!("{APP} ").as_str().into(), &encrypt_frame(&padded)).unwrap(), [b'm'; 23]);
    for app in [format!("  {APP} "), format!("{APP}\0\0\0"), format!("{APP}abc"), APP[3..].into(), APP.to_uppercase()] {
        let message = vec![b'm'; 44 - app.len()];
        let other = frame(u32::try_from(message.len()).unwrap(), &message, &app, &[32; 32]);
        assert_eq!(refused(&other), Reason::AppId, "{app:?}");
    }
}

#[test]
fn an_account_without_appid_receives_nothing() {
    let nobody = frame(44, &[b'm'; 44], "", &[32; 32]);
    for app in ["", "  "] {
        assert_eq!(open([&key()], &app.into(), &encrypt_frame(&nobody)).unwrap_err().reason(), Reason::AppId);
    }
}

#[test]
fn what_is_no_envelope_at_all() {
    for (encrypt, reason) in [
        ("", Reason::Size),
        ("AAAA", Reason::Size),
        ("!", Reason::Base64),
        ("AAAAAAAAAAAAAAAAAAAAAA==", Reason::Size),
        ("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB=", Reason::Base64),
    ] {
        let error = open([&key()], &APP.into(), encrypt).unwrap_err();
        assert_eq!(error.reason(), reason, "{encrypt}");
        assert_eq!(error.to_string(), "the encrypted message was refused");
    }
}

#[test]
fn keys_are_tried_in_order_while_they_are_being_changed() {
    let sealed = seal(&old_key(), &APP.into(), b"hello", *b"0123456789abcdef").unwrap();
    assert_eq!(open([&key()], &APP.into(), &sealed).unwrap_err().reason(), Reason::Fill);
    assert_eq!(open(&[key(), old_key()], &APP.into(), &sealed).unwrap(), b"hello");
    assert_eq!(open(&[old_key(), key()], &APP.into(), &sealed).unwrap(), b"hello");
    assert_eq!(open(&[], &APP.into(), &sealed).unwrap_err().reason(), Reason::NoKey);
    // A key that opens it tells more than one that does not, whatever the order.
    for keys in [[key(), old_key()], [old_key(), key()]] {
        assert_eq!(open(&keys, &"wx0000000000000000".into(), &sealed).unwrap_err().reason(), Reason::AppId);
    }
}

#[test]
fn tokens_are_all_accepted_while_they_are_being_changed() {
    let (old, new) = (CallbackToken::new("old"), CallbackToken::new("new"));
    let encrypt = seal(&key(), &APP.into(), b"hello", *b"0123456789abcdef").unwrap();
    let msg_signature = sign::msg_signature("old", "1713424427", "415670741", &encrypt);
    let sealed =
        Sealed { encrypt: &encrypt, msg_signature: &msg_signature, timestamp: "1713424427", nonce: "415670741" };
    for tokens in [vec![&old], vec![&new, &old], vec![&old, &new]] {
        assert_eq!(open_verified(tokens, [&key()], &APP.into(), sealed).unwrap(), b"hello");
    }
    for tokens in [vec![], vec![&new]] {
        assert_eq!(open_verified(tokens, [&key()], &APP.into(), sealed).unwrap_err().reason(), Reason::Signature);
    }
    // The signature of the address does not cover the body and is not accepted in its place.
    let address = sign::callback_signature("old", "1713424427", "415670741");
    let sealed = Sealed { msg_signature: &address, ..sealed };
    assert_eq!(open_verified([&old], [&key()], &APP.into(), sealed).unwrap_err().reason(), Reason::Signature);
}

#[test]
fn the_signature_is_looked_at_first() {
    let sealed = Sealed { encrypt: "no base64 at all!", msg_signature: "", timestamp: "1", nonce: "2" };
    let error = open_verified([&TOKEN.into()], [&key()], &APP.into(), sealed).unwrap_err();
    assert_eq!(error.reason(), Reason::Signature);
}

proptest! {
    #[test]
    fn what_was_sealed_opens(message: Vec<u8>, random: [u8; 16], app in "[a-z0-9]{1,40}", key in "[A-Za-z0-9]{43}") {
        let (key, app) = (AesKey::parse(&key).unwrap(), AppId::new(app));
        let encrypt = seal(&key, &app, &message, random).unwrap();
        prop_assert_eq!(open([&key], &app, &encrypt).unwrap(), message);
    }

    #[test]
    fn another_account_cannot_open_it(message: Vec<u8>, random: [u8; 16], other in "[a-z0-9]{0,40}") {
        prop_assume!(other != APP);
        let encrypt = seal(&key(), &APP.into(), &message, random).unwrap();
        prop_assert_eq!(open([&key()], &other.into(), &encrypt).unwrap_err().reason(), Reason::AppId);
    }

    #[test]
    fn another_key_cannot_open_it(message: Vec<u8>, random: [u8; 16]) {
        let encrypt = seal(&key(), &APP.into(), &message, random).unwrap();
        prop_assert!(open([&old_key()], &APP.into(), &encrypt).is_err());
    }

    /// CBC itself lets some changes through; the signature, which is checked first, lets none.
    #[test]
    fn any_flipped_bit_is_refused(
        message in prop::collection::vec(any::<u8>(), 0..100),
        random: [u8; 16],
        part in 0_usize..4,
        at: prop::sample::Index,
        bit in 0_u32..7,
    ) {
        let encrypt = seal(&key(), &APP.into(), &message, random).unwrap();
        let signature = sign::msg_signature(TOKEN, "1713424427", "415670741", &encrypt);
        let right = [encrypt, signature, "1713424427".into(), "415670741".into()];
        let mut wrong = right.clone();
        let mut bytes = wrong[part].clone().into_bytes();
        let at = at.index(bytes.len());
        bytes[at] ^= 1 << bit;
        wrong[part] = String::from_utf8(bytes).unwrap();
        let sealed = |[encrypt, msg_signature, timestamp, nonce]: &[String; 4]| {
            open_verified([&TOKEN.into()], [&key()], &APP.into(), Sealed { encrypt, msg_signature, timestamp, nonce })
        };
        prop_assert_eq!(sealed(&right).unwrap(), message);
        prop_assert_eq!(sealed(&wrong).unwrap_err().reason(), Reason::Signature);
    }

    /// Without the signature a changed envelope may open, but never as what it was.
    #[test]
    fn a_changed_envelope_never_opens_unchanged(
        message in prop::collection::vec(any::<u8>(), 0..100),
        random: [u8; 16],
        at: prop::sample::Index,
        bit in 0_u32..7,
    ) {
        let mut bytes = seal(&key(), &APP.into(), &message, random).unwrap().into_bytes();
        let at = at.index(bytes.len());
        bytes[at] ^= 1 << bit;
        let changed = String::from_utf8(bytes).unwrap();
        prop_assert_ne!(open([&key()], &APP.into(), &changed).ok(), Some(message));
    }
}
