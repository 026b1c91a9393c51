use proptest::prelude::*;
use serde::Deserialize;
use serde_json::{Value, json};
use weixin_proto::user_data::{Reason, decrypt, encrypt};
use weixin_proto::{AppId, SessionKey};

use crate::vectors;

#[derive(Deserialize)]
struct Vector {
    id: String,
    app_id: String,
    session_key: String,
    iv: String,
    encrypted_data: String,
    sealed_bytes: usize,
    fill: usize,
    plain: String,
}

#[test]
fn the_official_example() {
    let vectors: Vec<Vector> = vectors!("user_data.json");
    assert_eq!(vectors.len(), 1);
    for Vector { id, app_id, session_key, iv, encrypted_data, sealed_bytes, fill, plain } in vectors {
        use base64::Engine as _;
        let base64 = base64::engine::general_purpose::STANDARD;
        assert_eq!(plain.len() + fill, sealed_bytes, "{id}");
        let expected: Value = serde_json::from_str(&plain).unwrap();
        let made = expected["watermark"]["timestamp"].as_i64().unwrap();
        let key = SessionKey::new(session_key);
        let app = AppId::new(app_id);

        let value = decrypt(&key, &encrypted_data, &iv, &app, made + 10, 60).unwrap();
        assert_eq!(value, expected, "{id}");
        let iv_bytes = base64.decode(&iv).unwrap().try_into().unwrap();
        assert_eq!(encrypt(&key, iv_bytes, plain.as_bytes()).unwrap(), encrypted_data, "{id}");

        let other = AppId::new("wx0000000000000000");
        assert_eq!(decrypt(&key, &encrypted_data, &iv, &other, made, 60).unwrap_err().reason(), Reason::AppId, "{id}");
    }
}

const APP: &str = "wx2222222222222222";
const KEY: &str = "tiihtNczf5v6AKRyjwEUhQ==";
const IV: &str = "AAAAAAAAAAAAAAAAAAAAAA==";
const NOW: i64 = 1_700_000_000;

fn sealed(plain: &Value) -> String {
    encrypt(&KEY.into(), [0; 16], plain.to_string().as_bytes()).unwrap()
}

fn opened(data: &str, now_s: i64, max_age_s: i64) -> Result<Value, Reason> {
    decrypt(&KEY.into(), data, IV, &APP.into(), now_s, max_age_s).map_err(|error| {
        assert_eq!(error.to_string(), "the encrypted user data was refused");
        error.reason()
    })
}

#[test]
fn the_watermark_decides_for_how_long_it_counts() {
    let data = sealed(&json!({"phoneNumber": "13800138000", "watermark": {"appid": APP, "timestamp": NOW}}));
    for (now, max_age, fresh) in [
        (NOW, 0, true),
        (NOW + 300, 300, true),
        (NOW + 301, 300, false),
        (NOW - 300, 300, true),
        (NOW - 301, 300, false),
        (NOW + 1, -5, false),
        (i64::MIN, i64::MAX, false),
        (i64::MAX, i64::MAX, true),
    ] {
        let expected = if fresh { None } else { Some(Reason::Age) };
        assert_eq!(opened(&data, now, max_age).err(), expected, "{now} {max_age}");
    }
}

#[test]
fn a_missing_or_foreign_watermark_is_refused() {
    for (watermark, reason) in [
        (json!({"phoneNumber": "1"}), Reason::Watermark),
        (json!({"watermark": null}), Reason::Watermark),
        (json!({"watermark": {"timestamp": NOW}}), Reason::Watermark),
        (json!({"watermark": {"appid": APP}}), Reason::Watermark),
        (json!({"watermark": {"appid": APP, "timestamp": "soon"}}), Reason::Watermark),
        (json!({"watermark": {"appid": "", "timestamp": NOW}}), Reason::AppId),
        (json!({"watermark": {"appid": "wx2222222222222223", "timestamp": NOW}}), Reason::AppId),
        (json!(["watermark"]), Reason::Watermark),
    ] {
        assert_eq!(opened(&sealed(&watermark), NOW, 60), Err(reason), "{watermark}");
    }
    let nobody = sealed(&json!({"watermark": {"appid": "", "timestamp": NOW}}));
    assert_eq!(
        decrypt(&KEY.into(), &nobody, IV, &"".into(), NOW, 60).unwrap_err().reason(),
        Reason::AppId,
        "an account without appid receives nothing"
    );
}

#[test]
fn the_time_may_be_written_as_text_and_unknown_fields_stay() {
    let plain = json!({"new": [1, {"x": null}], "watermark": {"appid": APP, "timestamp": NOW.to_string(), "y": 1}});
    assert_eq!(opened(&sealed(&plain), NOW, 60), Ok(plain));
}

#[test]
fn what_is_no_user_data_at_all() {
    let data = sealed(&json!({"watermark": {"appid": APP, "timestamp": NOW}}));
    let with = |key: &str, data: &str, iv: &str| {
        decrypt(&key.into(), data, iv, &APP.into(), NOW, 60).map(|_| ()).unwrap_err().reason()
    };
    assert_eq!(with("", &data, IV), Reason::SessionKey);
    assert_eq!(with("AAAA", &data, IV), Reason::SessionKey);
    assert_eq!(with("no base64!", &data, IV), Reason::SessionKey);
    assert_eq!(with(KEY, &data, ""), Reason::Iv);
    assert_eq!(with(KEY, &data, "AAAA"), Reason::Iv);
    assert_eq!(with(KEY, "", IV), Reason::Data);
    assert_eq!(with(KEY, "no base64!", IV), Reason::Data);
    assert_eq!(with(KEY, "AAAA", IV), Reason::Data);
    assert_eq!(with("HyVFkGl5F5OQWJZZaNzBBg==", &data, IV), Reason::Fill);
    for plain in [&b""[..], b"hello", b"\xff\xfe", b"{\"watermark\":{\"appid\":\"\xff\"}}"] {
        assert_eq!(with(KEY, &encrypt(&KEY.into(), [0; 16], plain).unwrap(), IV), Reason::Json, "{plain:?}");
    }
    assert_eq!(encrypt(&"AAAA".into(), [0; 16], b"x").unwrap_err().reason(), Reason::SessionKey);
}

proptest! {
    #[test]
    fn what_was_encrypted_is_decrypted(nickname in ".{0,60}", iv: [u8; 16], age in 0_i64..=300) {
        use base64::Engine as _;
        let plain = json!({"nickName": nickname, "watermark": {"appid": APP, "timestamp": NOW}});
        let data = encrypt(&KEY.into(), iv, plain.to_string().as_bytes()).unwrap();
        let iv = base64::engine::general_purpose::STANDARD.encode(iv);
        prop_assert_eq!(decrypt(&KEY.into(), &data, &iv, &APP.into(), NOW + age, 300).unwrap(), plain);
    }

    #[test]
    fn another_key_does_not_decrypt_it(key: [u8; 16]) {
        use base64::Engine as _;
        let key = base64::engine::general_purpose::STANDARD.encode(key);
        prop_assume!(key != KEY);
        let data = sealed(&json!({"watermark": {"appid": APP, "timestamp": NOW}}));
        prop_assert!(decrypt(&key.into(), &data, IV, &APP.into(), NOW, 60).is_err());
    }
}
